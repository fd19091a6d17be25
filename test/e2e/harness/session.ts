import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { Workbench } from '../pages/workbench';
import { collectWebviewErrors, launchBrowser } from './browser';
import { CodeServer } from './code-server';
import { Probe } from './probe';
import { photograph } from './screenshots';
import { type WorkspaceFiles, writeWorkspace } from './workspace';

/** What keeps VS Code quiet, so that nothing pops up that a test did not cause. */
const QUIET = {
  'chat.disableAIFeatures': true,
  'explorer.autoReveal': false,
  'extensions.ignoreRecommendations': true,
  // In a browser the default is to save by itself.
  'files.autoSave': 'off',
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  // A graphics card is tried by a process of its own, which a test that holds up the engine would take for it.
  'vilasr.model.provider': 'cpu',
  'window.commandCenter': false,
  'workbench.enableExperiments': false,
  'workbench.layoutControl.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

export interface SessionOptions {
  readonly files: WorkspaceFiles;
  /** Besides those that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** More variables for the extension host, asked for once. */
  readonly env?: () => Promise<Readonly<Record<string, string>>>;
  /** Called before the window is opened. */
  readonly prepare?: (context: BrowserContext) => Promise<void>;
}

/** A workbench in a browser, on a server with a fresh user and the packaged extension. */
export class Session {
  private constructor(
    private readonly root: string,
    private readonly server: CodeServer,
    private readonly browser: Browser,
    readonly page: Page,
    readonly workbench: Workbench,
    /** An extension beside ours in the same process. */
    readonly probe: Probe,
    /** What has gone wrong in webviews. */
    readonly errors: string[],
  ) {}

  /** The folder that is open. */
  get folder(): string {
    return workspaceIn(this.root);
  }

  static async open({ files, settings, env: more, prepare }: SessionOptions): Promise<Session> {
    const installation = inject('installation');
    const root = mkdtempSync(join(tmpdir(), 'vilasr-e2e-'));
    const userData = join(root, 'user');
    const socket = join(root, 'probe.sock');
    writeWorkspace(workspaceIn(root), files);
    mkdirSync(join(userData, 'User'), { recursive: true });
    writeFileSync(join(userData, 'User/settings.json'), JSON.stringify({ ...QUIET, ...settings }));
    const env = { VILASR_E2E_PROBE: socket, VILASR_CACHE: installation.cache, ...(await more?.()) };
    const server = await CodeServer.start({ installation, userData, env });
    const browser = await launchBrowser(installation.chromium);
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    await prepare?.(context);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const errors = collectWebviewErrors(page);
    const workbench = new Workbench(page, `${server.url}/?folder=${encodeURIComponent(workspaceIn(root))}`);
    await workbench.open();
    const probe = new Probe(socket);
    // Once an extension answers, the window knows what all of them contribute.
    await probe.pid();
    return new Session(root, server, browser, page, workbench, probe, errors);
  }

  /** What VS Code keeps of its user. */
  get userData(): string {
    return join(this.root, 'user');
  }

  /** Ends the window without a word to it, and opens it again. */
  async kill(): Promise<void> {
    const before = await this.probe.pid();
    process.kill(before, 'SIGKILL');
    await this.page.goto('about:blank');
    await this.workbench.open();
    await expect.poll(() => this.probe.pid().catch(() => before)).not.toBe(before);
  }

  /** Loads the window anew. */
  async reload(): Promise<void> {
    const before = await this.probe.pid();
    const loaded = this.page.waitForEvent('load');
    await this.workbench.run('Developer: Reload Window');
    await loaded;
    await this.workbench.explorer.waitUntilShown();
    await expect.poll(() => this.probe.pid().catch(() => before)).not.toBe(before);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Opens a session before the tests of a file and closes it after them. A test fails if something went wrong in a webview
 * meanwhile; of one that fails a picture is kept.
 */
export function useSession(options: SessionOptions): () => Session {
  let session: Session | undefined;
  beforeAll(async () => {
    session = await Session.open(options);
  });
  afterEach(async ({ task }) => {
    if (session === undefined) return;
    if (task.result?.state === 'fail') await photograph(session.page, `failures/${task.name}`);
    expect(session.errors.splice(0), 'errors in webviews').toEqual([]);
  });
  afterAll(() => session?.close());
  return () => {
    if (session === undefined) throw new Error('The session is not open yet.');
    return session;
  };
}

const workspaceIn = (root: string): string => join(root, 'workspace');
