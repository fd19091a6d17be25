"""Reads an export for verl with verl's own code, and rolls its agent loop out with a model that says what a file says.

    python roll_out.py EXPORT CHECKPOINT TURNS

TURNS has a JSON list of turns a line, one for each row. Prints a JSON object.
"""

import asyncio
import hashlib
import json
import os
import sys

import hydra
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf
from transformers import AutoProcessor
from verl.experimental.agent_loop.agent_loop import DictConfigWrap, ToolListWrap
from verl.trainer.ppo.reward import get_custom_reward_fn
from verl.utils.dataset.rl_dataset import RLHFDataset
from verl.workers.rollout.replica import TokenOutput

export, checkpoint, turns_file = sys.argv[1:]
sys.path.insert(0, export)
os.environ["VILASR_DATA"] = export
processor = AutoProcessor.from_pretrained(checkpoint)
tokenizer = processor.tokenizer
END = tokenizer.convert_tokens_to_ids("<|im_end|>")
PAD = tokenizer.convert_tokens_to_ids("<|image_pad|>")


def settings(name):
    paths = [f"data.train_files={export}/train.parquet", f"reward.custom_reward_function.path={export}/reward.py"]
    with initialize_config_dir(export, version_base=None):
        return compose(name, overrides=[*paths, f"+data.cache_dir={os.getcwd()}/cache"])


class Script:
    """Says the next turn at each call, as a server would."""

    def __init__(self, turns):
        self.turns, self.limits = list(turns), []

    async def generate(self, request_id, prompt_ids, sampling_params, image_data):
        assert sum(1 for a, b in zip(prompt_ids, prompt_ids[1:]) if a != PAD and b == PAD) == len(image_data)
        self.limits.append(sampling_params["max_tokens"])
        said = [*tokenizer.encode(self.turns.pop(0), add_special_tokens=False), END]
        return TokenOutput(token_ids=said, log_probs=[-1.0] * len(said))


def collapsed(ids):
    return tokenizer.decode([b for a, b in zip([None, *ids], ids) if not a == b == PAD])


async def roll_out(row, turns, config, agent, reward):
    loop = hydra.utils.instantiate(
        config=agent,
        trainer_config=DictConfigWrap(config),
        server_manager=(script := Script(turns)),
        tokenizer=tokenizer,
        processor=processor,
        hf_model_type="qwen2_5_vl",
        dataset_cls=RLHFDataset,
        data_config=DictConfigWrap(config.data),
        tools=ToolListWrap([]),
    )
    out = await loop.run({"temperature": 1.0}, **row)
    response = tokenizer.decode(out.response_ids, skip_special_tokens=True)
    truth = row["reward_model"]["ground_truth"]
    return {
        "text": collapsed(out.prompt_ids + out.response_ids),
        "trained": tokenizer.decode([token for token, on in zip(out.response_ids, out.response_mask) if on]),
        "probabilities": [len(out.response_logprobs), len(out.response_mask), len(out.response_ids)],
        "images": [hashlib.sha256(image.convert("RGB").tobytes()).hexdigest() for image in out.multi_modal_data["images"]],
        "finish": out.extra_fields["finish"],
        "left": len(script.turns),
        "input": tokenizer.decode(out.prompt_ids, skip_special_tokens=True),
        "output": response,
        "gts": truth,
        "score": reward("vilasr", response, truth, extra_info={"turns": out.extra_fields["turns"]}),
        "scoreByRoles": reward("vilasr", response, truth),
    }


async def main():
    config = settings("one-machine")
    data = RLHFDataset(config.data.train_files, tokenizer, config.data, processor)
    [agent] = OmegaConf.load(f"{export}/agent.yaml")
    reward = get_custom_reward_fn(config)
    with open(turns_file) as file:
        scripts = [json.loads(line) for line in file]
    rows = [await roll_out(data[i], turns, config, agent, reward) for i, turns in enumerate(scripts)]
    print(json.dumps({"count": len(data), "machines": settings("ray").trainer.nnodes, "rows": rows}))


asyncio.run(main())
