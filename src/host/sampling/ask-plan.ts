import { basename, dirname, relative, resolve } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { RecordedPlan } from '../../sample/recorded-plan';
import { differences, type SetPlan, setPath, setPlanSchema, withRecorded } from './set-plan';

/** What the questions are about to be sampled by. */
export interface PlanOffer {
  /** Where the choice begins. */
  readonly plan: SetPlan;
  /** Questions of the file. */
  readonly questions: number;
  /** The model's name for people. */
  readonly model: string;
  /** The plan that a set records; null where it is not there, or has no candidates. Throws an error for people. */
  readonly recorded: (out: string) => Promise<RecordedPlan | null>;
}

type Field = 'candidates' | 'temperature' | 'topP' | 'seed' | 'limit' | 'out';
type Choice = { readonly begin: SetPlan } | { readonly take: SetPlan } | { readonly change: Field };
type Item = vscode.QuickPickItem & { readonly choice: Choice };

/** Lets the user look at a plan, change it, and begin. Undefined if that is left. */
export async function askPlan(offer: PlanOffer): Promise<SetPlan | undefined> {
  let { plan } = offer;
  let recorded = await offer.recorded(plan.out);
  // What is there already is gone on with, unless something else is asked for.
  if (recorded !== null) plan = withRecorded(plan, recorded);
  for (;;) {
    const item = await vscode.window.showQuickPick(itemsOf(plan, recorded, offer), {
      title: vscode.l10n.t('Sample Candidates with {0}', offer.model),
      placeHolder: vscode.l10n.t('Enter begins; choose a line to change it'),
      ignoreFocusOut: true,
    });
    if (item === undefined) return undefined;
    const { choice } = item;
    if ('begin' in choice) return choice.begin;
    if ('take' in choice) {
      plan = choice.take;
      continue;
    }
    const changed = await change(plan, choice.change);
    if (changed === undefined) continue;
    if (changed.out !== plan.out) {
      recorded = await offer.recorded(changed.out);
      plan = recorded === null ? changed : withRecorded(changed, recorded);
    } else plan = changed;
  }
}

function itemsOf(plan: SetPlan, recorded: RecordedPlan | null, { questions }: PlanOffer): Item[] {
  const { candidates, temperature, topP, seed, limit, out, questionFile } = plan;
  const asked = Math.min(questions, limit ?? questions);
  const line = (label: string, value: string | number, field: Field): Item => ({
    label,
    description: String(value),
    choice: { change: field },
  });
  return [
    firstItem(plan, recorded, asked * candidates),
    line(vscode.l10n.t('Candidates of each question'), candidates, 'candidates'),
    line(vscode.l10n.t('Temperature'), temperature, 'temperature'),
    line(vscode.l10n.t('Top-p'), topP, 'topP'),
    line(vscode.l10n.t('Seed'), seed, 'seed'),
    line(
      vscode.l10n.t('Questions'),
      limit === null || limit >= questions
        ? vscode.l10n.t('all {0}', questions)
        : vscode.l10n.t('the first {0} of {1}', limit, questions),
      'limit',
    ),
    line(vscode.l10n.t('Trace file'), dirname(out) === dirname(questionFile) ? basename(out) : out, 'out'),
  ];
}

function firstItem(plan: SetPlan, recorded: RecordedPlan | null, total: number): Item {
  const set = basename(plan.out);
  if (recorded === null) {
    return {
      label: `$(play) ${vscode.l10n.t('Begin')}`,
      description: vscode.l10n.t('{0} candidates into {1}', total, set),
      choice: { begin: plan },
    };
  }
  const differs = differences(plan, recorded);
  if (differs.length > 0) {
    return {
      label: `$(discard) ${vscode.l10n.t('Take the Plan of {0}', set)}`,
      detail: vscode.l10n.t(
        'It holds {0} candidates that were drawn with another {1}. Take its plan, or choose another trace file.',
        recorded.count,
        differs.map(fieldName).join(', '),
      ),
      choice: { take: withRecorded(plan, recorded) },
    };
  }
  return {
    label: `$(debug-continue) ${vscode.l10n.t('Go On')}`,
    description: vscode.l10n.t('{0} of {1} candidates are in {2}', recorded.count, total, set),
    choice: { begin: plan },
  };
}

function fieldName(field: 'temperature' | 'topP' | 'seed'): string {
  switch (field) {
    case 'temperature':
      return vscode.l10n.t('temperature');
    case 'topP':
      return vscode.l10n.t('top-p');
    case 'seed':
      return vscode.l10n.t('seed');
  }
}

/** Asks for another value; undefined if that is left. */
async function change(plan: SetPlan, field: Field): Promise<SetPlan | undefined> {
  const { title, prompt } = wordsOf(field);
  const now = plan[field];
  const typed = await vscode.window.showInputBox({
    ...{ title, prompt, ignoreFocusOut: true },
    value: now === null ? '' : field === 'out' ? relative(dirname(plan.questionFile), plan.out) : String(now),
    validateInput: (text) => {
      const read = readField(plan, field, text);
      return typeof read === 'string' ? read : null;
    },
  });
  if (typed === undefined) return undefined;
  const read = readField(plan, field, typed);
  return typeof read === 'string' ? undefined : read;
}

/** The plan with what was typed for a field, or what is wrong with that. */
function readField(plan: SetPlan, field: Field, typed: string): SetPlan | string {
  const text = typed.trim();
  if (field === 'out') {
    if (text === '') return vscode.l10n.t('A name, or a path from the folder of the question file.');
    return { ...plan, out: resolve(dirname(plan.questionFile), setPath(text)) };
  }
  const value = text === '' ? null : Number(text);
  const read = v.safeParse(setPlanSchema.entries[field], value);
  if (!read.success) return wordsOf(field).prompt;
  return { ...plan, [field]: read.output };
}

function wordsOf(field: Field): { title: string; prompt: string } {
  switch (field) {
    case 'candidates':
      return {
        title: vscode.l10n.t('Candidates of Each Question'),
        prompt: vscode.l10n.t('A whole number, at least 1.'),
      };
    case 'temperature':
      return {
        title: vscode.l10n.t('Temperature'),
        prompt: vscode.l10n.t(
          'How freely tokens are drawn, from 0 to 10; at 0 all candidates of a question are the same.',
        ),
      };
    case 'topP':
      return {
        title: vscode.l10n.t('Top-p'),
        prompt: vscode.l10n.t(
          'Draw from the likeliest tokens of this joint probability: more than 0, up to 1.',
        ),
      };
    case 'seed':
      return {
        title: vscode.l10n.t('Seed'),
        prompt: vscode.l10n.t('A whole number, from 0. Each candidate has a seed that follows from it.'),
      };
    case 'limit':
      return {
        title: vscode.l10n.t('Questions'),
        prompt: vscode.l10n.t('Only so many, from the first one on; empty for all.'),
      };
    case 'out':
      return {
        title: vscode.l10n.t('Trace File'),
        prompt: vscode.l10n.t('A name, or a path from the folder of the question file.'),
      };
  }
}
