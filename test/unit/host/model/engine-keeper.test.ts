import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../../../src/engine/engine';
import { ScriptedEngine } from '../../../../src/engine/scripted-engine';
import { EngineKeeper, type ModelOpener, type OpenModel } from '../../../../src/host/model/engine-keeper';
import { defaultProfile } from '../../../../src/reason/default-profile';

const events: string[] = [];

/** Opens when told, and writes down when it is opened and closed. */
class Opener implements ModelOpener {
  private readonly waiting: ((error?: Error) => void)[] = [];

  /** @param name several keys may be of one model. */
  constructor(
    readonly key: string,
    readonly name = key,
  ) {}

  open(onProgress: (message: string) => void, signal: AbortSignal): Promise<OpenModel> {
    events.push(`open ${this.key}`);
    onProgress('half');
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new EngineError('cancelled', 'Cancelled.')));
      this.waiting.push((error) => (error === undefined ? resolve(this.model()) : reject(error)));
    });
  }

  finish(error?: Error): void {
    this.waiting.shift()?.(error);
  }

  private model(): OpenModel {
    const engine = new ScriptedEngine([]);
    const close = async () => void events.push(`close ${this.key}`);
    return { engine: Object.assign(engine, { close }), profile: defaultProfile };
  }
}

const MINUTE = 60_000;
let keeper: EngineKeeper;
let states: string[];
beforeEach(() => {
  vi.useFakeTimers();
  events.length = 0;
  keeper = new EngineKeeper(() => MINUTE);
  states = [keeper.state];
  keeper.changed.add(() => {
    if (states.at(-1) !== keeper.state) states.push(keeper.state);
  });
});
afterEach(() => void vi.useRealTimers());

/** A use that lasts until told. */
function use(opener: ModelOpener, signal = new AbortController().signal) {
  let end = () => {};
  const progress: string[] = [];
  const done = keeper.use(
    opener,
    { signal, onProgress: (message) => progress.push(message) },
    () => new Promise<void>((resolve) => (end = resolve)),
  );
  // It is looked at later.
  done.catch(() => {});
  return { done, end: () => end(), progress };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

it('opens a model with its first use, and unloads it when nobody used it for a while', async () => {
  const opener = new Opener('a');
  const first = use(opener);
  await settle();
  opener.finish();
  await settle();
  first.end();
  await first.done;
  await vi.advanceTimersByTimeAsync(MINUTE - 1);
  const second = use(opener);
  await settle();
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  second.end();
  await second.done;
  await vi.advanceTimersByTimeAsync(MINUTE - 1);
  expect(events).toEqual(['open a']);
  await vi.advanceTimersByTimeAsync(1);
  expect(events).toEqual(['open a', 'close a']);
  expect(states).toEqual(['unloaded', 'opening', 'running', 'idle', 'running', 'idle', 'unloaded']);
});

it('lets several use the same model at the same time', async () => {
  const opener = new Opener('a');
  const uses = [use(opener), use(opener)];
  await settle();
  opener.finish();
  await settle();
  for (const { end } of uses) end();
  await Promise.all(uses.map(({ done }) => done));
  expect(events).toEqual(['open a']);
});

it('closes one model before it opens another', async () => {
  const [a, b] = [new Opener('a'), new Opener('b')];
  const first = use(a);
  await settle();
  a.finish();
  await settle();
  first.end();
  await first.done;
  use(b);
  await settle();
  expect(events).toEqual(['open a', 'close a', 'open b']);
});

describe('a model that cannot be opened', () => {
  it('is tried again with the next use', async () => {
    const opener = new Opener('a');
    const first = use(opener);
    await settle();
    opener.finish(new EngineError('bad-model', 'No config.json.'));
    await expect(first.done).rejects.toThrow('No config.json.');
    expect(keeper.state).toBe('unloaded');
    use(opener);
    await settle();
    expect(events).toEqual(['open a', 'open a']);
  });

  it('since one user cancelled is opened again for the others', async () => {
    const opener = new Opener('a');
    const abort = new AbortController();
    const [first, second] = [use(opener, abort.signal), use(opener)];
    await settle();
    abort.abort();
    await expect(first.done).rejects.toThrow('Cancelled.');
    await settle();
    expect(events).toEqual(['open a', 'open a']);
    opener.finish();
    opener.finish();
    await settle();
    second.end();
    await second.done;
  });
});

it('is unloaded when told, and never by itself where the limit is infinite', async () => {
  keeper = new EngineKeeper(() => Number.POSITIVE_INFINITY);
  const opener = new Opener('a');
  const only = use(opener);
  await settle();
  opener.finish();
  await settle();
  only.end();
  await only.done;
  await vi.advanceTimersByTimeAsync(10_000 * MINUTE);
  expect(events).toEqual(['open a']);
  await keeper.unload();
  expect(events).toEqual(['open a', 'close a']);
  expect(keeper.state).toBe('unloaded');
});

it('tells the state of a model apart from that of another one, which is held', async () => {
  const [chosen, other] = [new Opener('chosen'), new Opener('other')];
  const { done, end } = use(other);
  await vi.advanceTimersByTimeAsync(0);
  expect([keeper.stateOf(chosen), keeper.stateOf(other)]).toEqual(['unloaded', 'opening']);
  other.finish();
  await vi.advanceTimersByTimeAsync(0);
  expect([keeper.stateOf(chosen), keeper.stateOf(other)]).toEqual(['unloaded', 'running']);
  end();
  await done;
  expect([keeper.stateOf(chosen), keeper.stateOf(other)]).toEqual(['unloaded', 'idle']);
});
