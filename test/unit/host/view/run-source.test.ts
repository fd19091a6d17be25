import { expect, it } from 'vitest';
import { Run } from '../../../../src/host/run/run';
import { readSettings } from '../../../../src/host/settings';
import { KeptSource, RunSource } from '../../../../src/host/view/run-source';
import type { SourceEvent } from '../../../../src/host/view/source';
import { parseTurn } from '../../../../src/trace/parse-turn';
import { sampleTrace } from '../../trace/sample-trace';

const settings = readSettings(
  () => undefined,
  () => {},
);
const newRun = () =>
  new Run({
    question: { text: 'Where?', options: [], type: 'multiple-choice', gold: 'B', kind: 'single' },
    files: ['/data/maze-7.png'],
    source: null,
    ...{ model: settings.model, limits: settings.limits, sampling: settings.sampling },
  });

it('passes on what happens in a run', async () => {
  const run = newRun();
  const source = new RunSource(run);
  const events: SourceEvent[] = [];
  source.events.add((event) => events.push(event));
  const [spoken] = sampleTrace.turns;
  if (spoken === undefined) throw new Error('the sample has turns');

  run.enter({ state: 'running' });
  run.hear({ type: 'text', turn: 0, text: 'A', tokens: 1 });
  expect((await source.state()).shown).toMatchObject({
    speaking: 'A',
    run: { state: 'running' },
    correct: null,
  });
  run.hear({ type: 'turn', turn: 0, spoken, parsed: parseTurn(spoken.text) });
  // The image that the turn has drawn is there before the next turn is.
  expect((await source.subject()).lineage.map(({ number }) => number)).toEqual([1, 2]);
  run.end(sampleTrace);
  expect((await source.state()).shown).toMatchObject({
    speaking: null,
    run: { state: 'ended' },
    correct: true,
  });
  source.dispose();
  run.hear({ type: 'text', turn: 1, text: 'never heard', tokens: 1 });
  expect(events.map(({ type }) => type)).toEqual(['run', 'text', 'turn', 'changed']);
});

it('shows a run that was kept', async () => {
  const source = new KeptSource(sampleTrace);
  const { title, shown } = await source.state();
  expect(title).toBe('maze-7.png');
  expect(shown).toMatchObject({ correct: true, run: null, trace: { id: 'maze-7' } });
  expect((await source.subject()).lineage).toHaveLength(4);
});
