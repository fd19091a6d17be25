import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScanner } from '../../../../src/dataset/source/scan-items';
import type { FileFault, ItemForm } from '../../../../src/dataset/source/scanner';

interface Scanned {
  readonly items: readonly string[];
  /** The 1-based line in which each begins. */
  readonly lines: readonly number[];
  readonly fault: FileFault | null;
}

/** Scans a file that comes in pieces of `sizes` bytes, over and over. */
function scan(
  content: string | Uint8Array,
  sizes: readonly number[] = [1 << 20],
  form: ItemForm = 'any',
): Scanned {
  const bytes = Buffer.from(content);
  const items: string[] = [];
  const lines: number[] = [];
  const scanner = createScanner(form, (start, end, line) => {
    items.push(bytes.toString('utf8', start, end));
    lines.push(line);
  });
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + (sizes[i % sizes.length] ?? 1);
    if (!scanner.push(bytes.subarray(at, end))) break;
    at = end;
  }
  return { items, lines, fault: scanner.end() };
}

describe('JSON lines', () => {
  it.each([
    ['with a line feed at the end', '{"a":1}\n{"b":2}\n'],
    ['without one', '{"a":1}\n{"b":2}'],
    ['with CRLF', '{"a":1}\r\n{"b":2}\r\n'],
    ['after a byte order mark', '\ufeff{"a":1}\n{"b":2}\n'],
    ['with white space round them', '  {"a":1}\t \n {"b":2}  '],
  ])('are items, %s', (_, content) => {
    expect(scan(content)).toEqual({ items: ['{"a":1}', '{"b":2}'], lines: [1, 2], fault: null });
  });

  it('may have blank lines between, which count as lines', () => {
    expect(scan('\n \r\n{"a":1}\n\n\t\n{"b":2}\n\n')).toMatchObject({
      items: ['{"a":1}', '{"b":2}'],
      lines: [3, 6],
    });
  });

  it('that are broken keep no other from being found', () => {
    const { items, fault } = scan('{"a":\n}}]\n"x\n{"b":2}');
    expect(items).toEqual(['{"a":', '}}]', '"x', '{"b":2}']);
    expect(fault).toBeNull();
  });

  it('are items as they are where every line counts', () => {
    const { items, lines } = scan(' {"a":1} \r\n\n{"b":2}', [3], 'exact-lines');
    expect(items).toEqual([' {"a":1} \r\n', '\n', '{"b":2}']);
    expect(lines).toEqual([1, 2, 3]);
  });
});

describe('the members of a JSON array', () => {
  it('are items, however they are laid out', () => {
    const content = '\ufeff\r\n[\n  {\n    "a": [1, {"b": "]}"}]\n  },\n\n  "x, y", null ,[], 12\r\n]\n';
    expect(scan(content)).toEqual({
      items: ['{\n    "a": [1, {"b": "]}"}]\n  }', '"x, y"', 'null', '[]', '12'],
      lines: [3, 7, 7, 7, 7],
      fault: null,
    });
  });

  it.each(['[]', ' [ ]\n', '\ufeff[\n]'])('may be none: %j', (content) => {
    expect(scan(content)).toEqual({ items: [], lines: [], fault: null });
  });

  it('may hold escaped quotes and backslashes', () => {
    expect(scan('["a\\"]", "b\\\\", {"c\\"}": "\\u0022"}]', [1]).items).toEqual([
      '"a\\"]"',
      '"b\\\\"',
      '{"c\\"}": "\\u0022"}',
    ]);
  });
});

describe('an array that is broken gives what stands before the fault, and says where that is', () => {
  it.each([
    [
      '[{"a":1}, {"b":',
      1,
      15,
      1,
      'The file ends before its JSON array does, within the item that begins at byte 10 in line 1.',
    ],
    ['[{"a":1}\n', 1, 9, 2, 'The file ends before its JSON array does.'],
    ['[{"a":1},\n{"b":2]}, 3]', 1, 16, 2, 'There is a ] where a } has to come first.'],
    ['[{"a":1},\n{"b":"c\n"}]', 1, 17, 2, 'A string is not closed before its line ends.'],
    ['[{"a":1}\n{"b":2}]', 1, 9, 2, 'A comma or the ] of the JSON array is missing here.'],
    ['[{"a":1},\n]', 1, 10, 2, 'An item of the JSON array is missing here.'],
    ['[{"a":1},,2]', 1, 9, 1, 'An item of the JSON array is missing here.'],
    ['[,1]', 0, 1, 1, 'An item of the JSON array is missing here.'],
    ['[1]\n\n[2]', 1, 5, 3, 'Something follows the end of the JSON array.'],
    ['[', 0, 1, 1, 'The file ends before its JSON array does.'],
  ])('%j', (content, count, byte, line, message) => {
    const { items, fault } = scan(content);
    expect(items).toHaveLength(count);
    expect(fault).toEqual({ byte, line, message });
    expect(scan(content, [1])).toEqual(scan(content));
  });

  it('is not followed deeper than JSON may be nested here', () => {
    const { items, fault } = scan(`[1, ${'['.repeat(5000)}`);
    expect(items).toEqual(['1']);
    expect(fault?.message).toBe('It is nested deeper than 1000 brackets.');
  });
});

