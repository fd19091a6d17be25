"""Exports a trace file by Python's json and Pillow alone, as plainly as can be: the peer of test/bench/export.

    python pillow_peer.py FILE.traces.jsonl OUT

Parses each line and the drawings of its turns, draws what a turn draws on the image that it names as upstream's painter does,
saves every image as PNG, and writes the dialogues as one JSON array. It checks nothing, keeps no edits and hashes no files.
"""

import json
import re
import shutil
import sys
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw

CHOSEN = (
    "red green blue yellow orange pink purple brown gray beige turquoise cyan magenta lime navy maroon teal olive coral "
    "lavender violet gold silver"
).split()
COLOURS = CHOSEN + list(ImageColor.colormap)
BLOCK = re.compile(r"```json\s*(.*?)```", re.DOTALL)


def paint(image: Image.Image, shapes: list) -> None:
    draw = ImageDraw.Draw(image)
    boxes = [shape for shape in shapes if "bbox_2d" in shape]
    for position, box in enumerate(boxes):
        colour = COLOURS[position % len(COLOURS)]
        x1, y1, x2, y2 = (int(v) for v in box["bbox_2d"])
        draw.rectangle(((x1, y1), (x2, y2)), outline=colour, width=4)
        draw.text((x1 + 8, y1 + 6), box["label"], fill=colour)
    for line in (shape for shape in shapes if "start_point_2d" in shape):
        ends = [tuple(line["start_point_2d"]), tuple(line["end_point_2d"])]
        draw.line((*ends[0], *ends[1]), fill="black", width=4)
        for (x, y), colour in zip(ends, ("red", "blue")):
            draw.ellipse([(x - 4, y - 4), (x + 4, y + 4)], fill=colour)


def main(source: Path, out: Path) -> None:
    samples = []
    with source.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            trace = json.loads(line)
            folder = out / "images" / str(number)
            folder.mkdir(parents=True)
            images = []
            paths = []
            for image in trace["images"]:
                path = folder / f"image_{len(paths) + 1}.png"
                shutil.copyfile(source.parent / image["path"], path)
                images.append(Image.open(path).convert("RGB"))
                paths.append(str(path.relative_to(out)))
            conversations = [{"role": "user", "content": "<image>" * len(images) + trace["question"]}]
            for turn in trace["turns"]:
                conversations.append({"role": "assistant", "content": turn["text"]})
                found = BLOCK.search(turn["text"])
                if found is None:
                    continue
                shapes = json.loads(found.group(1))
                for index in dict.fromkeys(shape["index"] for shape in shapes):
                    image = images[index - 1].copy()
                    paint(image, [shape for shape in shapes if shape["index"] == index])
                    path = folder / f"image_{len(paths) + 1}.png"
                    image.save(path)
                    images.append(image)
                    paths.append(str(path.relative_to(out)))
                conversations.append({"role": "user", "content": "<image>Go on."})
            samples.append({"conversations": conversations, "images": paths})
    with (out / "samples.json").open("w", encoding="utf-8") as file:
        json.dump(samples, file, ensure_ascii=False)


main(Path(sys.argv[1]), Path(sys.argv[2]))
