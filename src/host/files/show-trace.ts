import * as v from 'valibot';
import * as vscode from 'vscode';
import type { OpenViews } from '../view/open-views';
import { SHOW_TRACE } from './problems';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const placeSchema = v.tuple([v.string(), v.string(), count, v.nullable(count)]);

/** Registers the command that leads from a problem to its trace. Who calls it otherwise says nothing that it could show. */
export function registerShowTrace(views: OpenViews): vscode.Disposable {
  return vscode.commands.registerCommand(SHOW_TRACE, async (...words: unknown[]) => {
    const place = v.safeParse(placeSchema, words);
    if (!place.success) return;
    const [uri, type, item, turn] = place.output;
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.parse(uri), type);
    const { active } = views;
    if (active !== null && active.source.document !== null) await active.goTo(item, turn);
  });
}
