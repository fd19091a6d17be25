import { basename } from 'node:path';
import * as vscode from 'vscode';
import { cancellable } from '../cancellable';
import type { Settings } from '../settings';
import { extractFrames, NoFfmpeg } from './ffmpeg';
import type { FrameStore } from './frame-store';
import type { Pictures } from './pictures';
import { sampleFrames } from './sample-frames';

/** Some of the pictures of a folder, spread evenly, as the frames of a video. */
export function framesOfFolder(
  folder: string,
  files: readonly string[],
  { videoFrames }: Settings,
): Pictures {
  const frames = sampleFrames(files.length, videoFrames).flatMap((i) => files[i] ?? []);
  return {
    kind: frames.length === 1 ? 'single' : 'video',
    files: frames,
    source: { folder, frames: files.length },
  };
}

/** Takes frames of a video with ffmpeg, with progress and cancel; undefined if that was cancelled or did not work. */
export async function framesOfVideo(
  video: string,
  { videoFrames, ffmpegPath }: Settings,
  frames: FrameStore,
): Promise<Pictures | undefined> {
  const title = vscode.l10n.t('Taking {0} frames of {1}', videoFrames, basename(video));
  try {
    const files = await cancellable(title, (progress, signal) =>
      extractFrames(video, {
        ffmpeg: ffmpegPath === '' ? 'ffmpeg' : ffmpegPath,
        count: videoFrames,
        storage: frames.path,
        signal,
        onFrame: (_, total) => progress.report({ increment: 100 / total }),
      }),
    );
    if (files === null) return undefined;
    frames.handOut(files);
    return { kind: files.length === 1 ? 'single' : 'video', files, source: { video } };
  } catch (error) {
    await explain(error, video);
    return undefined;
  }
}

async function explain(error: unknown, video: string): Promise<void> {
  const name = basename(video);
  if (!(error instanceof NoFfmpeg)) {
    const why = error instanceof Error ? error.message : String(error);
    await vscode.window.showErrorMessage(vscode.l10n.t('No frames could be taken of {0}: {1}', name, why));
    return;
  }
  const settings = vscode.l10n.t('Open Settings');
  const chosen = await vscode.window.showErrorMessage(
    vscode.l10n.t(
      'To ask about {0}, its frames are taken with ffmpeg, which is not there. Install ffmpeg, or say where it is in the settings; or ask about a folder of frames.',
      name,
    ),
    settings,
  );
  if (chosen === settings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'vilasr.video.ffmpegPath');
  }
}
