import { expect, it } from 'vitest';
import { Sampling } from '../../../../src/host/sampling/sampling';
import { newPlan } from '../../../../src/host/sampling/set-plan';
import { EMPTY_TALLY } from '../../../../src/sample/tally';

const sampling = () => new Sampling(newPlan('/data/questions.jsonl', null), 'Bundled model');
const found = (candidates: number) => ({ tally: { ...EMPTY_TALLY, candidates }, failed: 1, total: 8 });

it('a set that has all its candidates is done, whenever it is looked at', () => {
  const whole = sampling();
  whole.look(found(8));
  expect([whole.activity.type, whole.total, whole.failed]).toEqual(['done', 8, 1]);
  const half = sampling();
  half.look(found(4));
  expect([half.activity.type, half.tally.candidates]).toEqual(['stopped', 4]);
});

it('a look that was overtaken says nothing', () => {
  const going = sampling();
  going.begin(16);
  going.look(found(8));
  expect([going.activity.type, going.total, going.tally.candidates]).toEqual(['running', 16, 0]);
  going.enter({ type: 'paused' });
  going.look(found(8));
  expect([going.activity.type, going.total]).toEqual(['paused', 16]);
});
