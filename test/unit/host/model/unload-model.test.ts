import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { EngineKeeper } from '../../../../src/host/model/engine-keeper';
import { unloadModel } from '../../../../src/host/model/unload-model';
import { RunStore } from '../../../../src/host/run/run-store';
import type { Runs } from '../../../../src/host/run/runs';
import { formatAnswerTurn } from '../../../../src/trace/format-turn';
import { ended, mazeRequest, runsOf, scriptedOpener } from '../../../helpers/scripted-runs';
import { temporaryFolder } from '../../../helpers/temporary-folder';

let keeper: EngineKeeper;
let runs: Runs;
beforeEach(async () => {
  keeper = new EngineKeeper(() => Number.POSITIVE_INFINITY);
  const store = new RunStore(join(await temporaryFolder(), 'recent.traces.jsonl'));
  const answer = { text: formatAnswerTurn('It ends at B.', 'B'), tokenDelay: 5 };
  runs = runsOf(scriptedOpener([answer]), keeper, store);
});

const speaks = (run: ReturnType<Runs['start']>) =>
  new Promise<void>((resolve) => {
    run.events.add(({ type }) => {
      if (type === 'text') resolve();
    });
  });

describe('a model is unloaded', () => {
  it('without a question where nothing runs', async () => {
    await ended(runs.start(mazeRequest));
    expect(keeper.state).toBe('idle');
    await unloadModel({ runs, keeper }, async () => {
      throw new Error('nothing to ask');
    });
    expect(keeper.state).toBe('unloaded');
  });

  it('after its runs were stopped, which keep what was said', async () => {
    const [first, second] = [runs.start(mazeRequest), runs.start(mazeRequest)];
    await speaks(first);
    await unloadModel({ runs, keeper }, async () => true);
    expect(keeper.state).toBe('unloaded');
    expect(first.trace).toMatchObject({ finish: 'cancelled', turns: [{ finish: 'cancelled' }] });
    expect(second.trace).toMatchObject({ finish: 'cancelled', turns: [] });
  });

  it('not where its runs shall go on', async () => {
    const run = runs.start(mazeRequest);
    await speaks(run);
    await unloadModel({ runs, keeper }, async () => false);
    await ended(run);
    expect(run.trace).toMatchObject({ finish: 'stop', answer: 'B' });
    expect(keeper.state).toBe('idle');
  });
});
