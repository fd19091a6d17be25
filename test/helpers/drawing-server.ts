import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { formatAnswerTurn, formatDrawingTurn } from '../../src/trace/format-turn';
import { type Answer, json, say } from './chat-server';

const askedSchema = v.object({ seed: v.number(), messages: v.array(v.object({ role: v.string() })) });

/** Which candidate asks, and for which of its turns, from 0: turn `k` asks with the candidate's seed and `k` more. */
export function askedOf(body: unknown): { readonly seed: number; readonly turn: number } {
  const { seed, messages } = v.parse(askedSchema, body);
  const turn = messages.filter(({ role }) => role === 'assistant').length;
  return { seed: seed - turn, turn };
}

/**
 * Says to each candidate what only its seed decides, after a few milliseconds: one box or two in as many turns, and an
 * answer. One of eight it refuses, as too long.
 */
export const draws =
  (pause = 4): Answer =>
  async (response, request) => {
    const { seed, turn } = askedOf(request.body);
    const [kind = 0, left = 0, top = 0] = createHash('sha256').update(String(seed)).digest();
    await sleep((pause * left) / 128);
    if (kind % 8 === 0)
      return json({ error: { message: 'It exceeds the context size.' } }, 400)(response, request);
    const box = [left % 40, top % 40, 50 + turn, 60] as const;
    const turns = 1 + (kind % 2);
    const text =
      turn < turns
        ? formatDrawingTurn(`I look ${turn}.`, [{ index: 1, bbox_2d: [...box], label: `${turn}` }])
        : formatAnswerTurn('So it is.', 'ABCD'[kind % 4] ?? '');
    return say(text)(response, request);
  };
