import { type Drawing, isLine } from './drawing';

/** The three actions of the protocol, as the model writes them after `Action: `. */
export type Action = 'Object Mapper' | 'Path Tracer' | 'Answer';

/**
 * The text of a turn that draws, in the form the model is taught: think text, the action, one fenced JSON list.
 * Boxes go by the Object Mapper, lines by the Path Tracer; a turn that has both is named by its first drawing.
 */
export function formatDrawingTurn(think: string, drawings: readonly [Drawing, ...Drawing[]]): string {
  const action: Action = isLine(drawings[0]) ? 'Path Tracer' : 'Object Mapper';
  return `<think> ${think} </think> Action: ${action}\n\`\`\`json\n[${drawings.map(formatDrawing).join(', ')}]\n\`\`\``;
}

/** The text of the turn that answers. */
export function formatAnswerTurn(think: string, answer: string): string {
  return `<think> ${think} </think> Action: Answer\n<answer> ${answer} </answer>`;
}

/** One drawing as the JSON object that the model writes: Python's spacing, keys in upstream's order. */
export function formatDrawing(drawing: Drawing): string {
  const label = `"label": ${formatLabel(drawing.label)}`;
  return isLine(drawing)
    ? `{"index": ${drawing.index}, "start_point_2d": ${list(drawing.start_point_2d)}, "end_point_2d": ${list(drawing.end_point_2d)}, ${label}}`
    : `{"index": ${drawing.index}, "bbox_2d": ${list(drawing.bbox_2d)}, ${label}}`;
}

const list = (numbers: readonly number[]): string => `[${numbers.join(', ')}]`;

/** JSON takes these as they are, but to Python the first three end a line and backticks may close the fence. */
const formatLabel = (label: string): string =>
  JSON.stringify(label).replace(
    /[\u0085\u2028\u2029`]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
