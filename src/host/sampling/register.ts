import * as vscode from 'vscode';
import { explain } from '../run/run-commands';
import { describeProgress } from './describe';
import type { SamplingDesk } from './desk';
import type { Sampling } from './sampling';
import { SAMPLING_VIEW, type Samplings } from './samplings';

/** An entry of Recent Runs that is a sampling. */
interface SamplingEntry {
  readonly sampling: Sampling;
}

/** The commands of sampling, and its panels of before the window was closed. `desk` is loaded when it is first used. */
export function registerSampling(desk: () => Promise<SamplingDesk>, samplings: Samplings): vscode.Disposable {
  const register = (
    name: string,
    isFor: (sampling: Sampling) => boolean,
    work: (desk: SamplingDesk, sampling: Sampling) => unknown,
  ) =>
    vscode.commands.registerCommand(name, (entry?: unknown) =>
      explain(async () => {
        const sampling = isEntry(entry) ? entry.sampling : await choose(samplings.all.filter(isFor));
        if (sampling !== undefined) await work(await desk(), sampling);
      }),
    );
  let had = false;
  const leave = samplings.changed.add(() => {
    const has = samplings.all.length > 0;
    if (has === had) return;
    had = has;
    void vscode.commands.executeCommand('setContext', 'vilasr.hasSampling', has);
  });
  return vscode.Disposable.from(
    { dispose: leave },
    vscode.commands.registerCommand('vilasr.sample', (uri?: unknown) =>
      explain(async () => (await desk()).sample(uri instanceof vscode.Uri ? uri : questionFileInSight())),
    ),
    register('vilasr.sampling.open', any, (desk, sampling) => desk.show(sampling)),
    register('vilasr.sampling.pause', isGoing, (desk, sampling) => desk.pause(sampling)),
    register('vilasr.sampling.goOn', canGoOn, (desk, sampling) => desk.goOn(sampling)),
    register('vilasr.sampling.stop', isGoing, (desk, sampling) => desk.stop(sampling)),
    vscode.commands.registerCommand('vilasr.sampling.forget', (entry?: unknown) => {
      if (isEntry(entry)) samplings.forget(entry.sampling.plan.out);
    }),
    vscode.window.registerWebviewPanelSerializer(SAMPLING_VIEW, {
      deserializeWebviewPanel: async (panel, state: unknown) => (await desk()).restore(panel, state),
    }),
  );
}

const any = () => true;
const isGoing = (sampling: Sampling) => sampling.isGoing;
const canGoOn = ({ isGoing, activity }: Sampling) => !isGoing && activity.type !== 'done';

/** The only one, or the one that is chosen of several; undefined if there is none, which is said, or none is chosen. */
async function choose(samplings: readonly Sampling[]): Promise<Sampling | undefined> {
  if (samplings.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no sampling that this can be done with now.'),
    );
  }
  if (samplings.length <= 1) return samplings[0];
  const items = samplings.map((sampling) => ({
    label: sampling.name,
    description: describeProgress(sampling),
    detail: sampling.plan.out,
    sampling,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which Sampling?') });
  return chosen?.sampling;
}

const isEntry = (value: unknown): value is SamplingEntry =>
  typeof value === 'object' && value !== null && 'sampling' in value;

/** The file in the active editor, if it may hold questions. */
function questionFileInSight(): vscode.Uri | null {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const shows = input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText;
  const mayHold = shows && /\.jsonl?$/i.test(input.uri.path) && !/\.traces\.jsonl$/i.test(input.uri.path);
  return mayHold && input.uri.scheme === 'file' ? input.uri : null;
}
