import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { readQuestions } from '../../dataset/read-questions';
import { readTraceFile } from '../../dataset/trace-file';
import { candidatesOf } from '../../sample/candidate';
import { type RecordedPlan, recordedPlan } from '../../sample/recorded-plan';
import { addToTally, EMPTY_TALLY } from '../../sample/tally';
import { displayName } from '../model/status-item';
import { explain } from '../run/run-commands';
import type { Runs } from '../run/runs';
import type { Settings } from '../settings';
import { requireTrust } from '../trust';
import type { OpenViews } from '../view/open-views';
import { askPlan } from './ask-plan';
import { describeProgress } from './describe';
import { type DrawParts, drawSet } from './draw-set';
import { PlanMemory } from './plan-memory';
import { Sampler } from './sampler';
import { Sampling } from './sampling';
import { showSamplingState } from './sampling-item';
import { SamplingPanels } from './sampling-panels';
import type { Samplings } from './samplings';
import { newPlan, samplePlanOf } from './set-plan';

export interface DeskParts extends Omit<DrawParts, 'workingFolder'> {
  readonly settings: () => Settings;
  readonly runs: Runs;
  readonly samplings: Samplings;
  readonly views: OpenViews;
  readonly memory: vscode.Memento;
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
}

/** View type of the editor of trace files. */
const TRACES = 'vilasr.traces';

/** Sampling in VS Code: what to sample is asked here, and what is sampled is shown from here. */
export class SamplingDesk implements vscode.Disposable {
  private readonly plans: PlanMemory;
  private readonly sampler: Sampler;
  private readonly panels: SamplingPanels;
  private readonly item: vscode.Disposable;

  constructor(private readonly parts: DeskParts) {
    const { settings, runs, samplings, extensionUri, log } = parts;
    this.plans = new PlanMemory(parts.memory);
    this.sampler = new Sampler({
      runs,
      draw: (sampling, order) => drawSet(sampling, order, { ...parts, workingFolder }),
      choice: () => {
        const { model, limits } = settings();
        return { model, limits, name: displayName(model) };
      },
      openingMessage: vscode.l10n.t('Opening the model'),
      otherRunAdvice: vscode.l10n.t(
        'Choose the model and the profile that the set was drawn with, or sample into another trace file.',
      ),
    });
    this.panels = new SamplingPanels(extensionUri, {
      goOn: (sampling) => this.goOn(sampling),
      pause: (sampling) => this.sampler.pause(sampling),
      stop: (sampling) => this.sampler.stop(sampling),
      open: (sampling) => this.openSet(sampling),
      review: (sampling) => this.review(sampling),
      showLog: () => log.show(),
    });
    this.item = showSamplingState(samplings);
    this.sampler.rested.add((sampling) => void explain(() => this.tellRest(sampling)));
  }

  /** Asks how the questions of a file are to be sampled, and begins. Without a file it asks for one. */
  async sample(uri: vscode.Uri | null): Promise<void> {
    if (!(await requireTrust())) return;
    const questionFile = uri?.fsPath ?? (await chooseQuestionFile());
    if (questionFile === undefined) return;
    const questions = await readQuestions(questionFile, workingFolder(questionFile));
    if (questions.length === 0) throw new Error(vscode.l10n.t('{0} holds no questions.', questionFile));
    const plans = this.plans.list();
    const before = plans.find((plan) => plan.questionFile === questionFile);
    const going = before && this.parts.samplings.find(before.out);
    if (going?.isGoing) {
      this.panels.show(going);
      return;
    }
    const plan = await askPlan({
      plan: before ?? newPlan(questionFile, plans[0] ?? null),
      questions: questions.length,
      model: displayName(this.parts.settings().model),
      recorded: readPlan,
    });
    if (plan === undefined) return;
    const other = this.parts.samplings.find(plan.out);
    if (other?.isGoing) {
      // One set is drawn once at a time.
      this.panels.show(other);
      return;
    }
    await this.plans.add(plan);
    const sampling = new Sampling(plan, '');
    this.parts.samplings.add(sampling);
    this.panels.show(sampling);
    void this.goOn(sampling);
  }

