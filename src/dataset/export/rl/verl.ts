import drawingProgram from './drawing.py';
import loopProgram from './drawing_loop.py';
import { batchOf, type RlFacts, type RlForm, ROLLOUT } from './rl-form';
import trainScript from './verl.sh';

const AGENT = 'vilasr_drawing';

/** What verl takes: messages, and a rollout of several turns in which the model sees what it drew. */
export const VERL: RlForm = {
  columns: {
    data_source: 'string',
    agent_name: 'string',
    prompt: { list: { fields: { role: 'string', content: 'string' } } },
    images: { list: 'image' },
    ability: 'string',
    reward_model: { fields: { style: 'string', ground_truth: 'string' } },
    extra_info: {
      fields: { split: 'string', index: 'int32', id: 'string', type: 'string', kind: 'string' },
    },
  },
  row: ({ id, prompt, truth, paths, images, type, kind }, index) => ({
    data_source: 'vilasr',
    agent_name: AGENT,
    prompt,
    images,
    ability: 'spatial',
    // verl's dumps of rollouts have the ground truth, and nothing else by which to find the pictures again.
    reward_model: { style: 'rule', ground_truth: JSON.stringify({ ...truth, images: paths }) },
    extra_info: { split: 'train', index, id, type, kind },
  }),
  files: (facts) => ({
    'one-machine.yaml': config(facts, 1),
    'ray.yaml': config(facts, 4),
    'agent.yaml': agent(),
    'profile.json': `${JSON.stringify(facts.profile, null, 2)}\n`,
    'drawing.py': drawingProgram,
    'drawing_loop.py': loopProgram,
    'train.sh': trainScript,
    'README.md': readme(facts),
  }),
};

const agent = (): string => `- name: ${AGENT}
  _target_: drawing_loop.DrawingLoop
  # The words between two turns.
  profile: \${oc.env:VILASR_DATA,.}/profile.json
  max_turns: ${ROLLOUT.turns}
  max_images: ${ROLLOUT.images}
  max_turn_tokens: ${ROLLOUT.turnTokens}
`;

function config({ name, rows, promptTokens }: RlFacts, machines: number): string {
  const { step, update } = batchOf(rows);
  return `# verl 0.9, ${machines === 1 ? 'one machine' : `${machines} machines under Ray`} with 8 GPUs${machines === 1 ? '' : ' each'}. Start it with train.sh, which adds the paths.
hydra:
  searchpath:
    - pkg://verl.trainer.config

defaults:
  - ppo_trainer
  - _self_

data:
  train_files: train.parquet
  val_files: train.parquet
  prompt_key: prompt
  image_key: images
  train_batch_size: ${step}
  val_batch_size: ${step}
  # Tokens of the longest prompt here, at most. Nothing is cut or left out.
  max_prompt_length: ${promptTokens}
  max_response_length: ${ROLLOUT.responseTokens}
  filter_overlong_prompts: false
  truncation: error
  return_raw_chat: true

algorithm:
  adv_estimator: grpo
  use_kl_in_reward: false

actor_rollout_ref:
  model:
    path: null
    enable_gradient_checkpointing: true
  actor:
    ppo_mini_batch_size: ${update}
    ppo_micro_batch_size_per_gpu: 1
    use_kl_loss: false
    entropy_coeff: 0
    optim:
      lr: 1.0e-6
      weight_decay: 1.0e-2
  ref:
    log_prob_micro_batch_size_per_gpu: 1
  rollout:
    name: vllm
    n: ${ROLLOUT.samples}
    temperature: 1.0
    tensor_model_parallel_size: 2
    gpu_memory_utilization: 0.35
    log_prob_micro_batch_size_per_gpu: 1
    # Those of the question and all that are drawn.
    limit_images: ${ROLLOUT.images + 3}
    multi_turn:
      enable: true
      max_assistant_turns: ${ROLLOUT.turns}
    agent:
      default_agent_loop: ${AGENT}
      agent_loop_config_path: agent.yaml

reward:
  custom_reward_function:
    path: reward.py
    name: compute_score

trainer:
  total_epochs: 1
  project_name: vilasr
  experiment_name: ${JSON.stringify(name)}
  logger: [console]
  nnodes: ${machines}
  n_gpus_per_node: 8
  val_before_train: false
  test_freq: -1
  save_freq: 50
  # vilasr check, score and the editor read these files.
  rollout_data_dir: rollouts
`;
}

const readme = ({ name, rows }: RlFacts): string => `# ${name} for verl

${rows} ${rows === 1 ? 'question' : 'questions'} with pictures and right answers, each once, for training with reinforcement in the loop in which the
model draws, sees what it drew, and goes on. For verl 0.9, with vLLM.

* \`train.parquet\`: \`prompt\` (messages), \`images\`, \`reward_model\` (the right answer and the type of the question, as JSON), \`agent_name\`.
* \`reward.py\`: the reward, with the values of \`vilasr score\`; of its numbers only \`overall\` is rewarded.
* \`drawing_loop.py\`, \`agent.yaml\`, \`profile.json\`: the rollout, its limits, and the words between two turns.
* \`drawing.py\`: what a turn draws, and how. It needs Pillow alone. With Pillow 13 the pixels are those of \`vilasr\`. What differs: labels in
  characters that Pillow's default font lacks, and older versions of Pillow, which draw some ellipses and letters otherwise.
* \`one-machine.yaml\`, \`ray.yaml\`, \`train.sh\`: settings, as far as they carry over those that ViLaSR was trained with.

In an environment with verl:

\`\`\`
bash train.sh one-machine /path/of/checkpoint
\`\`\`

On several machines, with this folder at the same place on all of them, start Ray first, then train on the first machine:

\`\`\`
ray start --head                       # on the first
ray start --address=FIRST:6379         # on each other
bash train.sh ray /path/of/checkpoint trainer.nnodes=4
\`\`\`

A rollout ends as \`vilasr run\` ends: with an answer, after ${ROLLOUT.turns} turns, with ${ROLLOUT.images} images, where a turn neither draws nor answers or
draws what cannot be drawn, or when a turn has no room left. Rollouts are written to \`rollouts/\`, a file a step: the candidates that
\`vilasr score\`, \`vilasr select\` and the editor read, with their pictures once they lie beside the file that was exported. Validation is
off: \`val_files\` names the same rows, because verl wants some.
`;
