"""Writes golden/smart-resize.json.gz and golden/resize.json: what the reference makes of sizes and of pixels.

    python test/parity/make_resize_golden.py

Sizes: rows `[width, height, factor, min_pixels, max_pixels, new_width, new_height]`, the last two 0 where the reference
refuses. qwen-vl-utils decides; where its target has a side of 0, transformers does (src/image/smart-resize.ts says why).
Pixels: the SHA-256 of the resized bytes, made by Pillow 13's default filter. transformers 5, qwen-vl-utils 0.0.14.
"""

import gzip
import hashlib
import json
import random
from pathlib import Path

import numpy as np
from PIL import Image
from qwen_vl_utils.vision_process import smart_resize as loader_resize
from transformers.models.qwen2_vl.image_processing_qwen2_vl import smart_resize as processor_resize

GOLDEN = Path(__file__).parent / "golden"
rng = random.Random(20261122)


def side() -> int:
    kind = rng.random()
    if kind < 0.25:
        return 14 * rng.randrange(1, 400)  # halves: where Python's rounding shows
    return int(10 ** rng.uniform(0, 4.5)) if kind < 0.6 else rng.randrange(1, 5000)


def limits() -> tuple[int, int, int]:
    factor = rng.choice([28, 28, 28, 28, 32, 14, 56])
    low, high = sorted(int(10 ** rng.uniform(2.5, 7.5)) for _ in range(2))
    common = rng.choice([(3136, 12845056), (4 * factor**2, 16384 * factor**2), (100352, 602112), (3136, 401408), (low, high), (low, high)])
    return factor, *common


def target(width: int, height: int, factor: int, low: int, high: int) -> tuple[int, int]:
    try:
        new_height, new_width = loader_resize(height, width, factor, low, high)
        other = processor_resize(height, width, factor, low, high)
    except ValueError:
        return 0, 0
    thin = min(round(height / factor), round(width / factor)) == 0
    assert (new_height, new_width) == other or thin or 0 in (new_height, new_width)
    if 0 in (new_height, new_width):
        new_height, new_width = (max(factor, length) for length in (new_height, new_width))
        assert (new_height, new_width) == other or thin
    return new_width, new_height


rows = []
for _ in range(10_000):
    row = side(), side(), *limits()
    rows.append([*row, *target(*row)])
(GOLDEN / "smart-resize.json.gz").write_bytes(gzip.compress(json.dumps(rows, separators=(",", ":")).encode(), 9, mtime=0))


def picture(kind: str, width: int, height: int, seed: int) -> np.ndarray:
    """Pictures that the test computes too: noise from a linear congruential generator, or hard edges of 0 and 255."""
    if kind == "edges":
        y, x, c = np.mgrid[0:height, 0:width, 0:3]
        return np.where(((x // 5) ^ (y // 3) ^ c) & 1, 255, 0).astype(np.uint8)
    state, values = seed, []
    for _ in range(width * height * 3):
        state = (state * 1103515245 + 12345) % 2**31
        values.append(state >> 16 & 255)
    return np.array(values, np.uint8).reshape(height, width, 3)


cases = []
for number in range(60):
    width, height = (rng.choice([1, 2, 3, 7, 28, 45, 64, 97, 150]) for _ in range(2))
    size = [rng.choice([1, 2, 5, 28, 56, 84, 112, 196]) for _ in range(2)]
    if number % 6 == 0:
        size[number // 6 % 2] = (width, height)[number // 6 % 2]  # one side kept: one pass only
    kind = rng.choice(["noise", "noise", "edges"])
    resized = Image.fromarray(picture(kind, width, height, number)).resize(size)
    cases.append(
        {"kind": kind, "width": width, "height": height, "seed": number, "size": size,
         "sha256": hashlib.sha256(resized.tobytes()).hexdigest()[:16]}
    )
(GOLDEN / "resize.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
