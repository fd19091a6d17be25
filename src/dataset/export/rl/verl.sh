#!/bin/bash
# bash train.sh one-machine|ray CHECKPOINT [KEY=VALUE …]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
config=$1 model=$2
shift 2
# agent.yaml names files of this folder.
cd "$here"
export PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}"
exec python3 -m verl.trainer.main_ppo --config-path="$here" --config-name="$config" \
  data.train_files="$here/train.parquet" data.val_files="$here/train.parquet" \
  reward.custom_reward_function.path="$here/reward.py" actor_rollout_ref.model.path="$model" \
  actor_rollout_ref.rollout.agent.agent_loop_config_path="$here/agent.yaml" \
  +ray_kwargs.ray_init.runtime_env.env_vars.PYTHONPATH="$PYTHONPATH" \
  +ray_kwargs.ray_init.runtime_env.env_vars.VILASR_DATA="$here" "$@"
