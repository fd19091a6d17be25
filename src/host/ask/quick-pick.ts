import * as vscode from 'vscode';

/** What a quick pick does while it is open. */
export interface PickHandlers<T extends vscode.QuickPickItem, R> {
  /** Called whenever the text changes, and once before it is shown. */
  readonly update: (pick: vscode.QuickPick<T>) => void;
  /** The result for what was accepted; undefined keeps the pick open. */
  readonly accept: (pick: vscode.QuickPick<T>) => R | undefined;
  /** A button of an item was pressed. */
  readonly press?: (
    pick: vscode.QuickPick<T>,
    item: T,
    button: vscode.QuickInputButton,
  ) => void | Promise<void>;
}

/** Shows a quick pick until something is accepted; undefined if it is left. */
export function pickOne<T extends vscode.QuickPickItem, R>(
  options: { readonly title: string; readonly placeholder: string; readonly value?: string },
  { update, accept, press }: PickHandlers<T, R>,
): Promise<R | undefined> {
  const pick = vscode.window.createQuickPick<T>();
  pick.title = options.title;
  pick.placeholder = options.placeholder;
  pick.value = options.value ?? '';
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  return new Promise((resolve) => {
    let result: R | undefined;
    pick.onDidChangeValue(() => update(pick));
    pick.onDidAccept(() => {
      result = accept(pick);
      if (result !== undefined) pick.hide();
    });
    pick.onDidTriggerItemButton(async ({ item, button }) => {
      await press?.(pick, item, button);
      update(pick);
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve(result);
    });
    update(pick);
    pick.show();
  });
}

/** A line between groups of items. */
export const separator = (label: string): vscode.QuickPickItem => ({
  label,
  kind: vscode.QuickPickItemKind.Separator,
});
