import { describe, expect, it } from 'vitest';
import { countShapes } from '../../../webview/trace/model/counts';
import {
  baseName,
  formatCoordinates,
  formatNumber,
  formatSeconds,
} from '../../../webview/trace/model/numbers';
import {
  describeEnd,
  describeFinish,
  describeModel,
  describeRun,
} from '../../../webview/trace/model/run-words';
import { describePosition, describeShape, whyNoTrace } from '../../../webview/trace/model/words';

describe('in words', () => {
  it('are counts', () => {
    expect([countShapes(1), countShapes(2000)]).toEqual(['1 shape', '2,000 shapes']);
  });

  it('are numbers of any size', () => {
    expect([3, -3.1449, 1e308, 12345678, 0.001].map(formatNumber)).toEqual([
      '3',
      '-3.14',
      '1.00e+308',
      '1.23e+7',
      '0',
    ]);
  });

  it('are the coordinates of boxes and lines', () => {
    expect(formatCoordinates({ index: 1, bbox_2d: [1, 2, 3, 4], label: '' })).toBe('1, 2, 3, 4');
    const line = { index: 1, start_point_2d: [1, 2], end_point_2d: [3, 4], label: '' } as const;
    expect(formatCoordinates(line)).toBe('1, 2 → 3, 4');
  });

  it('are shapes', () => {
    const shape = {
      id: '1.0',
      drawing: { index: 1, start_point_2d: [1, 2], end_point_2d: [3, 4], label: 'way' },
      number: 2,
      colour: { name: 'black', colour: [0, 0, 0] },
      turn: 1,
      fresh: true,
      ghost: false,
    } as const;
    expect(describeShape(shape)).toBe('2, way, line, from 1, 2 to 3, 4, drawn in turn 2');
  });

  it('are places, on the file too where that has another size', () => {
    const size = { width: 100, height: 100 };
    expect(describePosition([3.9, -0.2], size, size)).toBe('model 3, -1');
    expect(describePosition([3.9, 2], size, { width: 200, height: 50 })).toBe('model 3, 2 · file 7, 1');
    expect(describePosition([3, 2], size, null)).toBe('model 3, 2');
  });

  it('are the states of a run and the ends of turns', () => {
    expect(describeRun({ state: 'queued', ahead: 0 })).toBe('Waiting: next in the queue');
    expect(describeRun({ state: 'queued', ahead: 2 })).toBe('Waiting: 2 runs ahead in the queue');
    expect([describeFinish('stop'), describeFinish('length')]).toEqual(['', 'out of tokens']);
  });

  it('are the ways a trace ends', () => {
    expect(describeEnd('stop', 'C')).toBe('');
    expect(describeEnd(null, null)).toBe('');
    expect(describeEnd('stop', null)).toBe('The last turn that was allowed gives no answer.');
    expect(describeEnd('IndexError', null)).toContain('an image that does not exist');
  });

  it('are what spoke, and how its tokens were drawn', () => {
    const run = {
      model: 'ViLaSR-7B',
      hash: null,
      provider: 'cpu',
      weights: null,
      profile: '',
      limits: { maxTurns: 1, maxImages: 1, maxTokens: 1, minPixels: 1, maxPixels: 1 },
      sampling: { temperature: 0.5, topP: 1, seed: 7 },
      drawing: true,
      startedAt: '',
      seconds: 1,
    };
    expect(describeModel(run)).toBe('ViLaSR-7B · cpu · seed 7');
    const greedy = { ...run, weights: 'int8', sampling: { ...run.sampling, temperature: 0 } };
    expect(describeModel(greedy)).toBe('ViLaSR-7B · cpu · int8 · greedy');
  });

  it('are the names of files, whichever system wrote the path', () => {
    expect(['/a/b.png', 'C:\\a\\b.png', 'b.png', ''].map(baseName)).toEqual(['b.png', 'b.png', 'b.png', '']);
  });

  it('are times', () => {
    expect([0.04, 9.96, 12.4, 125].map(formatSeconds)).toEqual(['0.0 s', '10.0 s', '12 s', '2 min 5 s']);
  });
});

it('says in short why there is no trace', () => {
  const why = (code: string) => whyNoTrace([{ code }]);
  expect(why('lost')).toBe('This run cannot be found.');
  expect(why('empty-file')).toBe('There is nothing here to show.');
  expect(why('unreadable')).toBe('The file cannot be read.');
  expect(why('bad-json')).toBe('This line of the file is no trace.');
});
