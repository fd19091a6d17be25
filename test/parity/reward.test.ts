import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { upstreamReward } from '../../src/score/upstream/reward';

interface Row {
  readonly messages: { readonly role: string; readonly content: string }[];
  readonly question_type: string;
  readonly gold: string;
  readonly accuracy: number;
  readonly format?: number;
  readonly reflection?: number;
  readonly overall?: number;
  readonly raises?: string;
}

/** See make_reward_golden.py. */
const { rows }: { rows: Row[] } = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, 'golden/reward.json.gz'))).toString(),
);

describe('the reward that ViLaSR was trained with', () => {
  it('is the same, bit for bit, as its own program computes', () => {
    const wrong = rows.filter((row) => {
      const { accuracy, format, reflection, overall, raises } = upstreamReward(
        row.messages,
        row.gold,
        row.question_type,
      );
      if (row.raises !== undefined) return raises === null || accuracy !== row.accuracy;
      const same = accuracy === row.accuracy && format === row.format && overall === row.overall;
      return !same || reflection !== row.reflection || raises !== null;
    });
    expect(wrong).toEqual([]);
  });

  it('is compared on dialogues of every outcome', () => {
    const has = (holds: (row: Row) => boolean) => rows.filter(holds).length;
    expect(has(({ format }) => format === 1)).toBeGreaterThan(200);
    expect(has(({ format }) => format === 0)).toBeGreaterThan(200);
    expect(has(({ reflection }) => reflection === 1)).toBeGreaterThan(50);
    expect(has(({ accuracy }) => accuracy > 0 && accuracy < 1)).toBeGreaterThan(50);
    expect(has(({ raises }) => raises !== undefined)).toBeGreaterThan(20);
  });
});
