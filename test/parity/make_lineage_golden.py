"""Writes golden/lineage.golden.json: conversations, and the images that ViLaSR's own code draws in them.

    python test/parity/make_lineage_golden.py PATH_TO_A_CLONE_OF_ViLaSR > test/parity/golden/lineage.golden.json

Runs `process_single_response` of eval/infer.py itself on random turns, one after another. What that module imports and
this function does not use (vllm, torch, ...) is replaced by empty modules. A conversation is [inputs, turns, images, end]:
`images` are [base, boxes, lines] of each drawn image; `end` is null, or why the last turn drew nothing: the finish
reason, or "raised" where the code fails and the evaluation asks the same question again.
"""

import contextlib
import io
import json
import random
import sys
import types

from PIL import Image

CONVERSATIONS = 200
MODULES = "torch vllm transformers qwen_vl_utils torch.utils torch.utils.data tqdm numpy"


class Anything(types.ModuleType):
    def __getattr__(self, name):
        return type(name, (), {}) if name[0].isupper() else (lambda *args, **kwargs: None)


def upstream(path):
    for name in MODULES.split():
        sys.modules[name] = Anything(name)
    sys.path.insert(0, path)
    from eval import infer

    return infer


def drawing(rng, images):
    item = {}
    fault = rng.random()
    if fault < 0.01:
        pass
    elif fault < 0.03:
        item["index"] = rng.choice([0, -1, images + 1, images + 7])
    else:
        item["index"] = rng.randint(1, images)
    if rng.random() < 0.5:
        size = 4 if rng.random() < 0.93 else rng.choice([0, 3, 5])
        item["bbox_2d"] = [rng.randint(-5, 60) for _ in range(size)]
    else:
        item["start_point_2d"] = [rng.randint(-5, 60), rng.randint(-5, 60)]
        item["end_point_2d"] = [rng.randint(-5, 60), rng.randint(-5, 60)]
    if rng.random() < 0.99:
        item["label"] = rng.choice("abcd")
    return item


def turn(rng, images):
    blocks = [[drawing(rng, images) for _ in range(rng.randint(1, 4))] for _ in range(rng.choice([1, 1, 1, 2]))]
    if rng.random() < 0.01:
        blocks = []
    text = "".join(f"\n```json\n{json.dumps(block)}\n```" for block in blocks)
    return f"<think> {len(blocks)} </think> Action: Object Mapper{text}"


def conversation(rng, infer):
    inputs = rng.randint(1, 3)
    pictures = [Image.new("RGB", (56, 56)) for _ in range(inputs)]
    boxes, lines = ({k: [] for k in range(inputs)} for _ in range(2))
    turns, images, end = [], [], None
    for _ in range(rng.randint(1, 6)):
        text = turn(rng, len(pictures))
        turns.append(text)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            result = infer.process_single_response(
                infer.ProcessData(0, text, {"image": pictures}, boxes, lines, "stop", False, None))
        if result is None or result["is_finished"]:
            end = result["finish_reason"] if result else "raised"
            break
        for base, picture in zip(result["processed_image_idx"], result["image"]):
            images.append([base + 1, result["bbox_list"][len(pictures)], result["movement_list"][len(pictures)]])
            pictures.append(picture)
        boxes, lines = result["bbox_list"], result["movement_list"]
    return [inputs, turns, images, end]


def main(path):
    infer = upstream(path)
    rng = random.Random(20250613)
    rows = [json.dumps(conversation(rng, infer), separators=(",", ":")) for _ in range(CONVERSATIONS)]
    print("[\n" + ",\n".join(rows) + "\n]")


if __name__ == "__main__":
    main(sys.argv[1])
