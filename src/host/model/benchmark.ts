import * as vscode from 'vscode';
import { benchMarkdown } from '../../engine/onnx/bench/bench-markdown';
import { benchModel } from '../../engine/onnx/bench/bench-model';
import type { BenchProgress } from '../../engine/onnx/bench/bench-progress';
import { cancellable } from '../cancellable';
import type { Runs } from '../run/runs';
import type { Settings } from '../settings';
import { requireTrust } from '../trust';
import { describeOpening } from './describe-opening';
import type { EngineKeeper } from './engine-keeper';
import { type ModelChoice, modelName } from './model-choice';
import { displayName } from './status-item';

/** What a benchmark needs of the house. */
export interface BenchmarkParts {
  readonly settings: () => Settings;
  readonly runs: Runs;
  readonly keeper: EngineKeeper;
  /** Folder of the model that comes with the extension, and program of the engine's process. */
  readonly bundled: string;
  readonly enginePath: string;
  readonly version: string;
}

/** Measures the selected model on this machine, with progress, and opens what was found as a document. */
export async function benchmark(parts: BenchmarkParts): Promise<void> {
  if (!(await requireTrust())) return;
  const model = await localModel(parts.settings().model);
  if (model === null) return;
  const title = vscode.l10n.t('Benchmark of {0}', displayName(model));
  const report = await cancellable(title, (progress, signal) =>
    measure(model, parts, (message) => progress.report({ message }), signal),
  );
  if (report === null) return;
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content: report });
  await vscode.window.showTextDocument(document, { preview: false });
}

/** The selected model if it runs on this machine, else the bundled one if the user wants that, else null. */
async function localModel(model: ModelChoice): Promise<ModelChoice | null> {
  const isServer = model.source === 'server';
  if (!isServer && (model.source === 'bundled' || model.folder !== '')) return model;
  const why = isServer
    ? vscode.l10n.t('The selected model is on a server. A benchmark measures this machine.')
    : vscode.l10n.t('No model was chosen. Choose one with the command "ViLaSR: Select Model…".');
  const bundled = vscode.l10n.t('Benchmark the Bundled Model');
  const chosen = await vscode.window.showWarningMessage(why, bundled);
  return chosen === bundled ? { ...model, source: 'bundled' } : null;
}

/** The report as Markdown, once nothing else computes; null if it was cancelled, or stopped with all runs. */
async function measure(
  model: ModelChoice,
  { runs, keeper, bundled, enginePath, version }: BenchmarkParts,
  say: (message: string) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const abort = new AbortController();
  signal.addEventListener('abort', () => abort.abort());
  const work = async () => {
    say(vscode.l10n.t('Unloading the model'));
    await keeper.unload();
    const report = await benchModel({
      dir: model.source === 'bundled' ? bundled : model.folder,
      name: modelName(model) ?? 'bundled',
      program: `ViLaSR ${version}, ${vscode.env.appName} ${vscode.version}, Node ${process.versions.node}`,
      provider: model.provider === 'auto' ? null : model.provider,
      ...{ weights: model.weights, entry: enginePath, signal: abort.signal },
      onProgress: (step) => say(describe(step)),
    });
    return benchMarkdown(report);
  };
  const onPlace = (ahead: number) => {
    if (ahead > 0) say(vscode.l10n.t('Waiting for the run or the sampling that goes on'));
  };
  try {
    return await runs.beside(model, work, abort, onPlace);
  } catch (error) {
    if (abort.signal.aborted) return null;
    throw error;
  }
}

function describe(progress: BenchProgress): string {
  switch (progress.phase) {
    case 'machine':
      return vscode.l10n.t('Looking at this machine');
    case 'card':
      return vscode.l10n.t('Trying the graphics card');
    case 'opening':
      return describeOpening(progress.step);
    case 'measuring':
      return progress.provider === 'cpu'
        ? vscode.l10n.t('On the processor: {0}', describeStep(progress.step))
        : vscode.l10n.t('On the graphics card: {0}', describeStep(progress.step));
  }
}

function describeStep(step: Extract<BenchProgress, { phase: 'measuring' }>['step']): string {
  switch (step) {
    case 'reading':
      return vscode.l10n.t('reading');
    case 'speaking':
      return vscode.l10n.t('speaking');
    case 'together':
      return vscode.l10n.t('several replies together');
    case 'seeing':
      return vscode.l10n.t('pictures');
    case 'long':
      return vscode.l10n.t('after a long prompt');
  }
}
