import trainScript from './easyr1.sh';
import { batchOf, type RlFacts, type RlForm, ROLLOUT } from './rl-form';

/** What EasyR1 takes: a prompt that is one text, without a system's message, and one turn. */
export const EASYR1: RlForm = {
  columns: { id: 'string', problem: 'string', answer: 'string', images: { list: 'image' } },
  row: ({ id, prompt, truth, images }) => ({
    id,
    problem: prompt.map(({ content }) => content).join('\n\n'),
    answer: JSON.stringify(truth),
    images,
  }),
  files: (facts) => ({
    'one-machine.yaml': config(facts, 1),
    'ray.yaml': config(facts, 4),
    'train.sh': trainScript,
    'README.md': readme(facts),
  }),
};

function config({ name, rows, promptTokens, images }: RlFacts, machines: number): string {
  const { step, update } = batchOf(rows);
  return `# EasyR1, ${machines === 1 ? 'one machine' : `${machines} machines under Ray`} with 8 GPUs${machines === 1 ? '' : ' each'}. Start it with train.sh, which adds the paths.
data:
  train_files: train.parquet
  val_files: train.parquet
  prompt_key: problem
  answer_key: answer
  image_key: images
  # Tokens of the longest prompt here, at most. Nothing is cut or left out.
  max_prompt_length: ${promptTokens}
  max_response_length: ${ROLLOUT.responseTokens}
  filter_overlong_prompts: false
  rollout_batch_size: ${step}
  val_batch_size: ${step}
  # Coordinates are pixels of the pictures as they are: no resizing.
  min_pixels: null
  max_pixels: null

algorithm:
  adv_estimator: grpo
  disable_kl: true
  kl_coef: 0.0

worker:
  actor:
    global_batch_size: ${update}
    micro_batch_size_per_device_for_update: 1
    micro_batch_size_per_device_for_experience: 1
    model:
      model_path: null
      freeze_vision_tower: false
    optim:
      lr: 1.0e-6
      weight_decay: 1.0e-2
    offload:
      offload_params: true
      offload_optimizer: true
  rollout:
    n: ${ROLLOUT.samples}
    temperature: 1.0
    limit_images: ${images}
    tensor_parallel_size: 2
    gpu_memory_utilization: 0.35
  reward:
    reward_function: reward.py:easyr1

trainer:
  total_epochs: 1
  project_name: vilasr
  experiment_name: ${JSON.stringify(name)}
  logger: [console]
  nnodes: ${machines}
  n_gpus_per_node: 8
  val_freq: -1
  val_before_train: false
  save_freq: 50
`;
}

const readme = ({ name, rows }: RlFacts): string => `# ${name} for EasyR1

${rows} ${rows === 1 ? 'question' : 'questions'} with pictures and right answers, each once, for training with reinforcement.

**EasyR1 has no rollout of several turns.** The model speaks once: nothing that it draws is drawn, and it sees none of it. The prompt tells
it of drawing all the same. So this trains the form of a turn and the answer, not the looking. To train the whole loop, export \`--for verl\`.

* \`train.parquet\`: \`problem\` (the system's words and the question in one text, since EasyR1 takes no system message), \`answer\`,
  \`images\`. The model's own chat template may add a system message of its own.
* \`reward.py\`: the reward, with the values of \`vilasr score\`. \`answer\` is JSON for it: the right answer, and the type of the question.
* \`one-machine.yaml\`, \`ray.yaml\`, \`train.sh\`: settings, as far as they carry over those that ViLaSR was trained with.

In an environment with EasyR1:

\`\`\`
bash train.sh one-machine /path/of/checkpoint
\`\`\`

On several machines, with this folder at the same place on all of them, start Ray first, then train on the first machine:

\`\`\`
ray start --head                       # on the first
ray start --address=FIRST:6379         # on each other
bash train.sh ray /path/of/checkpoint trainer.nnodes=4
\`\`\`

Validation is off: \`val_files\` names the same rows, because EasyR1 wants some.
`;
