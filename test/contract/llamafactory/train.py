"""Trains one epoch on an exported data set as `llamafactory-cli train` does, and prints what LLaMA-Factory made of it.

    python test/contract/llamafactory/train.py --data DIR --settings FILE --model DIR --out DIR

The settings are those that were exported, but for the model, where files are, and what makes it short and fit for a CPU.

The last line is a JSON object: `samples`, one for each that is trained on, in the file's order, with `images` (how many),
`sizes` (width and height of each in pixels, as the processor hands them to the model), `shown` (how often an image stands in
its tokens), and `trained` (the texts that have labels, in order); `losses`, one a step.
"""

import argparse
import json
from itertools import groupby

import torch
import yaml

# LLaMA-Factory imports torchaudio, for sounds; that refuses a PyTorch that was built for another CUDA. Neither is used here.
cuda, torch.version.cuda = torch.version.cuda, None
import torchaudio  # noqa: E402, F401

torch.version.cuda = cuda

from llamafactory.extras.constants import IGNORE_INDEX  # noqa: E402
from llamafactory.train.tuner import run_exp  # noqa: E402
from transformers import TrainerCallback  # noqa: E402

BATCH = 4


class Watch(TrainerCallback):
    """Looks at the data set that the trainer was given, and at each step's loss."""

    def __init__(self):
        self.samples = []
        self.losses = []

    def on_train_begin(self, args, state, control, model, processing_class, train_dataloader, **kwargs):
        # What makes a batch for the model of samples, with the pixels of their pictures.
        collate = train_dataloader.collate_fn
        patch = model.config.vision_config.patch_size
        for sample in train_dataloader.dataset:
            grids = collate([dict(sample)])["image_grid_thw"]
            self.samples.append(
                {
                    "images": len(sample["images"]),
                    "sizes": [[width * patch, height * patch] for _, height, width in grids.tolist()],
                    "shown": sample["input_ids"].count(model.config.vision_start_token_id),
                    "trained": [processing_class.decode(ids) for ids in labelled(sample["labels"])],
                }
            )

    def on_log(self, args, state, control, logs, **kwargs):
        if "loss" in logs:
            self.losses.append(logs["loss"])


def labelled(labels: list[int]) -> list[list[int]]:
    """The runs of labels that count."""
    return [list(run) for counts, run in groupby(labels, lambda label: label != IGNORE_INDEX) if counts]


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("data", "settings", "model", "out"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    watch = Watch()
    with open(options.settings) as file:
        settings = yaml.safe_load(file)
    own = {
        "model_name_or_path": options.model,
        "dataset_dir": options.data,
        "output_dir": options.out,
        "per_device_train_batch_size": BATCH,
        "gradient_accumulation_steps": 1,
        "num_train_epochs": 1,
        "logging_steps": 1,
        "save_strategy": "no",
        "bf16": False,
        "use_cpu": True,
    }
    run_exp({**settings, **own}, [watch])
    print(json.dumps({"samples": watch.samples, "losses": watch.losses}))


if __name__ == "__main__":
    main()
