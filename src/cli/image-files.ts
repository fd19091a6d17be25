import { join } from 'node:path';
import type { PixelService } from '../image/pixel-service';
import type { ReasonEvent } from '../reason/reason';

/** Writes each image of a loop to `image-N.png` in a folder, as the model sees it, while the loop goes on. */
export class ImageFiles {
  private work: Promise<void> = Promise.resolve();
  private failure: unknown = null;

  constructor(
    private readonly pixels: PixelService,
    private readonly folder: string,
  ) {}

  on(event: ReasonEvent): void {
    if (event.type !== 'image') return;
    const path = join(this.folder, `image-${event.image.number}.png`);
    this.work = this.work
      .then(() => this.pixels.savePng(event.pixels, path))
      .catch((error: unknown) => {
        this.failure ??= error;
      });
  }

  /** Resolves when all are written. Throws the first failure. */
  async finish(): Promise<void> {
    await this.work;
    if (this.failure !== null) throw this.failure;
  }
}
