import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { Question } from '../../reason/question';
import { QUESTION_TYPES, type QuestionType } from '../../trace/trace';
import { guessType } from './guess-type';
import type { Pictures } from './pictures';
import { pickOne, separator } from './quick-pick';
import { readOptions, type SplitQuestion } from './read-options';
import type { AskedQuestion, RecentQuestions } from './recent-questions';
import type { Sample } from './samples';

/** A question, and the pictures it is about, where those are others than were chosen. */
export interface Asked {
  readonly question: Question;
  readonly pictures: Pictures;
}

export interface QuestionOffer {
  readonly pictures: Pictures;
  readonly recent: RecentQuestions;
  /** Samples whose picture was chosen: their right answers are known. */
  readonly own: readonly Sample[];
  /** Samples to try the model on; empty where the model is another one. */
  readonly samples: readonly Sample[];
  /** What the model is good for, if that is little. */
  readonly note: string | null;
}

type Item = vscode.QuickPickItem & {
  readonly typed?: string;
  readonly recent?: AskedQuestion;
  readonly sample?: Sample;
};

/** Asks for the question and, where it was typed, for the type of its answer. Undefined if that is left. */
export async function askQuestion(offer: QuestionOffer): Promise<Asked | undefined> {
  const item = await pickQuestion(offer);
  const { pictures, own } = offer;
  if (item?.sample !== undefined) {
    return own.includes(item.sample) ? { question: item.sample.question, pictures } : askSample(item.sample);
  }
  if (item?.recent !== undefined) return { question: withGold(item.recent, pictures, own), pictures };
  if (item?.typed === undefined) return undefined;
  const asked = await askType(item.typed);
  return asked === undefined ? undefined : { question: withGold(asked, pictures, own), pictures };
}

export function askSample({ question, file }: Sample): Asked {
  return { question, pictures: { kind: 'single', files: [file], source: null } };
}

/** Somebody may ask a sample's question of its picture in their own folder: the right answer is known there too. */
function withGold(
  { text, options, type }: AskedQuestion,
  { kind }: Pictures,
  own: readonly Sample[],
): Question {
  const sample = own.find(({ question }) => question.text === text && question.type === type);
  return { text, options, type, kind, gold: sample?.question.gold ?? null };
}

function pickQuestion({ pictures, recent, own, samples, note }: QuestionOffer): Promise<Item | undefined> {
  const forget = { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Forget') };
  const items = (value: string): Item[] => {
    const typed = value.trim();
    const asked = recent.list();
    return [
      ...(typed === ''
        ? []
        : [{ label: typed, description: vscode.l10n.t('ask this'), typed, alwaysShow: true }]),
      ...group(vscode.l10n.t('Questions for This Image'), own.map(sampleItem)),
      ...group(
        vscode.l10n.t('Asked Before'),
        asked.map((one) => ({
          label: one.text,
          detail: oneLine(one.options),
          recent: one,
          buttons: [forget],
        })),
      ),
      ...group(
        vscode.l10n.t('Samples of the Bundled Model'),
        samples.filter((sample) => !own.includes(sample)).map(sampleItem),
      ),
    ];
  };
  const first = basename(pictures.files[0] ?? '');
  const about = pictures.files.length === 1 ? first : vscode.l10n.t('{0} Images', pictures.files.length);
  return pickOne<Item, Item>(
    {
      title: vscode.l10n.t('Ask About {0}', about) + (note === null ? '' : ` (${note})`),
      placeholder: vscode.l10n.t(
        'A question, with options if it has any: Which is larger? A. the left B. the right',
      ),
    },
    {
      update: (pick) => {
        pick.items = items(pick.value);
        pick.activeItems = pick.items
          .filter(({ kind }) => kind !== vscode.QuickPickItemKind.Separator)
          .slice(0, 1);
      },
      accept: (pick) => pick.activeItems[0],
      press: async (_, item) => {
        if (item.recent !== undefined) await recent.remove(item.recent);
      },
    },
  );
}

function group(label: string, items: Item[]): Item[] {
  return items.length === 0 ? [] : [separator(label), ...items];
}

const sampleItem = (sample: Sample): Item => ({
  label: sample.question.text,
  description: basename(sample.file),
  detail: oneLine(sample.question.options),
  sample,
});

const oneLine = (options: readonly string[]): string => options.join('   ');

type TypeItem = vscode.QuickPickItem & { readonly type: QuestionType };

/** Asks for the type of the answer; the likeliest comes first. Where that isn't one of several, options are text. */
async function askType(typed: string): Promise<AskedQuestion | undefined> {
  const split = readOptions(typed);
  const guess = guessType(split);
  const types = [guess, ...QUESTION_TYPES.filter((type) => type !== guess)];
  const item = await vscode.window.showQuickPick(
    types.map((type) => typeItem(type, split)),
    {
      title: vscode.l10n.t('What Kind of Answer?'),
      placeHolder: split.text,
      ignoreFocusOut: true,
    },
  );
  if (item === undefined) return undefined;
  const { text, options } = item.type === 'multiple-choice' ? split : { text: typed, options: [] };
  return { text, options: [...options], type: item.type };
}

function typeItem(type: QuestionType, { options }: SplitQuestion): TypeItem {
  switch (type) {
    case 'multiple-choice':
      return {
        label: vscode.l10n.t('Multiple choice'),
        description: vscode.l10n.t('the letter of one of the options'),
        detail: oneLine(options),
        type,
      };
    case 'numerical':
      return { label: vscode.l10n.t('Number'), description: vscode.l10n.t('a count or a measure'), type };
    case 'free-form':
      return { label: vscode.l10n.t('Free form'), description: vscode.l10n.t('words'), type };
  }
}
