"""Writes golden/reward.json.gz: dialogues with what ViLaSR's reward function gives for them.

The function is taken from a checkout of the ViLaSR repository, which this repository does not contain. Where the function
raises, `raises` is the name of the error in place of values.

Usage: python make_reward_golden.py CHECKOUT [SEED [COUNT]]    (needs PyTorch)
"""

import contextlib
import gzip
import importlib.util
import io
import json
import pathlib
import random
import sys
import types
import warnings

warnings.simplefilter("ignore")
HERE = pathlib.Path(__file__).parent

# Only its free-form score uses this, which nothing calls.
sys.modules["rouge_score"] = types.ModuleType("rouge_score")
sys.modules["rouge_score"].rouge_scorer = None

BOX = '{{"index": {i}, "bbox_2d": [{a}, {b}, {c}, {d}], "label": "{l}"}}'
LINE = '{{"index": {i}, "start_point_2d": [{a}, {b}], "end_point_2d": [{c}, {d}], "label": "{l}"}}'
ODD = [
    "null", "None", "5", "[5]", "[None]", "['bbox_2d label']", "'ab'", "''", "{}", "[]", "[[]]", "[['bbox_2d', 'label']]", "()", "(1,)",
    "{'bbox_2d label': 1}", "{'bbox_2d': [1,2,3,4], 'label': 'cup'}", "[{'bbox_2d': 'ab', 'label': 'cup'}]",
    "[{'bbox_2d': '12', 'label': 'cup'}, {'bbox_2d': [1, 2], 'label': 'cup'}]", "[{'bbox_2d': [1, 2], 'label': ['cup']}]",
    "[{'bbox_2d': [True, 2], 'label': 1}, {'bbox_2d': [1, 2.0], 'label': True}]",
    "[{'bbox_2d': [1, 2], 'label': 1}, {'bbox_2d': [1, 3], 'label': 1.0}]", "[{'bbox_2d': 5, 'label': 'cup'}]",
    "[{'bbox_2d': {1, 2}, 'label': 'x'}, {'bbox_2d': {2, 1}, 'label': 'x'}]", "[{'bbox_2d': None, 'label': 'cup'}]",
    "[{'bbox_2d': [1, 2, 3, 4], 'label': 'cup'},]", "[{'bbox_2d': (1, 2, 3, 4), 'label': 'cup'}] # why", "[{'bbox_2d': [1j], 'label': 'q'}]",
    "[{'bbox_2d': ['1', ' 2 ', '1_0', '1e3'], 'label': 'cup'}]", "[{'bbox_2d': ['nan'], 'label': 'n'}, {'bbox_2d': ['nan'], 'label': 'n'}]",
    "[{'bbox_2d': [-0.0, 1], 'label': 'z'}, {'bbox_2d': [0, 1], 'label': 'z'}]", "[{'bbox_2d': [1e999], 'label': 'i'}]", "[b'x']", "b''", "[...]", "...",
    "[{'bbox_2d': [1], 'label': ('a', 1)}, {'bbox_2d': [2], 'label': ('a', 1.0)}]", "[{'bbox_2d': [1], 'label': {}}]", "{1, 2}", "[1.5]", "True",
    "[{'bbox_2d': [9" + "9" * 400 + "], 'label': 'big'}]", "[{'label': 'cup'}]", "[{'bbox_2d': [1,2,3,4]}]", "[{'start_point_2d': [1,2], 'label': 'cup'}]",
    "[{'start_point_2d': 0, 'end_point_2d': 0, 'label': 0}]", "[{null: 1}]", "[{'bbox_2d': [1,2,3,4], 'label': null}]", "[1, 2", "", "  [ ]", "\n[]", "foo()",
    "[{'bbox_2d': {'1': 0, '2': 0}, 'label': 'cup'}]", "[{'bbox_2d': [1,2,3,4], 'label': None}, {'bbox_2d': [1,2,3,5], 'label': None}]",
]
ANSWERS = ["A", "B", "a", "A. table", " A ", "\nA\n", "", "4", "4.0", "4.8", "2.4", "5", "1,000", "1000", "-3", "+3", "- 3", ".5", "5.", "3 chairs", "about 12.5 m",
           "1e3", "٣", "twelve", "0", "0.0", "-0", "1/2", "12-15", "999999999999", "1e40", "\u00a0B\u00a0", "\x1cB", "4.5", "5.25", "5.5", "6", "2.5", "7.5", "3.75"]
GOLDS = ["A", "B", "5", "<answer>5</answer>", "<answer> A </answer>", "4", "0", "3.0", "1000", "-3", "12.5", "A. table", "10", "0.5", "1,000", "none", "7", "100", "3.3"]
TYPES = ["multiple choice", "numerical", "regression", "free-form", "Multiple Choice", ""]


