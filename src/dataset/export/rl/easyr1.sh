#!/bin/bash
# bash train.sh one-machine|ray CHECKPOINT [KEY=VALUE …]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
config=$1 model=$2
shift 2
exec python3 -m verl.trainer.main config="$here/$config.yaml" \
  data.train_files="$here/train.parquet" data.val_files="$here/train.parquet" \
  worker.reward.reward_function="$here/reward.py:easyr1" worker.actor.model.model_path="$model" "$@"
