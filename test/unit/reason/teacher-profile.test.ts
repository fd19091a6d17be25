import { expect, it } from 'vitest';
import { readProfile } from '../../../src/reason/profile';
import { renderSystem } from '../../../src/reason/render-prompt';
import { teacherProfile } from '../../../src/reason/teacher-profile';
import { parseTurn } from '../../../src/trace/parse-turn';

const system = renderSystem(teacherProfile, { width: 616, height: 448 });

it('is a prompt profile as a file may hold one', () => {
  expect(readProfile(JSON.stringify(teacherProfile), 'It')).toEqual(teacherProfile);
  expect(system).toContain('its bottom right corner is (616, 448)');
});

it('shows steps in the very form that is read: one action each, drawings that can be read, the answer alone', () => {
  const steps = [
    ...system.matchAll(/<think>.*?<\/think> Action: (?:[^\n]+)\n(?:```json\n.*?```|<answer>.*?<\/answer>)/gs),
  ];
  const parsed = steps.map(([text]) => parseTurn(text));
  expect(parsed.map(({ action }) => action)).toEqual(['Object Mapper', 'Path Tracer', 'Answer']);
  expect(parsed.map(({ drawings }) => drawings.length)).toEqual([1, 1, 0]);
  expect(parsed.map(({ answer }) => answer)).toEqual([null, null, 'B']);
  expect(parsed.flatMap(({ findings }) => findings)).toEqual([]);
});
