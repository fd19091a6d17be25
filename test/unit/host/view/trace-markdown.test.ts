import { expect, it } from 'vitest';
import { traceMarkdown } from '../../../../src/host/view/trace-markdown';
import { withDerived } from '../../../../src/trace/derive';
import { sampleTrace } from '../../trace/sample-trace';

it('tells a trace turn by turn', () => {
  expect(traceMarkdown(sampleTrace)).toBe(`# Where does the path end?

- A. here
- B. there

1. \`images/maze-7.png\`

## Turn 1: Object Mapper

> I mark the start.

| image | drawing | label | model-space pixels |
|---|---|---|---|
| 1 | box | start | (1, 2, 30, 40) |

## Turn 2: Object Mapper

> Too small.

| image | drawing | label | model-space pixels |
|---|---|---|---|
| 2 | box | start | (1, 2, 50, 60) |
| 1 | line | right | (5, 5) to (90, 5) |

## Turn 3: Answer

> It ends at B.

**B**

## Outcome

- Answer: B
- Right answer: B
- Ended: stop
- Model: tiny (cpu), 4.5 s
`);
});

it('lets nothing that was said become markup', () => {
  const text =
    '<think> <img src=x onerror=alert(1)> [link](javascript:1)\n# title\n- item </think> nothing more ``` here';
  const trace = withDerived({
    ...sampleTrace,
    question: '# <b>?</b> | `x`\n2. second line',
    images: [{ path: 'a ``b`.png', file: null, model: null }],
    turns: [{ text, finish: 'stop', tokens: null, seconds: null }],
    finish: 'ToolError',
    error: null,
  });
  const lines = traceMarkdown(trace).split('\n');
  expect(lines[0]).toBe('# \\# \\<b\\>?\\</b\\> \\| \\`x\\` 2. second line');
  expect(lines).toContain('1. ```a ``b`.png```');
  expect(lines).toContain('> \\<img src=x onerror=alert(1)\\> \\[link\\](javascript:1)');
  expect(lines).toContain('> \\# title');
  expect(lines).toContain('> \\- item');
});

it('shows a turn that holds to no form as it was said, in a fence that it cannot close', () => {
  const text = 'no form\n````\n# heading';
  const trace = withDerived({
    ...sampleTrace,
    turns: [{ text, finish: 'stop', tokens: null, seconds: null }],
  });
  expect(traceMarkdown(trace)).toContain('## Turn 1\n\n`````text\nno form\n````\n# heading\n`````\n');
});
