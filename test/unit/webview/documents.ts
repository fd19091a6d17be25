import type { ShownTrace, ViewState } from '../../../src/view/trace-view';
import { openDocument, type TraceDocument } from '../../../webview/trace/model/trace-document';

/** What the host shows of a run or a file, of these texts, with one input image unless there are more. */
export function shownOf(turns: readonly string[], more: Partial<ShownTrace> = {}, inputs = 1): ShownTrace {
  const size = { width: 100, height: 80 };
  return {
    trace: {
      format: 'vilasr.trace/1',
      id: 'one',
      question: 'Where?',
      options: [],
      type: 'free-form',
      gold: null,
      kind: 'single',
      images: Array.from({ length: inputs }, (_, i) => ({ path: `${i}.png`, file: size, model: size })),
      turns: turns.map((text) => ({ text, finish: 'stop', tokens: null, seconds: null })),
      finish: null,
      error: null,
      run: null,
      source: null,
    },
    key: 'one',
    revision: 0,
    findings: [],
    edits: null,
    verdict: null,
    partVerdicts: [],
    speaking: null,
    correct: null,
    run: null,
    ...more,
  };
}

export function viewOf(shown: ShownTrace, more: Partial<ViewState> = {}): ViewState {
  const abilities = { cannotRun: null, save: false, locate: false };
  return { title: 'one', index: 0, count: 1, counting: false, shown, abilities, ...more };
}

export function documentOf(
  turns: readonly string[],
  more: Partial<ShownTrace> = {},
  inputs = 1,
): TraceDocument {
  const document = openDocument(shownOf(turns, more, inputs));
  if (document === null) throw new Error('There is a trace.');
  return document;
}

/** A turn that draws boxes: each is the image it is drawn on, its label, and where its left edge is. */
export function drawing(
  ...boxes: readonly (readonly [index: number, label: string, left?: number])[]
): string {
  const items = boxes.map(
    ([index, label, left = 1]) => `{"index": ${index}, "bbox_2d": [${left}, 2, 30, 40], "label": "${label}"}`,
  );
  return `<think> I draw. </think> Action: Object Mapper\n\`\`\`json\n[${items.join(', ')}]\n\`\`\``;
}

export const ANSWER = '<think> Done. </think> Action: Answer\n<answer> C </answer>';
