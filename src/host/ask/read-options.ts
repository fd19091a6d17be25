/** A question as it was typed, taken apart. */
export interface SplitQuestion {
  /** Without the options. */
  readonly text: string;
  /** As in `A. table`; empty where there are none. */
  readonly options: readonly string[];
}

/** One letter that may begin an option, and where. */
interface Mark {
  readonly letter: number;
  /** Where the mark begins. */
  readonly start: number;
  /** Where its text begins. */
  readonly end: number;
}

/** `A. `, `A) `, `A: ` or `(A) ` after white space, at the start of a line or after a mark of punctuation. */
const MARK = /(?<=^|[\s?!:;,.])(?:\(([A-Z])\)|([A-Z])[.):])[ \t]+(?=\S)/g;

/**
 * Takes the options off a question: `Which one? A. table B. chair`, on one line or on lines of their own. Options are two
 * or more letters in their order from A on, each with a text; a question that has none is given back as it is.
 */
export function readOptions(typed: string): SplitQuestion {
  const whole = { text: typed.trim(), options: [] };
  const marks = findMarks(typed);
  const first = marks[0];
  if (first === undefined || marks.length < 2) return whole;
  const text = typed.slice(0, first.start).trim();
  const options = marks.map(({ letter, end }, i) => {
    const content = typed.slice(end, marks[i + 1]?.start ?? typed.length);
    return { letter, content: content.trim().replace(/[;,]$/, '').replace(/\s+/g, ' ').trim() };
  });
  if (text === '' || options.some(({ content }) => content === '')) return whole;
  return {
    text,
    options: options.map(({ letter, content }) => `${String.fromCharCode(letter)}. ${content}`),
  };
}

/** The longest row of marks A, B, C, … that there is; of equal ones the last, which stands nearest to the end. */
function findMarks(typed: string): readonly Mark[] {
  const all = [...typed.matchAll(MARK)].map(
    (match): Mark => ({
      letter: (match[1] ?? match[2] ?? '').charCodeAt(0),
      start: match.index,
      end: match.index + match[0].length,
    }),
  );
  const rows = all.flatMap((mark, i) => (mark.letter === 0x41 ? [rowFrom(all.slice(i))] : []));
  return rows.reduce((best, row) => (row.length >= best.length ? row : best), []);
}

function rowFrom(marks: readonly Mark[]): readonly Mark[] {
  const row: Mark[] = [];
  for (const mark of marks) if (mark.letter === 0x41 + row.length) row.push(mark);
  return row;
}
