import { describe, expect, it } from 'vitest';
import { defaultProfile } from '../../../src/reason/default-profile';
import { ProfileError, profileHash, readProfile } from '../../../src/reason/profile';

const json = () => JSON.parse(JSON.stringify(defaultProfile));
const problem = (profile: unknown): string => {
  try {
    readProfile(JSON.stringify(profile), 'house.json');
  } catch (error) {
    if (error instanceof ProfileError) return error.message;
    throw error;
  }
  return 'none';
};

describe('a prompt profile', () => {
  it('is read from the JSON it is written as; the default one is a profile', () => {
    expect(readProfile(JSON.stringify(defaultProfile), 'default')).toEqual(defaultProfile);
  });

  it('has a hash of what it says, not of how its file is laid out', () => {
    const reversed = Object.fromEntries(Object.entries(json()).reverse());
    expect(profileHash(readProfile(JSON.stringify(reversed, null, 4), 'a'))).toBe(
      profileHash(defaultProfile),
    );
    expect(profileHash({ ...defaultProfile, system: 'x' })).not.toBe(profileHash(defaultProfile));
    expect(profileHash(defaultProfile)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('names the tools, keys and tags of the protocol in its default words', () => {
    for (const word of [
      'Object Mapper',
      'Path Tracer',
      'Action: Answer',
      '"index"',
      '"bbox_2d"',
      '"start_point_2d"',
      '"end_point_2d"',
      '"label"',
      '<think>',
      '</think>',
      '<answer>',
      '</answer>',
      '```json',
    ]) {
      expect(defaultProfile.system).toContain(word);
    }
  });
});

describe('a profile that cannot be used is refused in words', () => {
  it('that name the file and the field', () => {
    const profile = json();
    profile.system = 'It is {wide} wide.';
    profile.drawn.one = '{message}';
    const message = problem(profile);
    expect(message).toContain('house.json');
    expect(message).toContain('system: unknown placeholder {wide}; known here: {width}, {height}');
    expect(message).toContain('drawn.one: placeholder {image} is missing');
  });

  it.each<[string, (profile: ReturnType<typeof json>) => void, string]>([
    [
      'a lone brace',
      (p) => {
        p.system = 'a { b';
      },
      'system: a lone "{"',
    ],
    [
      'an image twice',
      (p) => {
        p.drawn.earlier = '{image}{image}';
      },
      '{image} stands there more than once',
    ],
    [
      'a placeholder where there are none',
      (p) => {
        p.question.instructions.numerical = '{width}';
      },
      'known here: none',
    ],
    [
      'a missing field',
      (p) => {
        delete p.drawn.final;
      },
      'drawn.final',
    ],
    [
      'a field it does not know',
      (p) => {
        p.drwan = {};
      },
      'drwan',
    ],
    [
      'another version',
      (p) => {
        p.format = 'vilasr.profile/2';
      },
      'format',
    ],
  ])('%s', (_, change, words) => {
    const profile = json();
    change(profile);
    expect(problem(profile)).toContain(words);
  });

  it('also where it is not JSON', () => {
    expect(() => readProfile('{', 'x.json')).toThrow(/^x\.json is not JSON/);
  });
});
