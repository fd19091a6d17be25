/**
 * What the extension says it has, in package.json, against what it has: activates it with a stand-in for VS Code's API,
 * which writes down what is registered.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetupError } from '../setup.mjs';
import { activate } from './activate.mjs';

/** Throws `SetupError` that names everything that is on one side only. */
export async function checkContributions() {
  const manifest = readJson('package.json');
  const { contributes } = manifest;
  const registered = await activate();
  const commands = contributes.commands.map(({ command }) => command);
  const problems = [
    ...compare('command', commands, registered.commands),
    ...compare(
      'custom editor',
      contributes.customEditors.map(({ viewType }) => viewType),
      registered.customEditors,
    ),
    ...compare(
      'view',
      Object.values(contributes.views).flatMap((views) => views.map(({ id }) => id)),
      registered.views,
    ),
    ...incompleteCommands(contributes.commands),
    ...unknownCommands(contributes, commands),
    ...missingTexts(JSON.stringify(manifest), readJson('package.nls.json')),
    ...missingFiles(JSON.stringify(contributes)),
    ...registered.native.map((name) => `${name} is loaded at activation.`),
  ];
  if (problems.length > 0) {
    throw new SetupError(`What the extension contributes:\n${problems.map((one) => `  ${one}`).join('\n')}`);
  }
  console.log(`${commands.length} commands are contributed and registered.`);
}

function compare(what, contributed, registered) {
  return [
    ...contributed
      .filter((id) => !registered.includes(id))
      .map((id) => `The ${what} ${id} is contributed, but not registered.`),
    ...registered
      .filter((id) => !contributed.includes(id))
      .map((id) => `The ${what} ${id} is registered, but not contributed.`),
  ];
}

function incompleteCommands(commands) {
  const wanted = ['title', 'category', 'icon'];
  return commands.flatMap((command) =>
    wanted
      .filter((field) => !command[field])
      .map((field) => `The command ${command.command} has no ${field}.`),
  );
}

/** Commands that menus, keys and texts name, and that nobody has. VS Code's own have other beginnings. */
function unknownCommands({ menus, keybindings, viewsWelcome, walkthroughs }, commands) {
  const inMenus = Object.values(menus)
    .flat()
    .map(({ command }) => command);
  const named = [...inMenus, ...keybindings.map(({ command }) => command)];
  const texts = JSON.stringify([readJson('package.nls.json'), viewsWelcome, walkthroughs]);
  const inTexts = [...texts.matchAll(/(?:command:|onCommand:)(vilasr\.[\w.]+)/g)].map(
    ([, command]) => command,
  );
  // VS Code makes this one for each view.
  const made = (command) => command.endsWith('.focus');
  return [...new Set([...named, ...inTexts])]
    .filter((command) => !commands.includes(command) && !made(command))
    .map((command) => `The command ${command} is named, but not contributed.`);
}

function missingTexts(manifest, texts) {
  const used = new Set([...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
  const known = Object.keys(texts);
  return [
    ...[...used].filter((key) => !known.includes(key)).map((key) => `package.nls.json has no ${key}.`),
    ...known.filter((key) => !used.has(key)).map((key) => `${key} in package.nls.json is not used.`),
  ];
}

function missingFiles(contributes) {
  return [...new Set([...contributes.matchAll(/"(media\/[^"]+)"/g)].map(([, path]) => path))]
    .filter((path) => !existsSync(join(ROOT, path)))
    .map((path) => `${path} is named, but not there.`);
}

function readJson(path) {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}
