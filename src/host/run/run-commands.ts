import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { FrameStore } from '../ask/frame-store';
import { requireTrust } from '../trust';
import type { OpenViews } from '../view/open-views';
import { KeptSource, RunSource } from '../view/run-source';
import type { TraceSource } from '../view/source';
import type { TraceActions } from '../view/trace-view';
import type { RunPanels } from './run-panels';
import type { RunStore } from './run-store';
import type { Runs } from './runs';
import { entryId, type RunEntry } from './runs-tree';

export interface CommandParts {
  readonly runs: Runs;
  readonly store: RunStore;
  readonly panels: RunPanels;
  readonly views: OpenViews;
  readonly actions: TraceActions;
  readonly frames: FrameStore;
}

/** The commands on runs: on an entry of the tree, or on the view that has the focus. */
export function registerRunCommands(parts: CommandParts): vscode.Disposable {
  const { runs, store, panels, views, actions } = parts;
  /** What a command is about: the entry it was given, else what the active view shows. */
  const sourceOf = async (entry: RunEntry | undefined): Promise<TraceSource | null> => {
    if (entry === undefined) return views.active?.source ?? null;
    if (entry.type === 'going') return new RunSource(entry.run);
    const trace = await store.read(entry.summary.id);
    return trace === null ? null : new KeptSource(trace);
  };
  const register = (name: string, work: (source: TraceSource) => Promise<unknown> | unknown) =>
    vscode.commands.registerCommand(name, async (entry?: unknown) => {
      const source = await sourceOf(isEntry(entry) ? entry : undefined);
      if (source !== null) await explain(() => work(source));
    });
  /** Those that do the same to each of several entries that are selected. */
  const registerForAll = (name: string, work: (source: TraceSource) => Promise<unknown> | unknown) =>
    vscode.commands.registerCommand(name, async (entry?: unknown, all?: unknown) => {
      for (const one of isEntry(entry) ? selected(entry, all) : [undefined]) {
        const source = await sourceOf(one);
        if (source !== null) await explain(() => work(source));
      }
    });
  return vscode.Disposable.from(
    vscode.commands.registerCommand('vilasr.runs.open', (entry: RunEntry) => panels.open(entryId(entry))),
    vscode.commands.registerCommand('vilasr.runs.delete', async (entry?: unknown, all?: unknown) => {
      // One that goes on stays, and its panel too.
      const kept = isEntry(entry) ? selected(entry, all).filter(({ type }) => type === 'kept') : [];
      await explain(() => forget(new Set(kept.map(entryId)), parts));
    }),
    vscode.commands.registerCommand('vilasr.runs.clear', async () => {
      const clear = vscode.l10n.t('Clear');
      const question = vscode.l10n.t('Clear all recent runs? Trace files that they were saved to stay.');
      const chosen = await vscode.window.showWarningMessage(question, { modal: true }, clear);
      if (chosen !== clear) return;
      const ids = new Set((await store.list()).map(({ id }) => id));
      await explain(() => forget(ids, parts));
    }),
    vscode.commands.registerCommand('vilasr.stopAll', () => runs.stopAll()),
    registerForAll('vilasr.stop', ({ run }) => run?.stop()),
    registerForAll('vilasr.again', (source) => actions.again(source, 'same')),
    registerForAll('vilasr.againNewSeed', (source) => actions.again(source, 'new')),
    vscode.commands.registerCommand('vilasr.continueFromHere', async () => {
      // Which turn is meant the view knows.
      if (views.active !== null && (await requireTrust())) views.active.command('continueFromHere');
    }),
    register('vilasr.save', async (source) => {
      const path = await actions.save(source);
      if (path !== null) vscode.window.setStatusBarMessage(vscode.l10n.t('Saved to {0}', path), 5000);
    }),
    register('vilasr.locateImages', (source) => actions.locateImages(source)),
    register('vilasr.copyJson', (source) => actions.copy(source, 'json')),
    register('vilasr.copyMarkdown', (source) => actions.copy(source, 'markdown')),
    register('vilasr.exportImages', (source) => actions.exportImages(source)),
  );
}

/** Takes runs out, closes their panels, and removes the frames that no other run is about. */
async function forget(
  ids: ReadonlySet<string>,
  { runs, store, panels, frames }: CommandParts,
): Promise<void> {
  panels.close(ids);
  await store.delete(ids);
  const kept = (await store.list()).flatMap(({ folders }) => folders);
  const going = runs.active.flatMap(({ request }) => request.files.map((file) => dirname(file)));
  await frames.tidy(new Set([...kept, ...going]));
}

/** Menus of editors pass on other things than entries. */
const isEntry = (value: unknown): value is RunEntry =>
  typeof value === 'object' && value !== null && 'type' in value && ('run' in value || 'summary' in value);

/** What a command on an entry is about: all that is selected with it, if it is. */
function selected(entry: RunEntry, all: unknown): readonly RunEntry[] {
  return Array.isArray(all) && all.length > 0 ? all.filter(isEntry) : [entry];
}

/** Does something that a command asks for; what goes wrong is said in a message. */
export async function explain(work: () => Promise<unknown> | unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    await vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