it.each([
  ['\ufeff', []],
  ['', []],
  [' \n\n', []],
])('a file without anything has no items: %j', (content, items) => {
  expect(scan(content, [1])).toEqual({ items, lines: [], fault: null });
});

it('half a byte order mark is not swallowed', () => {
  for (const bytes of [[0xef], [0xef, 0xbb], [0xef, 0xbb, 0x7b, 0x7d]]) {
    const { items } = scan(Uint8Array.from(bytes), [1]);
    expect(items).toEqual([Buffer.from(bytes).toString('utf8')]);
  }
});

const LONG = process.env.VILASR_LONG === '1';
const runs = (count: number) => ({ seed: 41, numRuns: LONG ? count * 100 : count });
const pieces = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
const members = fc.array(
  fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc.string().map((text) => JSON.stringify(text)),
  ),
  {
    maxLength: 8,
  },
);
const space = fc.stringMatching(/^[ \t\r\n]{0,4}$/);

/** The line of each item in `content`, by looking for them one after the other. */
function linesOf(content: string, items: readonly string[]): number[] {
  let at = 0;
  return items.map((item) => {
    at = content.indexOf(item, at);
    const line = content.slice(0, at).split('\n').length;
    at += item.length;
    return line;
  });
}

describe('whatever the pieces in which a sound file comes', () => {
  it('an array gives the members that JSON.parse gives, with their lines', () => {
    fc.assert(
      fc.property(
        members,
        fc.array(space, { minLength: 20, maxLength: 20 }),
        fc.boolean(),
        pieces,
        (all, gaps, mark, sizes) => {
          const layout = all.map((member, i) => `${gaps[2 * i]}${member}${gaps[2 * i + 1]}`).join(',');
          const content = `${mark ? '\ufeff' : ''}${gaps[18]}[${layout}]${gaps[19]}`;
          const { items, lines, fault } = scan(content, sizes);
          expect(fault).toBeNull();
          expect(items).toEqual(all);
          expect(items.map((item) => JSON.parse(item))).toEqual(JSON.parse(content.replace('\ufeff', '')));
          expect(lines).toEqual(layoutLines(mark, gaps, all));
        },
      ),
      runs(300),
    );
  });

  it('an array that is pretty-printed does too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 3 }), { minLength: 1, maxLength: 6 }),
        pieces,
        (values, sizes) => {
          const content = JSON.stringify(values, null, 2);
          const { items, fault } = scan(content, sizes);
          expect(fault).toBeNull();
          expect(items.map((item) => JSON.parse(item))).toEqual(JSON.parse(content));
        },
      ),
      runs(300),
    );
  });

  it('lines give their values', () => {
    const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { maxLength: 8 });
    fc.assert(
      fc.property(
        objects,
        fc.constantFrom('\n', '\r\n', '\n\n', ' \n\t\n'),
        pieces,
        (values, ending, sizes) => {
          const all = values.map((value) => JSON.stringify(value));
          const content = all.map((line) => line + ending).join('');
          const { items, lines, fault } = scan(content, sizes);
          expect(fault).toBeNull();
          expect(items).toEqual(all);
          expect(lines).toEqual(linesOf(content, all));
        },
      ),
      runs(300),
    );
  });
});

/** The lines in which the members begin, counted from how the array was laid out. */
function layoutLines(mark: boolean, gaps: readonly string[], all: readonly string[]): number[] {
  let before = `${mark ? '\ufeff' : ''}${gaps[18]}[`;
  return all.map((member, i) => {
    before += gaps[2 * i];
    const line = before.split('\n').length;
    before += `${member}${gaps[2 * i + 1]},`;
    return line;
  });
}

it('any bytes at all give the same items in any pieces, in their order and apart', () => {
  const tokens = fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    '"',
    '\\',
    ',',
    '\n',
    ' ',
    '1',
    'null',
    'é',
    ':',
    '\ufeff',
  );
  fc.assert(
    fc.property(
      fc.array(tokens, { maxLength: 60 }).map((all) => all.join('')),
      pieces,
      (content, sizes) => {
        const whole = scan(content);
        expect(scan(content, sizes)).toEqual(whole);
        if (content.replace('\ufeff', '').trim() !== '' && whole.items.length === 0) {
          expect(whole.fault !== null || /^\ufeff?\s*\[\s*\]\s*$/.test(content)).toBe(true);
        }
      },
    ),
    runs(300),
  );
});
