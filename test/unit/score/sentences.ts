import type { Scored } from '../../../src/score/score';
import type { Box, Line } from '../../../src/trace/drawing';

/** Turns that draw and answer, in as few words as a test needs. */
export const box = (label: string, bbox_2d: Box['bbox_2d'], index = 1): Box => ({ index, bbox_2d, label });
export const line = (label: string, [x1, y1, x2, y2]: Box['bbox_2d'], index = 1): Line => ({
  ...{ index, start_point_2d: [x1, y1], end_point_2d: [x2, y2], label },
});

export const draws = (drawings: readonly (Box | Line)[], think = 'I look.') => ({
  text: `<think> ${think} </think> Action: Object Mapper\n\`\`\`json\n${JSON.stringify(drawings)}\n\`\`\``,
});

export const answers = (answer: string, think = 'So it is.') => ({
  text: `<think> ${think} </think> Action: Answer\n<answer> ${answer} </answer>`,
});

/** A question of multiple choice about one image, whose right answer is A. */
export function scored(turns: readonly { readonly text: string }[], more: Partial<Scored> = {}): Scored {
  const said = turns.flatMap(({ text }) => [
    { role: 'user', content: '' },
    { role: 'assistant', content: text },
  ]);
  return {
    messages: [{ role: 'system', content: '' }, ...said],
    ...{ inputs: 1, turns, type: 'multiple-choice', upstreamType: 'multiple choice', options: [], gold: 'A' },
    ...more,
  };
}
