import * as vscode from 'vscode';
import { readSettings, type SettingName, type Settings } from './settings';

export const SECTION = 'vilasr';

/** Settings as they are now; what is wrong with them goes to the log. */
export function currentSettings(log: vscode.LogOutputChannel): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return readSettings(
    (name) => configuration.get(name),
    (name, problem) => log.warn(`${SECTION}.${name}: ${problem} The default is used.`),
  );
}

/** Writes settings one after another, where they hold: in the workspace if it has them, else for the user. */
export async function changeSettings(changes: Partial<Record<SettingName, unknown>>): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  for (const [name, value] of Object.entries(changes)) {
    const { workspaceValue, workspaceFolderValue } = configuration.inspect(name) ?? {};
    const { ConfigurationTarget: target } = vscode;
    const where =
      workspaceFolderValue !== undefined
        ? target.WorkspaceFolder
        : workspaceValue !== undefined
          ? target.Workspace
          : target.Global;
    await configuration.update(name, value, where);
  }
}
