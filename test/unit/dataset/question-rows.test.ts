import { describe, expect, it } from 'vitest';
import { parseQuestionRows } from '../../../src/dataset/question-rows';

const ROW = {
  question: 'Which is nearer?',
  answer: 'B',
  image_path: ['a.png'],
  problem_type: 'multiple choice',
  options: ['A. left', 'B. right'],
  data_type: 'vqa',
  grid_size: null,
};

const parseOne = (changes: object) => parseQuestionRows(JSON.stringify({ ...ROW, ...changes }));
const fieldsOf = (changes: object) =>
  parseOne(changes).findings.map(({ field, message }) => `${field}: ${message}`);

describe('a row', () => {
  it('becomes a question with its gold and its image paths', () => {
    expect(parseOne({}).rows).toEqual([
      {
        line: 1,
        id: 'row-1',
        question: {
          text: 'Which is nearer?',
          options: ['A. left', 'B. right'],
          type: 'multiple-choice',
          gold: 'B',
          kind: 'single',
        },
        imagePaths: ['a.png'],
        gridSize: null,
      },
    ]);
  });

  it.each([
    ['multiple choice', 'multiple-choice'],
    ['Multiple Choice', 'multiple-choice'],
    ['numerical', 'numerical'],
    ['regression', 'numerical'],
    ['free-form', 'free-form'],
    ['vci', 'free-form'],
  ])('of problem_type %j is of type %s', (problem_type, type) =>
    expect(parseOne({ problem_type }).rows[0]?.question.type).toBe(type),
  );

  it('of a training file names its type question_type', () =>
    expect(parseOne({ problem_type: undefined, question_type: 'numerical' }).rows[0]?.question.type).toBe(
      'numerical',
    ));

  it.each([
    [{ data_type: 'video' }, 'video'],
    [{ data_type: 'spatial_r1' }, 'video'],
    [{ data_type: 'multi_view', image_path: ['a.png', 'b.png'] }, 'multi-view'],
    [{ data_type: null, image_path: ['a.png', 'b.png'] }, 'multi-view'],
    [{ data_type: 'maze' }, 'single'],
  ])('with %j has images of kind %s', (changes, kind) =>
    expect(parseOne(changes).rows[0]?.question.kind).toBe(kind),
  );

  it('may hold its images under images, no options, and a number as its answer', () => {
    const [row] = parseOne({ image_path: undefined, images: ['b.png'], options: null, answer: 4.5 }).rows;
    expect(row?.imagePaths).toEqual(['b.png']);
    expect(row?.question.options).toEqual([]);
    expect(row?.question.gold).toBe('4.5');
  });

  it('is named by question_id, else by id', () => {
    expect(parseOne({ question_id: 'mmsi.7', id: 3 }).rows[0]?.id).toBe('mmsi.7');
    expect(parseOne({ id: 3 }).rows[0]?.id).toBe('3');
  });

  it('keeps its grid size', () => expect(parseOne({ grid_size: 5 }).rows[0]?.gridSize).toBe(5));
});

describe('what is wrong with a row is a finding that names the field', () => {
  it.each([
    ['question: it is missing', { question: undefined }],
    ['question: it is empty', { question: '' }],
    ['answer: it is missing', { answer: undefined }],
    ['answer: it is no string with something in it, nor a number', { answer: ['B'] }],
    ['image_path: it is missing', { image_path: undefined }],
    ['image_path: it is empty', { image_path: [] }],
    ['image_path: it is no list', { image_path: 'a.png' }],
    ['image_path[1]: it is no string', { image_path: ['a.png', 7] }],
    ['problem_type: it is missing', { problem_type: undefined }],
    [
      'problem_type: it is none of multiple choice, numerical, regression, free form, vci',
      { problem_type: 'essay' },
    ],
    ['options: it is no list', { options: { A: 'left' } }],
    ['grid_size: it is not whole', { grid_size: 2.5 }],
  ])('%s', (finding, changes) => expect(fieldsOf(changes)).toEqual([finding]));
});

describe('a file', () => {
  const row = (id: string) => JSON.stringify({ ...ROW, id });

  it('is a row a line, empty lines between, with or without a line end at its end', () => {
    const { rows, findings } = parseQuestionRows(`${row('a')}\n\n${row('b')}\r\n${row('c')}`);
    expect(rows.map(({ id, line }) => [id, line])).toEqual([
      ['a', 1],
      ['b', 3],
      ['c', 4],
    ]);
    expect(findings).toEqual([]);
  });

  it('or a JSON array, whose rows are named by the line they begin in', () => {
    const { rows } = parseQuestionRows(`\ufeff[\n  ${row('a')},\n  {\n    "id": "b",${row('b').slice(1)}\n]`);
    expect(rows.map(({ id, line }) => [id, line])).toEqual([
      ['a', 2],
      ['b', 3],
    ]);
  });

  it('that is broken in one line is read in the others', () => {
    const { rows, findings } = parseQuestionRows(`${row('a')}\n{"question": oops}\n${row('b')}`);
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(findings).toEqual([
      { line: 2, field: null, message: 'it is not JSON (this is no value at column 14)' },
    ]);
  });

  it('that is a broken array says in which line', () =>
    expect(parseQuestionRows(`[\n${row('a')},\n{"id" 3}]`).findings).toEqual([
      { line: 3, field: null, message: 'it is not JSON (a colon is missing at column 7)' },
    ]));

  it('in which two rows have one name is refused at the second', () =>
    expect(parseQuestionRows(`${row('a')}\n${row('a')}`).findings).toEqual([
      { line: 2, field: 'question_id', message: 'it is that of line 1 too' },
    ]));

  it.each(['', '\n \n', '[]'])('%j without rows says so', (content) =>
    expect(parseQuestionRows(content).findings).toEqual([
      { line: 1, field: null, message: 'the file holds no rows' },
    ]),
  );

  it.each(['7', '"row"', 'null', '[true]'])('%s whose row is no object says so', (content) =>
    expect(parseQuestionRows(content).findings.map(({ message }) => message)).toEqual(['it is no object']),
  );

  it('nested too deep is refused without a crash', () =>
    expect(parseQuestionRows('['.repeat(200_000)).findings.map(({ message }) => message)).toEqual([
      'it is nested deeper than 1000 brackets',
    ]));
});
