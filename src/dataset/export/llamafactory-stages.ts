import type { TrainerAdvice } from './export-target';

/** The stages of upstream's supervised training, and what each begins with. */
const STAGES = [
  {
    file: 'cold_start.yaml',
    name: 'cold_start',
    about: 'Cold start: the model learns to think and draw.',
    model: 'Qwen/Qwen2.5-VL-7B-Instruct',
  },
  {
    file: 'reflective.yaml',
    name: 'reflective',
    about:
      'Reflective: the model of the cold start is trained on, with its own traces that correct a drawing.',
    model: 'saves/cold_start',
  },
] as const;

/**
 * Settings of each stage for LLaMA-Factory, by their names: upstream's learning rate, epochs, batch and frozen parts, with the
 * limits that this data set needs so that no picture is shrunk and no sample cut.
 */
export function stageSettings(dataSet: string, advice: TrainerAdvice): Readonly<Record<string, string>> {
  return Object.fromEntries(
    STAGES.map(({ file, name, about, model }) => [
      file,
      `# ${about}
# In this folder: llamafactory-cli train ${file}
model_name_or_path: ${model}
stage: sft
do_train: true
finetuning_type: full
freeze_vision_tower: true
freeze_multi_modal_projector: true

dataset_dir: .
dataset: ${JSON.stringify(dataSet)}
template: qwen2_vl
# Pixels of the largest picture, and tokens of the longest sample, at most.
image_max_pixels: ${advice.image_max_pixels}
cutoff_len: ${advice.cutoff_len}

output_dir: saves/${name}
# Upstream's total is 32: 8 GPUs here.
per_device_train_batch_size: 1
gradient_accumulation_steps: 4
learning_rate: 1.0e-5
num_train_epochs: 3.0
lr_scheduler_type: cosine
warmup_ratio: 0.1
bf16: true
logging_steps: 10
save_strategy: epoch
report_to: none
`,
    ]),
  );
}
