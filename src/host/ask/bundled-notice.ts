import * as vscode from 'vscode';
import type { Pictures } from './pictures';
import type { Keep } from './recent-questions';

const KEY = 'bundledNotice.never';

/** What the bundled model is good for. */
export const bundledNote = (): string =>
  vscode.l10n.t('the bundled model knows mazes and coloured shapes only');

/** Says once for each set of pictures that they are nothing for the bundled model, unless nobody wants to hear it. */
export class BundledNotice {
  private readonly said = new Set<string>();

  constructor(private readonly keep: Keep) {}

  /** Returns at once; the run goes on beside it. */
  show({ files }: Pictures): void {
    const name = [...files].sort().join('\n');
    if (this.said.has(name) || this.keep.get(KEY) === true) return;
    this.said.add(name);
    void this.tell();
  }

  private async tell(): Promise<void> {
    const select = vscode.l10n.t('Select Model…');
    const never = vscode.l10n.t("Don't Show Again");
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t(
        'The bundled model knows mazes and coloured shapes only. What it says of other pictures means nothing: select another model for them.',
      ),
      select,
      never,
    );
    if (chosen === select) await vscode.commands.executeCommand('vilasr.selectModel');
    if (chosen === never) await this.keep.update(KEY, true);
  }
}
