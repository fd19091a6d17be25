import { join } from 'node:path';
import * as vscode from 'vscode';
import { indexInWorker } from './dataset/source/start-index';
import { tableInWorker } from './dataset/table/start-table';
import type { Computing } from './engine/engine';
import type { Ask } from './host/ask/ask';
import { BundledNotice } from './host/ask/bundled-notice';
import { FrameStore } from './host/ask/frame-store';
import { RecentQuestions } from './host/ask/recent-questions';
import { currentSettings, SECTION } from './host/config';
import { AcceptedMarks } from './host/files/accepted-marks';
import { Backups } from './host/files/backups';
import { ImageFolders } from './host/files/image-folders';
import { Problems } from './host/files/problems';
import { registerShowTrace } from './host/files/show-trace';
import { TRACE_EDITORS, TraceEditor } from './host/files/trace-editor';
import { EngineKeeper } from './host/model/engine-keeper';
import { modelOpener } from './host/model/model-opener';
import { prepareModel } from './host/model/prepare-model';
import type { SelectParts } from './host/model/select-parts';
import { ServerKeys } from './host/model/server-key';
import { describeComputing, showModelState } from './host/model/status-item';
import { unloadModel } from './host/model/unload-model';
import { registerReportCommands } from './host/report/report-commands';
import { confirmStop, tellFailure, tellLoss } from './host/run/notices';
import type { Run, RunRequest } from './host/run/run';
import { explain, registerRunCommands } from './host/run/run-commands';
import { RUN_VIEW, RunPanels } from './host/run/run-panels';
import { RunStore } from './host/run/run-store';
import { Runs } from './host/run/runs';
import { RunsTree } from './host/run/runs-tree';
import { registerSampling } from './host/sampling/register';
import { Samplings } from './host/sampling/samplings';
import { askReason } from './host/view/ask-reason';
import { OpenViews } from './host/view/open-views';
import { removeStaleFolders, sessionFolder } from './host/view/session-folder';
import { traceActions } from './host/view/trace-actions';
import { TraceImages } from './host/view/trace-images';
import { startPixelService } from './image/child-pixel-service';
import { Once } from './shared/once';
import { MOST_REASONS } from './view/verdict';

/** Ends what was started; set by `activate`. */
let end = async (): Promise<void> => {};

