/**
 * The texts of the extension's code that can be translated: `l10n/bundle.l10n.json` has them all. A translation is a copy
 * of it named for its language (`bundle.l10n.de.json`), and the same goes for `package.nls.json`.
 *
 *   node scripts/extension/l10n.mjs     writes the bundle anew
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entry, ROOT, SetupError } from '../setup.mjs';

const BUNDLE = 'l10n/bundle.l10n.json';

/** Throws `SetupError` where the bundle lacks texts of the code, or has others. */
export function checkTexts() {
  const inCode = render(textsInCode());
  if (readFileSync(join(ROOT, BUNDLE), 'utf8') === inCode) return;
  throw new SetupError(`${BUNDLE} is not what the code says: run node scripts/extension/l10n.mjs.`);
}

const render = (texts) =>
  `${JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 2)}\n`;

/** What translates a text: in the extension VS Code, in its views the function that takes over what the page brings. */
const TRANSLATE = ['vscode.l10n.t', 't'];

/** The first arguments of all calls that translate, in order. Throws `SetupError` for one that is no plain text. */
function textsInCode() {
  // Loaded here, not above: it is one of the dependencies.
  const ts = createRequire(import.meta.url)('typescript');
  const texts = new Set();
  const visit = (node, source) => {
    if (ts.isCallExpression(node) && TRANSLATE.includes(node.expression.getText(source))) {
      const [text] = node.arguments;
      if (text === undefined || !ts.isStringLiteralLike(text)) {
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        throw new SetupError(`${source.fileName}:${line + 1}: only a plain text can be translated.`);
      }
      texts.add(text.text);
    }
    ts.forEachChild(node, (child) => visit(child, source));
  };
  for (const path of sourceFiles()) {
    const text = readFileSync(path, 'utf8');
    const source = ts.createSourceFile(relative(ROOT, path), text, ts.ScriptTarget.Latest);
    visit(source, source);
  }
  return [...texts].sort();
}

function sourceFiles() {
  const inFolders = ['src/host', 'src/dataset/report/page', 'webview'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(ROOT, folder, name)),
  );
  return [join(ROOT, 'src/extension.ts'), ...inFolders];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  entry(() => writeFileSync(join(ROOT, BUNDLE), render(textsInCode())));
}