  show(sampling: Sampling): void {
    this.panels.show(sampling);
  }

  /** Resolves at once: it goes on by itself. */
  async goOn(sampling: Sampling): Promise<void> {
    if (!(await requireTrust())) return;
    void this.sampler.goOn(sampling);
  }

  pause(sampling: Sampling): void {
    this.sampler.pause(sampling);
  }

  stop(sampling: Sampling): void {
    this.sampler.stop(sampling);
  }

  /** Fills a panel of before the window was closed. */
  restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    return this.panels.restore(panel, state, (out) => this.find(out));
  }

  dispose(): void {
    this.item.dispose();
  }

  /** The sampling of this set: of this window, or one of before, as far as it had come. */
  private async find(out: string): Promise<Sampling | null> {
    const { samplings } = this.parts;
    const known = samplings.find(out);
    if (known !== null) return known;
    const plan = this.plans.list().find((one) => one.out === out);
    if (plan === undefined) return null;
    const sampling = new Sampling(plan, displayName(this.parts.settings().model));
    samplings.add(sampling);
    // What keeps the files from being read is said when it goes on.
    void look(sampling).catch(() => undefined);
    return sampling;
  }

  private async openSet({ plan }: Sampling): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(plan.out), TRACES);
  }

  private async review(sampling: Sampling): Promise<void> {
    await this.openSet(sampling);
    await this.parts.views.active?.review();
  }

  /** Says what came of it, unless somebody sees it anyway. */
  private async tellRest(sampling: Sampling): Promise<void> {
    const { activity, name, tally, plan } = sampling;
    const what = `${name}: ${describeProgress(sampling)}`;
    if (activity.type === 'failed') this.parts.log.error(`${what}. ${activity.message}`);
    else this.parts.log.info(what);
    if (this.panels.isSeen(plan.out)) return;
    const [open, show] = [vscode.l10n.t('Open the Set'), vscode.l10n.t('Show')];
    const chosen =
      activity.type === 'done'
        ? await vscode.window.showInformationMessage(
            vscode.l10n.t('{0} has its {1} candidates: {2} are kept.', name, tally.candidates, tally.kept),
            open,
          )
        : activity.type === 'failed'
          ? await vscode.window.showErrorMessage(
              vscode.l10n.t('Sampling {0} has stopped: {1}', name, activity.message),
              show,
            )
          : undefined;
    if (chosen === open) await this.openSet(sampling);
    if (chosen === show) this.panels.show(sampling);
  }
}

/** The folder of the workspace that a file lies in, else its own. */
function workingFolder(questionFile: string): string {
  return (
    vscode.workspace.getWorkspaceFolder(vscode.Uri.file(questionFile))?.uri.fsPath ?? dirname(questionFile)
  );
}

async function readPlan(out: string): Promise<RecordedPlan | null> {
  return recordedPlan(readTraceFile(out));
}

/** Counts what there is of a set that nobody goes on with yet. It only reads: others may be drawing it. */
async function look(sampling: Sampling): Promise<void> {
  const { plan } = sampling;
  const limit = plan.limit ?? Number.POSITIVE_INFINITY;
  const questions = await readQuestions(plan.questionFile, workingFolder(plan.questionFile), limit);
  const missing = new Set([...candidatesOf(questions, samplePlanOf(plan))].map(({ id }) => id));
  const total = missing.size;
  let [tally, failed] = [EMPTY_TALLY, 0];
  for await (const trace of readTraceFile(plan.out)) {
    // Candidates of other questions are none of this plan.
    if (!missing.delete(trace.id)) continue;
    tally = addToTally(tally, trace);
    if (trace.finish === 'failed') failed++;
  }
  sampling.look({ tally, failed, total });
}

async function chooseQuestionFile(): Promise<string | undefined> {
  const uris = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Questions to Sample From'),
    openLabel: vscode.l10n.t('Sample'),
    filters: { [vscode.l10n.t('Questions')]: ['json', 'jsonl'] },
  });
  return uris?.[0]?.fsPath;
}
