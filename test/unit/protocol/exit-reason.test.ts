import { totalmem } from 'node:os';
import { describe, expect, test } from 'vitest';
import { type Ending, explainEnding } from '../../../src/protocol/exit-reason';

const ending = (known: Partial<Ending>) =>
  explainEnding({
    name: 'the engine',
    code: null,
    signal: null,
    stderr: '',
    memory: 0,
    systemRanOut: false,
    ...known,
  });

describe('the end of a child process is explained', () => {
  test('as a kill where nothing speaks for want of memory', () => {
    expect(ending({ signal: 'SIGKILL', memory: 1e8 })).toMatchObject({
      kind: 'killed',
      message: 'the engine was killed (SIGKILL)',
    });
  });

  test('as want of memory where the system ended a process for it meanwhile', () => {
    expect(ending({ signal: 'SIGKILL', memory: 2e9, systemRanOut: true })).toMatchObject({
      kind: 'out-of-memory',
      message: expect.stringMatching(
        /^the engine was ended by the system, which ran out of memory \(it used 2\.0 GB of \d+\.\d GB\)$/,
      ),
    });
  });

  test('as want of memory where it used nearly all there is', () => {
    expect(ending({ signal: 'SIGKILL', memory: totalmem() * 0.95 })).toMatchObject({ kind: 'out-of-memory' });
  });

  test.each([
    'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
    "terminate called after throwing an instance of 'std::bad_alloc'",
    'RangeError: Array buffer allocation failed',
  ])('as want of memory by its words: %s', (stderr) => {
    expect(ending({ signal: 'SIGABRT', stderr })).toMatchObject({
      kind: 'out-of-memory',
      message: 'the engine ran out of memory',
    });
  });

  test('as want of memory by the exit codes of Windows', () => {
    expect(ending({ code: 0xc0000017 }).kind).toBe('out-of-memory');
    expect(ending({ code: 0xc000012d }).kind).toBe('out-of-memory');
  });

  test('as a crash by a signal it brought on itself, or an exit code, in hexadecimal where Windows counts so', () => {
    expect(ending({ signal: 'SIGSEGV' }).message).toBe('the engine crashed (SIGSEGV)');
    expect(ending({ code: 9, stderr: 'oh no\n' }).message).toBe(
      'the engine crashed (exit code 9); its last words:\noh no',
    );
    expect(ending({ code: 0xc0000005 }).message).toBe('the engine crashed (exit code 0xc0000005)');
  });
});
