"""The peer of bench:score: reads dialogues and writes a reward for each, as a trainer's reward function would in plain Python.

Usage: python score_peer.py ROWS.jsonl > OUT.jsonl
"""

import ast
import json
import re
import sys

ANSWER = re.compile(r"<answer>\s*(.*?)\s*</answer>", re.DOTALL)
TURN = re.compile(r"<think>(.*?)</think>\s*Action:\s*(.*?)(?=\n|$)", re.DOTALL)
NUMBER = re.compile(r"[-+]?\d*\.?\d+")
BOUNDS = [1 - (0.5 + 0.05 * step) for step in range(10)]


def answer_in(text):
    found = ANSWER.search(text)
    return (found.group(1) if found else text).strip()


def accuracy_of(said, gold, kind):
    if kind == "multiple choice":
        return float(said == gold)
    numbers = [NUMBER.search(text) for text in (said, gold)]
    if kind not in ("numerical", "regression") or None in numbers:
        return 0.0
    a, g = (float(number.group()) for number in numbers)
    error = abs(a - g) / (abs(g) + 1e-8)
    return sum(error < bound for bound in BOUNDS) / len(BOUNDS)


def items_of(text):
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.strip() == "```json":
            yield from ast.literal_eval("\n".join(lines[number + 1 :]).split("```")[0])


def form_of(turns):
    for number, text in enumerate(turns):
        tags = ["<answer>" in text, "</answer>" in text]
        if TURN.fullmatch(text) is None or not (all(tags) if number == len(turns) - 1 else not any(tags)):
            return 0, 0
    boxes, changed = {}, 0
    try:
        for item in items_of("".join(turns)):
            if "bbox_2d" in item and "label" in item:
                box = tuple(map(float, item["bbox_2d"]))
                changed |= boxes.setdefault(item["label"], box) != box
            elif not ("start_point_2d" in item and "end_point_2d" in item and "label" in item):
                return 0, 0
    except (ValueError, SyntaxError, TypeError):
        return 0, 0
    return 1, int(changed)


for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    turns = [message["content"] for message in row["messages"][2::2]]
    accuracy = accuracy_of(answer_in(turns[-1]), answer_in(row["gold"]), row["question_type"])
    format_, reflection = form_of(turns)
    overall = 0.5 * accuracy + 0.5 * format_ if accuracy > 0 else accuracy
    print(json.dumps({"accuracy": accuracy, "format": format_, "reflection": reflection, "overall": overall}))
