import type { ExportFormat, ExportTarget, ImageMode } from './export-target';
import { HuggingFaceTarget } from './huggingface/huggingface-target';
import { LlamaFactoryTarget } from './llamafactory-target';
import { EASYR1 } from './rl/easyr1';
import { RlTarget } from './rl/rl-target';
import { VERL } from './rl/verl';
import type { SampleOptions } from './sample';
import { TracesTarget } from './traces-target';

export interface TargetOptions extends Omit<SampleOptions, 'signal'> {
  /** Names the data set. */
  readonly name: string;
  /** How pictures that stay as they are get there, where the form has files of them. */
  readonly mode: ImageMode;
}

/** Opens what writes in a form. */
export async function openTarget(format: ExportFormat, options: TargetOptions): Promise<ExportTarget> {
  switch (format) {
    case 'traces':
      return TracesTarget.open(options);
    case 'llamafactory':
      return LlamaFactoryTarget.open(options);
    case 'huggingface':
      return HuggingFaceTarget.open(options);
    case 'easyr1':
      return RlTarget.open(EASYR1, options);
    case 'verl':
      return RlTarget.open(VERL, options);
  }
}