/** Builds the parts of the extension and wires them. No model, and nothing native, is loaded before it is used. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri, extensionPath, globalState, subscriptions } = context;
  const log = vscode.window.createOutputChannel('ViLaSR', { log: true });
  const settings = () => currentSettings(log);
  const storage = (context.storageUri ?? context.globalStorageUri).fsPath;
  const caches = join(context.globalStorageUri.fsPath, 'sessions');
  const samples = join(context.globalStorageUri.fsPath, 'samples');
  const version = String(context.extension.packageJSON.version);
  const frames = new FrameStore(join(storage, 'frames'));

  const pixels = startPixelService(join(extensionPath, 'dist', 'pixels.js'));
  const images = new TraceImages(pixels, join(sessionFolder(caches), 'images'));
  const keeper = new EngineKeeper(() => {
    const { unloadAfterMinutes } = settings();
    return unloadAfterMinutes === 0 ? Number.POSITIVE_INFINITY : unloadAfterMinutes * 60_000;
  });
  const keys = new ServerKeys(context.secrets);
  const modelParts = {
    bundled: join(extensionPath, 'media', 'model'),
    enginePath: join(extensionPath, 'dist', 'engine.js'),
    keys,
    encoder: pixels,
    onComputing: (computing: Computing) => {
      log.info(describeComputing(computing));
      keeper.changed.tell();
    },
  };
  const openerOf = ({ model, limits }: Pick<RunRequest, 'model' | 'limits'>) =>
    modelOpener(model, { ...limits, parallel: 1 }, modelParts);

  const store = new RunStore(join(storage, 'recent-runs.traces.jsonl'));
  const openingMessage = vscode.l10n.t('Opening the model');
  const runs = new Runs(async (run) => {
    const { carryOut } = await import('./host/run/carry-out');
    return carryOut(run, { keeper, openerOf, pixels, openingMessage });
  }, store);
  const start = (request: RunRequest): Run => {
    const run = runs.start(request);
    log.info(`${run.id}: asked of ${request.model.source} about ${request.files.join(', ')}`);
    panels.show(run);
    return run;
  };

  const memory = context.workspaceState;
  const folders = new ImageFolders(globalState);
  const actions = traceActions({
    settings,
    images,
    log,
    memory,
    own: [frames.path, samples, extensionPath],
    start,
    folders,
    pixels,
  });
  const views = new OpenViews({
    ...{ extensionUri, images, actions, log },
    reasonFor: async (verdict) =>
      settings().askReason ? askReason(verdict) : { reason: null, comment: null },
    review: () => {
      const { reasons, advance } = settings();
      return { reasons: reasons.slice(0, MOST_REASONS), advance };
    },
  });
  const panels = new RunPanels(runs, store, views, extensionUri);
  const samplings = new Samplings();
  const desk = new Once(async () => {
    const { SamplingDesk } = await import('./host/sampling/desk');
    const opened = new SamplingDesk({
      ...{ settings, runs, samplings, keeper, pixels, views, memory, extensionUri, log },
      openerOf: (model, demands) => modelOpener(model, demands, modelParts),
      folderOf: ({ source, folder }) => (source === 'bundled' ? modelParts.bundled : folder),
    });
    subscriptions.push(opened);
    return opened;
  });
  const tree = vscode.window.createTreeView('vilasr.runs', {
    treeDataProvider: new RunsTree(runs, store, samplings),
    canSelectMany: true,
    showCollapseAll: false,
  });

  const [recent, notice] = [new RecentQuestions(globalState), new BundledNotice(globalState)];
  const known = new Once(async () => {
    const { keepSamples } = await import('./host/ask/samples');
    return keepSamples(join(extensionPath, 'media', 'samples'), samples, version);
  });
  const ask = async (): Promise<Ask> => {
    const { Ask } = await import('./host/ask/ask');
    return new Ask({ settings, frames, start, recent, notice, samples: () => known.get() });
  };
  const askAbout = async (uri?: unknown, uris?: unknown) => (await ask()).about(urisOf(uri, uris));
  const startIndex = indexInWorker(join(extensionPath, 'dist', 'index-worker.js'), true);
  const startTable = tableInWorker(join(extensionPath, 'dist', 'table-worker.js'));
  const problems = new Problems();
  const editorParts = {
    ...{ views, startIndex, startTable, problems, folders },
    copies: join(sessionFolder(caches), 'copies'),
    backups: new Backups(join(storage, 'backups')),
    accepted: new AcceptedMarks(memory),
  };
  const status = showModelState(keeper, settings, openerOf);
  const selectParts: SelectParts = {
    ...{ settings, keys },
    prepare: (model, onProgress, signal) => {
      const opener = openerOf({ model, limits: settings().limits });
      const onWaiting = () => onProgress(vscode.l10n.t('Waiting for the run or the sampling that goes on'));
      return prepareModel(model, opener, { runs, keeper }, { onProgress, onWaiting, signal });
    },
  };

  runs.ended.add(({ run, trace }) => {
    const what = `${run.id}: ${trace.finish}, ${trace.turns.length} turns`;
    if (trace.finish !== 'failed') {
      log.info(what);
      return;
    }
    log.error(`${what}: ${trace.error}`);
    void tellFailure(run, trace, { showLog: actions.showLog, again: () => start(run.request) });
  });
  runs.lost.add((error) => void tellLoss(error));
  keeper.changed.add(() => log.debug(`The model is ${keeper.state}.`));

  const { registerCommand } = vscode.commands;
  subscriptions.push(
    ...[log, views, tree, status, problems],
    registerCommand('vilasr.ask', askAbout),
    registerCommand('vilasr.askFrames', askAbout),
    registerCommand('vilasr.askVideo', askAbout),
    registerCommand('vilasr.askSample', async () => (await ask()).aboutSample()),
    registerCommand('vilasr.selectModel', async () => {
      const { selectModel } = await import('./host/model/select-model');
      return selectModel(selectParts);
    }),
    registerCommand('vilasr.downloadModel', async () => {
      const { downloadAndSelect } = await import('./host/model/download-model');
      return explain(() => downloadAndSelect(selectParts));
    }),
    registerCommand('vilasr.removeImports', async () => {
      const { removeImports } = await import('./host/model/remove-imports');
      return explain(() => removeImports(keeper));
    }),
    registerCommand('vilasr.benchmark', async () => {
      const { benchmark } = await import('./host/model/benchmark');
      return explain(() => benchmark({ settings, runs, keeper, version, ...modelParts }));
    }),
    registerCommand('vilasr.unloadModel', () => unloadModel({ runs, keeper }, confirmStop)),
    registerCommand('vilasr.showLog', () => log.show()),
    registerRunCommands({ runs, store, panels, views, actions, frames }),
    registerSampling(() => desk.get(), samplings),
    views.registerCommands(),
    registerShowTrace(views),
    registerReportCommands(views, extensionPath),
    vscode.window.registerWebviewPanelSerializer(RUN_VIEW, panels),
    registerCommand('vilasr.exportData', async () => {
      const document = views.active?.source.document ?? null;
      if (document === null) return;
      const { exportDataSet } = await import('./host/files/export-data-set');
      await explain(() =>
        exportDataSet(document, {
          pixels,
          startIndex,
          profilePath: () => settings().model.profile,
        }),
      );
    }),
    ...TRACE_EDITORS.map((type) => {
      const options = { supportsMultipleEditorsPerDocument: true };
      return vscode.window.registerCustomEditorProvider(type, new TraceEditor(type, editorParts), options);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => views.refresh()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SECTION)) status.update();
    }),
  );

  void removeStaleFolders(caches);
  end = async () => {
    await runs.stopAll();
    await Promise.all([keeper.unload(), pixels.close(), images.clear()]);
  };
}

/** Stops what goes on, keeps what was said, and ends the processes. */
export function deactivate(): Promise<void> {
  return end();
}

/** What a menu of the explorer or of an editor says is selected. */
function urisOf(uri: unknown, uris: unknown): vscode.Uri[] {
  const all: readonly unknown[] = Array.isArray(uris) && uris.length > 0 ? uris : [uri];
  return all.filter((one) => one instanceof vscode.Uri);
}
