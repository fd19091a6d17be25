import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { EngineKeeper, type ModelOpener } from '../../../../src/host/model/engine-keeper';
import { prepareModel } from '../../../../src/host/model/prepare-model';
import { RunStore } from '../../../../src/host/run/run-store';
import type { Runs } from '../../../../src/host/run/runs';
import { formatAnswerTurn } from '../../../../src/trace/format-turn';
import { ended, mazeRequest, runsOf, scriptedOpener } from '../../../helpers/scripted-runs';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const answer = { text: formatAnswerTurn('It ends at B.', 'B'), tokenDelay: 5 };

let opened: number;
let keeper: EngineKeeper;
let runs: Runs;
let said: string[];
let opener: ModelOpener;
beforeEach(async () => {
  opened = 0;
  said = [];
  // Closing an engine is for ever: each time it is opened it is another one.
  opener = {
    ...{ name: 'scripted', key: 'scripted' },
    open: (onProgress, signal) => {
      opened++;
      return scriptedOpener([answer]).open(onProgress, signal);
    },
  };
  keeper = new EngineKeeper(() => Number.POSITIVE_INFINITY);
  runs = runsOf(opener, keeper, new RunStore(join(await temporaryFolder(), 'recent.traces.jsonl')));
});

const prepare = (source: 'server' | 'folder') =>
  prepareModel(
    { source },
    opener,
    { runs, keeper },
    {
      signal: new AbortController().signal,
      onProgress: (message) => said.push(message),
      onWaiting: () => said.push('Waiting'),
    },
  );

describe('a model that is chosen', () => {
  it('is asked anew where it is on a server: its key may be another one', async () => {
    await prepare('server');
    await prepare('server');
    expect(opened).toBe(2);
  });

  it('is left open where it is on this machine', async () => {
    await prepare('folder');
    await prepare('folder');
    expect(opened).toBe(1);
    expect(keeper.state).toBe('idle');
  });

  it('waits for the run that goes on, says so, and does not disturb it', async () => {
    const run = runs.start(mazeRequest);
    const done = prepare('server');
    expect(said).toEqual(['Waiting']);
    await ended(run);
    await done;
    expect(run.trace).toMatchObject({ finish: 'stop', answer: 'B' });
    expect(said).toEqual(['Waiting', 'Importing: 50 %']);
  });
});
