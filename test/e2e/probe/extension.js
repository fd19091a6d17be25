/**
 * An extension that lives in the same process as ours and answers the tests over the socket that VILASR_E2E_PROBE names:
 * a JSON line `{ id, method, params }` asks, a line `{ id, result }` or `{ id, error }` answers.
 */
const { rmSync } = require('node:fs');
const { createServer } = require('node:net');
const { performance } = require('node:perf_hooks');
const { createInterface } = require('node:readline');
const { Worker } = require('node:worker_threads');
const vscode = require('vscode');

/** How often the event loops are looked at, in milliseconds. */
const LOOK = 5;
/** Counts the longest gap of the loop it runs in, beyond what was asked for. */
const WATCH = `
  let longest = 0;
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - ${LOOK});
    last = now;
  }, ${LOOK});
`;

let own = null;
let idle = null;

const methods = {
  pid: () => process.pid,
  commands: () => vscode.commands.getCommands(true),
  isActive: ({ id }) => vscode.extensions.getExtension(id)?.isActive ?? null,
  /** Starts an extension; how long that took, in milliseconds, with reading its code. */
  activate: async ({ id }) => {
    const began = performance.now();
    await vscode.extensions.getExtension(id).activate();
    return performance.now() - began;
  },
  manifest: ({ id }) => vscode.extensions.getExtension(id)?.packageJSON ?? null,
  execute: ({ command, args }) => vscode.commands.executeCommand(command, ...args),
  openWith: ({ path, editor }) =>
    vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(path), editor),
  configure: ({ name, value, target }) =>
    vscode.workspace.getConfiguration().update(name, value, vscode.ConfigurationTarget[target]),
  settings: ({ section }) => vscode.workspace.getConfiguration(section),
  clipboard: () => vscode.env.clipboard.readText(),
  /** Begins to measure gaps of this process's event loop, and of one beside it that has nothing to do. */
  watch: () => {
    let last = performance.now();
    own = { longest: 0 };
    const look = () => {
      const now = performance.now();
      own.longest = Math.max(own.longest, now - last - LOOK);
      last = now;
    };
    own.timer = setInterval(look, LOOK);
    const worker = `${WATCH} require('node:worker_threads').parentPort.on('message', () =>
      require('node:worker_threads').parentPort.postMessage(longest));`;
    idle = new Worker(worker, { eval: true });
    return null;
  },
  /** Ends it. The longest gaps in milliseconds. */
  gaps: async () => {
    clearInterval(own.timer);
    const beside = await new Promise((resolve) => {
      idle.once('message', resolve);
      idle.postMessage(null);
    });
    await idle.terminate();
    return { host: own.longest, idle: beside };
  },
};

async function answer({ id, method, params }) {
  try {
    return { id, result: (await methods[method](params)) ?? null };
  } catch (error) {
    return { id, error: String(error?.stack ?? error) };
  }
}

exports.activate = (context) => {
  const server = createServer((socket) => {
    createInterface({ input: socket }).on('line', async (line) => {
      socket.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
    });
    socket.on('error', () => socket.destroy());
  });
  const path = process.env.VILASR_E2E_PROBE;
  // Left by the process before, if the window was loaded anew.
  rmSync(path, { force: true });
  server.listen(path);
  context.subscriptions.push({ dispose: () => server.close() });
};
