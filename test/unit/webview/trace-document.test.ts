import { describe, expect, it } from 'vitest';
import {
  endTurn,
  hearText,
  openDocument,
  speakingTurn,
  type TraceDocument,
  wasSeen,
} from '../../../webview/trace/model/trace-document';
import { ANSWER, documentOf, drawing, shownOf } from './documents';

const ended = (text: string) => ({ text, finish: 'stop' as const, tokens: 3, seconds: 1 });
const outline = ({ turns, images }: TraceDocument) => ({
  texts: turns.map(({ text, finish }) => [text, finish]),
  images: images.map(({ number, base, turn }) => [number, base, turn]),
});

describe('a trace as it is shown', () => {
  it('has the images of its last turn too, which the model was not shown', () => {
    const document = documentOf([drawing([1, 'a']), drawing([2, 'b'])]);
    expect(outline(document).images).toEqual([
      [1, null, null],
      [2, 1, 0],
      [3, 2, 1],
    ]);
    expect(document.images.map((image) => wasSeen(document, image))).toEqual([true, true, false]);
  });

  it('is null for a line of a file that is no trace', () => {
    expect(openDocument({ ...shownOf([]), trace: null })).toBe(null);
  });

  it('takes from the host the findings about the file, and about turns those that the texts do not give', () => {
    const text = drawing([7, 'a']);
    const own = documentOf([text, ANSWER]).turns[0]?.findings[0];
    const span = own?.span ?? { start: 0, end: 0 };
    const document = documentOf([text, ANSWER], {
      findings: [
        { code: 'no-such-image', severity: 'error', message: 'As the file says.', turn: 0, span },
        { code: 'derived-differs', severity: 'warning', message: 'Another answer.', path: 'answer' },
        { code: 'elsewhere', severity: 'warning', message: 'About the turn.', turn: 0 },
      ],
    });
    expect(document.findings.map(({ message }) => message)).toEqual(['Another answer.']);
    expect(document.turns[0]?.findings.map(({ code }) => code)).toEqual(['no-such-image', 'elsewhere']);
  });
});

describe('a turn that is being said', () => {
  it('grows with its text, and its images come as soon as its block can be read', () => {
    const text = drawing([1, 'a']);
    let document = documentOf([]);
    const seen = new Set<number>();
    for (const character of text) {
      document = hearText(document, character);
      seen.add(document.images.length);
      if (document.images.length === 2 && !document.turns[0]?.text.includes(']\n')) {
        expect(document.turns[0]?.text.endsWith('}]')).toBe(true);
      }
    }
    expect([...seen]).toEqual([1, 2]);
    expect(speakingTurn(document)?.text).toBe(text);
  });

  it('is at any time what the whole text so far gives at once', () => {
    const text = drawing([1, 'a'], [1, 'b']);
    let grown = documentOf([ANSWER]);
    for (let at = 0; at < text.length; at += 7) grown = hearText(grown, text.slice(at, at + 7));
    expect(outline(grown)).toEqual(outline(documentOf([ANSWER], { speaking: text })));
  });

  it('is over with the text that the host gives, even if that is another', () => {
    const document = endTurn(hearText(documentOf([]), 'Hm'), ended(drawing([1, 'a'])));
    expect(outline(document)).toEqual({
      texts: [[drawing([1, 'a']), 'stop']],
      images: [
        [1, null, null],
        [2, 1, 0],
      ],
    });
  });

  it('may come at once, without a word of it before', () => {
    const document = endTurn(endTurn(documentOf([]), ended(drawing([1, 'a']))), ended(ANSWER));
    expect(document.turns.map(({ number, finish }) => [number, finish])).toEqual([
      [0, 'stop'],
      [1, 'stop'],
    ]);
  });

  it('has no findings that its end may settle, but those of blocks that are closed', () => {
    const bad = '<think> a </think> Action: Object Mapper\n```json\n[{"index": 1}]\n';
    expect(documentOf([], { speaking: bad }).turns[0]?.findings).toEqual([]);
    const closed = documentOf([], { speaking: `${bad}\`\`\`` });
    expect(closed.turns[0]?.findings.map(({ code }) => code)).toEqual(['missing-key']);
  });

  it('keeps what turns before it were read as', () => {
    const before = documentOf([drawing([1, 'a'])]);
    const after = hearText(before, '<think>');
    expect(after.turns[0]).toBe(before.turns[0]);
    expect(after.images[1]).toBe(before.images[1]);
  });
});
