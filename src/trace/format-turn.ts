import { type Drawing, isLine } from './drawing';
import { formatString, type Quote } from './python-string';

/** The three actions of the protocol, as the model writes them after `Action: `. */
export type Action = 'Object Mapper' | 'Path Tracer' | 'Answer';

/**
 * The text of a turn that draws, in the form the model is taught: think text, the action, one fenced JSON list.
 * Boxes go by the Object Mapper, lines by the Path Tracer; a turn that has both is named by its first drawing.
 */
export function formatDrawingTurn(think: string, drawings: readonly [Drawing, ...Drawing[]]): string {
  const action: Action = isLine(drawings[0]) ? 'Path Tracer' : 'Object Mapper';
  return `<think> ${think} </think> Action: ${action}\n\`\`\`json\n[${drawings.map((drawing) => formatDrawing(drawing)).join(', ')}]\n\`\`\``;
}

/** The text of the turn that answers. */
export function formatAnswerTurn(think: string, answer: string): string {
  return `<think> ${think} </think> Action: Answer\n<answer> ${answer} </answer>`;
}

/** One drawing as the object that the model writes: Python's spacing, keys in upstream's order, JSON in double quotes. */
export function formatDrawing(drawing: Drawing, quote: Quote = '"'): string {
  const entries: [key: string, value: string][] = isLine(drawing)
    ? [
        ['start_point_2d', list(drawing.start_point_2d)],
        ['end_point_2d', list(drawing.end_point_2d)],
      ]
    : [['bbox_2d', list(drawing.bbox_2d)]];
  const all = [['index', `${drawing.index}`], ...entries, ['label', formatString(drawing.label, quote)]];
  return `{${all.map(([key, value]) => `${quote}${key}${quote}: ${value}`).join(', ')}}`;
}

const list = (numbers: readonly number[]): string => `[${numbers.join(', ')}]`;
