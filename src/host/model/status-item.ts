import * as vscode from 'vscode';
import type { Computing } from '../../engine/engine';
import type { Settings } from '../settings';
import type { EngineKeeper, ModelOpener, ModelState } from './engine-keeper';
import { type ModelChoice, modelName, serverHost } from './model-choice';

/** The model's name for people. */
export function displayName(choice: ModelChoice): string {
  const name = modelName(choice);
  if (name !== null) return name;
  switch (choice.source) {
    case 'bundled':
      return vscode.l10n.t('Bundled model');
    case 'folder':
      return vscode.l10n.t('No model');
    case 'server':
      return choice.server.url === '' ? vscode.l10n.t('No server') : vscode.l10n.t('Server');
  }
}

/** One item in the status bar: which model is chosen, where it computes, and what it is doing. A click chooses another. */
export function showModelState(
  keeper: EngineKeeper,
  settings: () => Settings,
  openerOf: (settings: Settings) => Pick<ModelOpener, 'name'>,
): vscode.Disposable & { update(): void } {
  const item = vscode.window.createStatusBarItem('vilasr.model', vscode.StatusBarAlignment.Right, 0);
  item.name = vscode.l10n.t('ViLaSR model');
  item.command = 'vilasr.selectModel';
  const update = () => {
    const current = settings();
    const { model } = current;
    const state = keeper.stateOf(openerOf(current));
    const name = displayName(model);
    const computing = keeper.computingOf(openerOf(current));
    const where =
      model.source === 'server' ? serverHost(model.server.url) : (computing?.provider ?? model.provider);
    item.text = `${iconOf(state)} ${name} · ${where} · ${stateWord(state)}`;
    item.tooltip = vscode.l10n.t(
      'ViLaSR: {0} on {1}, {2}. Click to select a model.',
      name,
      where,
      stateWord(state),
    );
    if (computing?.why) item.tooltip = `${item.tooltip}\n${describeComputing(computing)}`;
    item.accessibilityInformation = { label: item.tooltip };
  };
  const leave = keeper.changed.add(update);
  update();
  item.show();
  return {
    update,
    dispose: () => {
      leave();
      item.dispose();
    },
  };
}

/** What computes, and why. */
export function describeComputing({ provider, attention, why }: Computing): string {
  if (provider === 'cpu') return vscode.l10n.t('On the processor: {0}.', why);
  const how = provider === 'webgpu' ? attention : `${provider}, ${attention}`;
  return vscode.l10n.t('On the graphics card ({0} attention): {1}.', how, why);
}

function iconOf(state: ModelState): string {
  switch (state) {
    case 'unloaded':
      return '$(circle-outline)';
    case 'idle':
      return '$(circle-filled)';
    case 'opening':
    case 'running':
      return '$(loading~spin)';
  }
}

function stateWord(state: ModelState): string {
  switch (state) {
    case 'unloaded':
      return vscode.l10n.t('unloaded');
    case 'opening':
      return vscode.l10n.t('opening');
    case 'idle':
      return vscode.l10n.t('idle');
    case 'running':
      return vscode.l10n.t('running');
  }
}
