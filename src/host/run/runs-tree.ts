import * as vscode from 'vscode';
import { displayName } from '../model/status-item';
import { describeProgress } from '../sampling/describe';
import type { Sampling } from '../sampling/sampling';
import type { Samplings } from '../sampling/samplings';
import { shorten } from '../shorten';
import type { Run } from './run';
import type { RunStore } from './run-store';
import type { Outcome, RunSummary } from './run-summary';
import type { Runs } from './runs';

/** An entry of the tree that is a run: one that goes on, or one that was kept. */
export type RunEntry =
  | { readonly type: 'going'; readonly run: Run }
  | { readonly type: 'kept'; readonly summary: RunSummary };

/** An entry of the tree: samplings of this window stand among the runs. */
export type TreeEntry = RunEntry | { readonly type: 'sampling'; readonly sampling: Sampling };

export const entryId = (entry: RunEntry): string =>
  entry.type === 'going' ? entry.run.id : entry.summary.id;

/** More than anyone looks through. */
const MOST_SHOWN = 500;

/** "Recent Runs": samplings, then runs that go on or wait, then those that have ended, the newest first. */
export class RunsTree implements vscode.TreeDataProvider<TreeEntry> {
  private readonly change = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.change.event;

  constructor(
    private readonly runs: Runs,
    private readonly store: RunStore,
    private readonly samplings: Samplings,
  ) {
    samplings.changed.add(() => this.change.fire());
    runs.changed.add(() => this.change.fire());
    store.changed.add(() => this.change.fire());
  }

  async getChildren(parent?: TreeEntry): Promise<TreeEntry[]> {
    if (parent !== undefined) return [];
    const { active } = this.runs;
    const going = new Set(active.map(({ id }) => id));
    const kept = (await this.store.list()).filter(({ id }) => !going.has(id)).slice(0, MOST_SHOWN);
    return [
      ...this.samplings.all.map((sampling): TreeEntry => ({ type: 'sampling', sampling })),
      ...[...active].reverse().map((run): RunEntry => ({ type: 'going', run })),
      ...kept.map((summary): RunEntry => ({ type: 'kept', summary })),
    ];
  }

  getTreeItem(entry: TreeEntry): vscode.TreeItem {
    if (entry.type === 'sampling') return samplingItem(entry);
    const item = entry.type === 'going' ? goingItem(entry.run) : keptItem(entry.summary);
    item.id = entryId(entry);
    item.command = { command: 'vilasr.runs.open', title: vscode.l10n.t('Open'), arguments: [entry] };
    return item;
  }
}

/** So long that what comes after it, what was answered and when, is to be seen too. */
const LONGEST_LABEL = 28;

const LONGEST_ANSWER = 16;

function goingItem({ request, state, trace }: Run): vscode.TreeItem {
  const item = new vscode.TreeItem(shorten(request.question.text, LONGEST_LABEL));
  const isQueued = state.state === 'queued';
  const where = isQueued
    ? vscode.l10n.t('waiting, {0} before it', state.ahead)
    : state.state === 'opening'
      ? state.message
      : vscode.l10n.t('turn {0}', trace.turns.length + 1);
  item.description = `${displayName(request.model)} · ${where}`;
  item.iconPath = new vscode.ThemeIcon(isQueued ? 'clock' : 'loading~spin');
  item.contextValue = 'run.going';
  item.tooltip = `${request.question.text}\n${item.description}`;
  return item;
}

function samplingItem(entry: Extract<TreeEntry, { type: 'sampling' }>): vscode.TreeItem {
  const { sampling } = entry;
  const { activity, plan, model, isGoing } = sampling;
  const item = new vscode.TreeItem(sampling.name);
  item.id = `sampling ${plan.out}`;
  item.description = [describeProgress(sampling), model].filter(Boolean).join(' · ');
  item.iconPath = new vscode.ThemeIcon(SAMPLING_ICONS[activity.type]);
  item.contextValue = isGoing ? 'sampling.going' : 'sampling.resting';
  item.tooltip = [vscode.l10n.t('Sampling into {0}', plan.out), item.description].join('\n');
  item.accessibilityInformation = {
    label: `${vscode.l10n.t('Sampling {0}', sampling.name)}, ${item.description}`,
  };
  item.command = { command: 'vilasr.sampling.open', title: vscode.l10n.t('Open'), arguments: [entry] };
  return item;
}

const SAMPLING_ICONS: Readonly<Record<Sampling['activity']['type'], string>> = {
  queued: 'clock',
  opening: 'loading~spin',
  running: 'loading~spin',
  pausing: 'loading~spin',
  stopping: 'loading~spin',
  paused: 'debug-pause',
  stopped: 'circle-slash',
  failed: 'warning',
  done: 'layers',
};

function keptItem(summary: RunSummary): vscode.TreeItem {
  const { question, model, outcome, answer, startedAt, error } = summary;
  const item = new vscode.TreeItem(shorten(question, LONGEST_LABEL));
  const time = startedAt === null ? null : timeFormat().format(new Date(startedAt));
  const shownAnswer = answer === null ? outcomeWord(outcome) : shorten(answer, LONGEST_ANSWER);
  item.description = [shownAnswer, time, model].filter((part) => part !== null).join(' · ');
  const { icon, colour } = ICONS[outcome];
  item.iconPath = new vscode.ThemeIcon(icon, colour === null ? undefined : new vscode.ThemeColor(colour));
  item.contextValue = 'run.ended';
  const what = outcomeWord(outcome);
  const said = answer ?? error;
  item.tooltip = [question, said === null ? what : `${what}: ${said}`, item.description].join('\n');
  item.accessibilityInformation = {
    label: [question, what, model, time].filter((part) => part !== null).join(', '),
  };
  return item;
}

const timeFormat = () =>
  new Intl.DateTimeFormat(vscode.env.language, { dateStyle: 'short', timeStyle: 'short' });

const ICONS: Readonly<Record<Outcome, { readonly icon: string; readonly colour: string | null }>> = {
  right: { icon: 'pass', colour: 'testing.iconPassed' },
  wrong: { icon: 'error', colour: 'testing.iconFailed' },
  answered: { icon: 'comment', colour: null },
  unanswered: { icon: 'question', colour: null },
  stopped: { icon: 'circle-slash', colour: 'testing.iconSkipped' },
  failed: { icon: 'warning', colour: 'problemsWarningIcon.foreground' },
};

function outcomeWord(outcome: Outcome): string {
  switch (outcome) {
    case 'right':
      return vscode.l10n.t('right');
    case 'wrong':
      return vscode.l10n.t('wrong');
    case 'answered':
      return vscode.l10n.t('answered');
    case 'unanswered':
      return vscode.l10n.t('no answer');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'failed':
      return vscode.l10n.t('failed');
  }
}
