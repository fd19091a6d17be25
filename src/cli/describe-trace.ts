import { isLine, isUnpainted } from '../trace/drawing';
import type { LineageImage } from '../trace/lineage';
import type { Trace } from '../trace/trace';

/** `3 boxes and 1 line` */
export function countDrawings(drawn: LineageImage['drawn']): string {
  const lines = drawn.filter(isLine).length;
  const boxes = drawn.filter((drawing) => !isLine(drawing) && !isUnpainted(drawing)).length;
  const parts = [
    ...(boxes > 0 ? [plural(boxes, 'box', 'boxes')] : []),
    ...(lines > 0 ? [plural(lines, 'line')] : []),
  ];
  return parts.join(' and ') || 'nothing';
}

/** `1 turn`, `2 turns` */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Whether the model answered, as opposed to being stopped. */
export function isAnswered({ finish, answer }: Trace): boolean {
  return finish === 'stop' && answer !== null;
}

/** Why a trace that is not answered ended, as a sentence. */
export function explainFinish({ finish, error, turns, run }: Trace): string {
  const limit = (name: 'maxTurns' | 'maxImages' | 'maxTokens') => run?.limits[name] ?? 0;
  switch (finish) {
    case 'length':
      return `The last turn reached its limit of ${plural(limit('maxTokens'), 'token')} (--max-tokens).`;
    case 'ToolError':
      return 'The last turn neither draws nor answers.';
    case 'ToolGenError':
      return 'A drawing of the last turn cannot be carried out.';
    case 'IndexError':
      return 'The last turn draws on an image that does not exist.';
    case 'TooManyImages':
      return (
        error ?? `The last turn draws, but there are ${limit('maxImages')} images already (--max-images).`
      );
    case 'cancelled':
      return `Cancelled${turns.length > 0 ? ` in turn ${turns.length}` : ''}.`;
    case 'failed':
      return error ?? 'The engine failed.';
    default:
      return `The model did not answer within ${plural(limit('maxTurns'), 'turn')} (--max-turns).`;
  }
}