def block(rng):
    if rng.random() < 0.12:
        return rng.choice(ODD)
    items = []
    for _ in range(rng.randint(1, 3)):
        numbers = {k: rng.choice([10, 20, 30.5, 40, 50]) for k in "abcd"}
        form = BOX if rng.random() < 0.6 else LINE
        items.append(form.format(i=rng.randint(0, 4), l=rng.choice(["cup", "table", "step 1"]), **numbers))
    return "[" + ", ".join(items) + "]"


def drawing_turn(rng):
    fence_open = rng.choice(["```json"] * 12 + ["``` json", "  ```json  ", "```JSON", "```json x"])
    fence_close = rng.choice(["```"] * 12 + ["", "``", "```json"])
    body = "\n".join([fence_open, block(rng), fence_close])
    if rng.random() < 0.1:
        body += "\n" + "\n".join(["```json", block(rng), "```"])
    return f"<think> I look. </think> Action: {rng.choice(['Object Mapper', 'Path Tracer', 'Answer', ''])}\n{body}"


def answer_turn(rng):
    answer = rng.choice(ANSWERS)
    tagged = rng.choice(["<answer> {} </answer>"] * 10 + ["<answer>{}</answer><answer>Z</answer>", "{}", "<answer>{}", "</answer>{}<answer>", "<answer>{}</answer> 7"])
    return f"<think> It is so. </think> Action: Answer\n{tagged.format(answer)}"


def damage(rng, text):
    kind = rng.randrange(7)
    at = rng.randrange(len(text) + 1)
    if kind == 0:
        return text[:at] + text[at + rng.randint(1, 6):]
    if kind == 1:
        return text[:at] + rng.choice(["\n", "```", "```json\n", "<think>", "</think>", "<answer>", "</answer>", "Action:", " ", "\x85", "\u2028", "\r\n", "'"]) + text[at:]
    if kind == 2:
        return rng.choice([" ", "\n", "x"]) + text
    if kind == 3:
        return text.replace("</think> ", rng.choice(["</think>", "</think>\n\n", "</think> x ", "</think>\u00a0"]))
    if kind == 4:
        return text.replace("\n", rng.choice(["\r\n", "\u2028", "\x0b", " "]))
    if kind == 5:
        return text.replace("```json", "```", 1)
    return text + rng.choice(["\n", " and so on", "\n```json\n[]\n```", "\n```json\n[1"])


def dialogue(rng):
    turns = [drawing_turn(rng) for _ in range(rng.randint(0, 4))] + [answer_turn(rng)]
    if rng.random() < 0.05:
        turns.insert(0, answer_turn(rng))
    if rng.random() < 0.05:
        turns.pop()
    turns = [damage(rng, turn) if rng.random() < 0.15 else turn for turn in turns]
    messages = [{"role": "system", "content": "You look and draw."}]
    if rng.random() < 0.03:
        messages.pop()
    for number, turn in enumerate(turns):
        messages += [{"role": "user", "content": "<image>\nGo on." if number else "<image>\nWhich one?"}, {"role": "assistant", "content": turn}]
    return messages


def main():
    checkout, *numbers = sys.argv[1:]
    seed, count = [*map(int, numbers), *(20260, 2000)[len(numbers):]]
    spec = importlib.util.spec_from_file_location("gcot", pathlib.Path(checkout) / "verl/utils/reward_score/gcot.py")
    gcot = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gcot)
    rng = random.Random(seed)
    rows = []
    for _ in range(count):
        messages = dialogue(rng)
        row = {"messages": messages, "question_type": rng.choice(TYPES[:3] if rng.random() < 0.9 else TYPES), "gold": rng.choice(GOLDS)}
        with contextlib.redirect_stdout(io.StringIO()):
            row["accuracy"] = gcot.accuracy_reward(messages[-1]["content"] if messages else "", row["gold"], row["question_type"])
            try:
                row["format"], row["reflection"] = gcot.format_reward(messages)
                row["overall"] = 0.5 * row["accuracy"] + 0.5 * row["format"] if row["accuracy"] > 0.0 else row["accuracy"]
            except Exception as error:  # whatever its program would end with
                row["raises"] = type(error).__name__
        rows.append(row)
    golden = {"seed": seed, "rows": rows}
    with gzip.GzipFile(HERE / "golden/reward.json.gz", "wb", mtime=0) as file:
        file.write(json.dumps(golden, separators=(",", ":")).encode())


if __name__ == "__main__":
    main()
