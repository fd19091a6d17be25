"""Writes golden/paint.json.gz: 1,000 random sets of boxes and lines, and what Pillow makes of each.

    python test/parity/make_paint_golden.py

Every set has the size of its image, the shapes as a canvas, and the SHA-256 (first 16 hexadecimal digits) of the painted
RGB bytes. The image below the shapes is a pattern that both sides compute (`pattern`). Pillow 13.
"""

import gzip
import hashlib
import json
import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor, ImageDraw

SETS = 1000
OUT = Path(__file__).parent / "golden/paint.json.gz"
CHOSEN = (
    "red green blue yellow orange pink purple brown gray beige turquoise cyan magenta lime navy maroon teal olive coral "
    "lavender violet gold silver"
).split()
COLOURS = CHOSEN + list(ImageColor.colormap)


def pattern(width: int, height: int, seed: int) -> np.ndarray:
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return ((x * 7 + y * 13 + c * 29 + x * y + seed) & 255).astype(np.uint8)


def paint(image: Image.Image, boxes: list, lines: list) -> None:
    """What upstream's painter asks of Pillow: see the docstrings of src/image/paint.ts."""
    draw = ImageDraw.Draw(image)
    width, height = image.size
    for position, box in enumerate(boxes):
        if len(box["bbox_2d"]) != 4:
            continue
        colour = COLOURS[position % len(COLOURS)]
        x1, y1, x2, y2 = (int(v / side * side) for v, side in zip(box["bbox_2d"], (width, height) * 2))
        (x1, x2), (y1, y2) = sorted((x1, x2)), sorted((y1, y2))
        draw.rectangle(((x1, y1), (x2, y2)), outline=colour, width=4)
        draw.text((x1 + 8, y1 + 6), box["label"], fill=colour)
    for line in lines:
        ends = [
            (int(point[0]) / width * width, int(point[1]) / height * height)
            for point in (line["start_point_2d"], line["end_point_2d"])
        ]
        draw.line((*ends[0], *ends[1]), fill="black", width=4)
        for (x, y), colour in zip(ends, ("red", "blue")):
            draw.ellipse([(x - 4, y - 4), (x + 4, y + 4)], fill=colour)


rng = random.Random(20261122)
CHARACTERS = [chr(code) for code in range(32, 127)]
ODD = ["é", "中", "😀", "“", "ﬁ", "…", "\t", "\r", "\u00b0"]


def coordinate(side: int, kind: str) -> float:
    if kind == "inside":
        return rng.randrange(side)
    if kind == "near":
        return rng.randrange(-12, side + 12)
    if kind == "float":
        return round(rng.uniform(-5, side + 5), rng.randrange(1, 6))
    if kind == "far":
        return rng.randrange(-3 * side, 4 * side)
    return rng.choice([-1, 1]) * int(10 ** rng.uniform(3, 8.6))


def label() -> str:
    kind = rng.random()
    if kind < 0.1:
        return ""
    characters = CHARACTERS + ODD if kind < 0.4 else CHARACTERS
    if kind > 0.9:
        characters = characters + ["\n"] * 20
    return "".join(rng.choices(characters, k=rng.randrange(1, 30)))


def shape_set() -> dict:
    width, height = (28 * rng.choice([1, 2, 3, 5, 8, 12, 16, 21]) for _ in range(2))
    kind = rng.choices(["inside", "near", "float", "far", "huge"], [4, 3, 4, 2, 1])[0]

    def point() -> list:
        return [coordinate(width, kind), coordinate(height, kind)]

    def other_end(start: list) -> list:
        """Often close by, level, plumb, or the same point: where the rules for corners and thin shapes matter."""
        close = rng.random()
        if close < 0.4:
            return [start[0] + rng.randrange(-9, 10), start[1] + rng.randrange(-9, 10)]
        if close < 0.5:
            return [start[0], point()[1]]
        if close < 0.6:
            return [point()[0], start[1]]
        return point()

    boxes, lines = [], []
    for _ in range(rng.choice([0, 1, 1, 2, 3, 5, 8, 8, 200 if rng.random() < 0.05 else 4])):
        start = point()
        if rng.random() < 0.06:
            boxes.append({"index": 1, "bbox_2d": [*start, *point(), 1][: rng.choice([0, 2, 3, 5])], "label": label(), "unpainted": True})
        else:
            boxes.append({"index": 1, "bbox_2d": [*start, *other_end(start)], "label": label()})
    for _ in range(rng.choice([0, 1, 1, 2, 3, 5, 8, 20])):
        start = point()
        lines.append({"index": 1, "start_point_2d": start, "end_point_2d": other_end(start), "label": label()})
    return {"width": width, "height": height, "seed": rng.randrange(256), "boxes": boxes, "lines": lines}


sets = []
for _ in range(SETS):
    shapes = shape_set()
    image = Image.fromarray(pattern(shapes["width"], shapes["height"], shapes["seed"]))
    paint(image, shapes["boxes"], shapes["lines"])
    sets.append({**shapes, "sha256": hashlib.sha256(image.tobytes()).hexdigest()[:16]})
OUT.write_bytes(gzip.compress(json.dumps(sets, separators=(",", ":")).encode(), 9, mtime=0))
