import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import texts from '../../../package.nls.json';
import { readSettings, SETTINGS, type SettingName } from '../../../src/host/settings';

interface Contributed {
  readonly scope?: string;
  readonly type: string;
  readonly default: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const contributed = new Map<string, Contributed>(
  manifest.contributes.configuration.flatMap(({ properties }) => Object.entries(properties)),
);
const names = Object.keys(SETTINGS) as SettingName[];
const read = (values: Partial<Record<SettingName, unknown>>) => {
  const problems: string[] = [];
  const settings = readSettings(
    (name) => values[name],
    (name, problem) => problems.push(`${name}: ${problem}`),
  );
  return { settings, problems };
};

describe('the settings that are contributed', () => {
  it('are those that are read, with the same defaults', () => {
    expect([...contributed.keys()].sort()).toEqual(names.map((name) => `vilasr.${name}`).sort());
    for (const name of names)
      expect(contributed.get(`vilasr.${name}`)?.default).toEqual(SETTINGS[name].fallback);
  });

  it('are not taken from a folder that is not trusted where they say which model, server or program', () => {
    const ofThisMachine = [...contributed].filter(([, { scope }]) => scope === 'machine-overridable');
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect([...restrictedConfigurations].sort()).toEqual(ofThisMachine.map(([name]) => name).sort());
  });

  it('take no value that is not read', () => {
    for (const name of names) {
      const {
        enum: values = [],
        minimum,
        maximum,
      } = contributed.get(`vilasr.${name}`) ?? { type: '', default: null };
      for (const value of [...values, minimum, maximum].filter((one) => one !== undefined)) {
        expect(read({ [name]: value }).problems).toEqual([]);
      }
    }
  });

  it('each have a description', () => {
    expect(Object.keys(texts)).toEqual(expect.arrayContaining(names.map((name) => `setting.${name}`)));
  });
});

it('reads what was set', () => {
  const { settings, problems } = read({
    'model.source': 'server',
    'model.weights': 'int8',
    'server.url': ' http://localhost:8000/v1 ',
    'limits.maxTurns': 3,
    'sampling.seed': 7,
  });
  expect(problems).toEqual([]);
  expect(settings.model).toMatchObject({
    source: 'server',
    weights: 'int8',
    server: { url: 'http://localhost:8000/v1' },
  });
  expect(settings.limits.maxTurns).toBe(3);
  expect(settings.sampling.seed).toBe(7);
});

it('takes the default for what cannot be used, and says so', () => {
  const { settings, problems } = read({ 'model.source': 'moon', 'limits.maxTurns': 2.5, 'sampling.topP': 0 });
  expect(settings).toEqual(read({}).settings);
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'model.source',
    'limits.maxTurns',
    'sampling.topP',
  ]);
});
