import * as vscode from 'vscode';
import type { Run, RunRequest } from '../run/run';
import type { Settings } from '../settings';
import { requireTrust } from '../trust';
import { type Asked, askQuestion, askSample } from './ask-question';
import { type BundledNotice, bundledNote } from './bundled-notice';
import { chooseSample, chooseSubject } from './choose-subject';
import type { FrameStore } from './frame-store';
import { orderPictures, tooMany } from './order-pictures';
import type { Pictures } from './pictures';
import type { RecentQuestions } from './recent-questions';
import { type Sample, samplesOf } from './samples';
import { classify, type Selection } from './selection';
import { framesOfFolder, framesOfVideo } from './take-frames';

export interface AskParts {
  readonly settings: () => Settings;
  readonly recent: RecentQuestions;
  readonly notice: BundledNotice;
  readonly samples: () => Promise<readonly Sample[]>;
  readonly frames: FrameStore;
  /** Starts the run and shows it. */
  readonly start: (request: RunRequest) => Run;
}

/** From pictures to a run: which pictures, in which order, which question, what kind of answer. */
export class Ask {
  constructor(private readonly parts: AskParts) {}

  /** Asks about what was selected; without a selection about what is then chosen. */
  async about(uris: readonly vscode.Uri[]): Promise<void> {
    if (!(await requireTrust())) return;
    const subject =
      uris.length > 0 ? { type: 'files' as const, uris } : await chooseSubject(await this.parts.samples());
    if (subject === undefined) return;
    if (subject.type === 'sample') return this.start(askSample(subject.sample));
    const pictures = await this.gather(subject.uris);
    if (pictures !== undefined) await this.question(pictures);
  }

  async aboutSample(): Promise<void> {
    if (!(await requireTrust())) return;
    const sample = await chooseSample(await this.parts.samples());
    if (sample !== undefined) await this.start(askSample(sample));
  }

  private async gather(uris: readonly vscode.Uri[]): Promise<Pictures | undefined> {
    const elsewhere = uris.find(({ scheme }) => scheme !== 'file');
    if (elsewhere !== undefined) {
      const why = vscode.l10n.t('{0} is not on a disk: images must be files.', elsewhere.toString(true));
      return refuse(why);
    }
    const selection = await classify(uris.map(({ fsPath }) => fsPath));
    const settings = this.parts.settings();
    const { maxImages } = settings.limits;
    switch (selection.type) {
      case 'pictures': {
        const { files } = selection;
        if (files.length === 1) return { kind: 'single', files, source: null };
        return orderPictures({ kind: 'multi-view', files, source: null }, maxImages);
      }
      case 'frames': {
        const frames = framesOfFolder(selection.folder, selection.files, settings);
        return frames.files.length === 1 ? frames : orderPictures(frames, maxImages);
      }
      case 'video':
        // Before they are taken, which takes its time.
        if (settings.videoFrames > maxImages) return refuse(tooManyFrames(settings.videoFrames, maxImages));
        return framesOfVideo(selection.file, settings, this.parts.frames);
      case 'unfit':
        return refuse(whyUnfit(selection));
    }
  }

  private async question(pictures: Pictures): Promise<void> {
    const { settings, recent, samples } = this.parts;
    const isBundled = settings().model.source === 'bundled';
    const all = await samples();
    const known = await Promise.all(pictures.files.map((file) => samplesOf(file, all)));
    const own = known.length === 1 ? known.flat() : [];
    const asked = await askQuestion({
      ...{ pictures, recent, own },
      samples: isBundled ? all : [],
      note: isBundled ? bundledNote() : null,
    });
    if (asked === undefined) return;
    const { text, options, type } = asked.question;
    await recent.add({ text, options: [...options], type });
    const isOther = asked.pictures === pictures && known.some((found) => found.length === 0);
    if (isBundled && isOther) this.parts.notice.show(pictures);
    await this.start(asked);
  }

  private async start({ question, pictures }: Asked): Promise<void> {
    const { model, limits, sampling } = this.parts.settings();
    const { files, source } = pictures;
    this.parts.start({ question, files, source, model, limits, sampling });
  }
}

async function refuse(why: string): Promise<undefined> {
  await vscode.window.showErrorMessage(why);
}

const tooManyFrames = (count: number, most: number): string =>
  vscode.l10n.t('{0} Lower "vilasr.video.frames" in the settings.', `${tooMany(count, most)}.`);

function whyUnfit({ path, why }: Extract<Selection, { type: 'unfit' }>): string {
  switch (why) {
    case 'no-picture':
      return vscode.l10n.t('{0} is neither an image nor a video.', path);
    case 'empty-folder':
      return vscode.l10n.t('{0} holds no images.', path);
    case 'mixed':
      return vscode.l10n.t('Ask about one video or folder at a time: {0} was selected with others.', path);
    case 'missing':
      return vscode.l10n.t('{0} is not there.', path);
  }
}
