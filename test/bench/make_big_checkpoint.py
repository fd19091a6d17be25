"""Writes a random checkpoint of about 200 million parameters, for the engine's benchmark.

    python test/bench/make_big_checkpoint.py OUT

The shape is that of a small Qwen2.5 (wide MLP, grouped query heads, tied head); the files are those of the random
checkpoints of the parity tests, in bfloat16 (430 MB).
"""

import json
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parents[1] / "parity"))
from make_checkpoints import make  # noqa: E402

SHAPE = {
    "dtype": torch.bfloat16,
    "layout": "7b",
    "shard": "5GB",
    "tied": True,
    **json.loads((Path(__file__).parent / "big-shape.json").read_text()),
}

if __name__ == "__main__":
    out = Path(sys.argv[1])
    make(out.name, SHAPE, seed=1, out=out.parent)
