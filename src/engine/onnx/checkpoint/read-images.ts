import { join } from 'node:path';
import type { ImageSpec, VisionSpec } from '../model-spec';
import { badModel } from './bad-model';
import { type ImageProcessorConfig, imageProcessorSchema, processorSchema } from './config-schema';
import { readJsonIfAny } from './json';

const OLD = 'preprocessor_config.json';
const NEW = 'processor_config.json';
/** Names under which the one image processor has gone. */
const KNOWN = ['Qwen2VLImageProcessor', 'Qwen2VLImageProcessorFast', 'Qwen2_5_VLImageProcessor'];
/** Pillow's number for bicubic resampling. */
const BICUBIC = 3;

/** The image processor of the checkpoint in `dir`, which must cut patches as the vision tower expects them. */
export async function readImageSpec(dir: string, vision: VisionSpec): Promise<ImageSpec> {
  const [name, config] = await findImageProcessor(dir);
  const path = join(dir, name);
  const type = config.image_processor_type;
  if (type != null && !KNOWN.includes(type)) {
    throw badModel(path, `names another image processor (${type}); Qwen2.5-VL uses ${KNOWN[0]}`);
  }
  if (config.do_resize === false)
    throw badModel(path, 'turns the resizing of images off, which is not supported');
  if (config.resample !== BICUBIC) {
    throw badModel(path, `resizes with filter ${config.resample}; only bicubic (${BICUBIC}) is supported`);
  }
  agree(path, 'patch_size', config.patch_size, vision.patch);
  agree(path, 'temporal_patch_size', config.temporal_patch_size, vision.temporalPatch);
  agree(path, 'merge_size', config.merge_size, vision.merge);

  const minPixels = config.min_pixels ?? config.size?.shortest_edge ?? config.size?.min_pixels ?? 56 * 56;
  const maxPixels =
    config.max_pixels ?? config.size?.longest_edge ?? config.size?.max_pixels ?? 28 * 28 * 1280;
  if (minPixels > maxPixels) {
    throw badModel(path, `wants images of at least ${minPixels} and at most ${maxPixels} pixels`);
  }
  return {
    factor: vision.patch * vision.merge,
    minPixels,
    maxPixels,
    mean: config.do_normalize === false ? [0, 0, 0] : config.image_mean,
    std: config.do_normalize === false ? [1, 1, 1] : config.image_std,
    rescale: config.do_rescale === false ? 1 : config.rescale_factor,
  };
}

/** The reference's order: the nested one of the newer file, else the older file. */
async function findImageProcessor(dir: string): Promise<[name: string, config: ImageProcessorConfig]> {
  const nested = (await readJsonIfAny(dir, NEW, processorSchema))?.image_processor;
  if (nested !== undefined) return [NEW, nested];
  const flat = await readJsonIfAny(dir, OLD, imageProcessorSchema);
  if (flat !== null) return [OLD, flat];
  throw badModel(
    dir,
    `has neither ${OLD} nor ${NEW} with an "image_processor"; copy it from the model's origin`,
  );
}

function agree(path: string, field: string, here: number, there: number): void {
  if (here !== there) throw badModel(path, `has a ${field} of ${here}; config.json has ${there}`);
}
