"""The reward of a rollout that thinks and draws, as ViLaSR's training gives it: accuracy, format, reflection, overall.

One file, standard library only. The values are those of `vilasr score` (its `upstream`), bit for bit; docs/scores.md of
ViLaSR for VS Code says what each of them means. `easyr1` and `compute_score` are what EasyR1 and verl call. The ground truth
of a row is JSON: {"answer": "B", "type": "multiple choice"}. Types are `multiple choice`, `numerical` and `regression`.
"""

import ast
import json
import math
import re
import struct
import warnings

REWARD_NAME = "vilasr"
REWARD_TYPE = "batch"

FENCE = "```"
NUMBER = re.compile(r"[-+]?\d*\.?\d+")
ACTION = re.compile(r"</think>\s*Action:")
# How a chat template parts turns, once its special tokens are gone.
NEXT_TURN = re.compile(r"\nuser\n.*?\nassistant\n", re.DOTALL)


def easyr1(reward_inputs, **_):
    """A list of scores for a list of {"response", "ground_truth"}. EasyR1 rolls out a single turn."""
    return [reward([one["response"]], *gold_of(one["ground_truth"])) for one in reward_inputs]


def compute_score(data_source, solution_str, ground_truth, extra_info=None, **_):
    """The score of one rollout of verl. The drawing loop tells its turns apart; those of any other are found by their roles."""
    said = (extra_info or {}).get("turns")
    turns = [str(turn) for turn in said] if said is not None else NEXT_TURN.split(solution_str)
    scores = reward(turns, *gold_of(ground_truth))
    return {"score": scores["overall"], **scores}


def gold_of(ground_truth):
    truth = json.loads(ground_truth)
    return truth["answer"], truth["type"]


def reward(turns, gold, question_type):
    """Scores what the model said, turn by turn. The reward is `overall`; `reflection` is only told."""
    accuracy = accuracy_of(turns[-1] if turns else "", gold, question_type)
    try:
        form, reflection = form_of(turns)
    except (TypeError, OverflowError):
        # A block is a number, or holds one that is too large: nothing that could be drawn.
        form, reflection = 0.0, 0.0
    overall = 0.5 * accuracy + 0.5 * form if accuracy > 0 else accuracy
    return {"overall": overall, "accuracy": accuracy, "format": form, "reflection": reflection}


def accuracy_of(text, gold, question_type):
    said, right = answer_in(text), answer_in(gold)
    if question_type == "multiple choice":
        return 1.0 if said == right else 0.0
    if question_type in ("numerical", "regression"):
        a, b = NUMBER.search(said), NUMBER.search(right)
        return relative_accuracy(float(a[0]), float(b[0])) if a and b else 0.0
    return 0.0


def answer_in(text):
    """What stands in the first pair of answer tags, or all of the text where there is none."""
    start = text.find("<answer>")
    end = text.find("</answer>", start + len("<answer>")) if start >= 0 else -1
    return (text if end < 0 else text[start + len("<answer>") : end]).strip()


def single(value):
    """A number in 32 bits, in which the relative error is measured, so that a tie falls as it falls in training."""
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


BOUNDS = [single(1 - single(0.5 + i * 0.05)) for i in range(10)]


def relative_accuracy(said, right):
    """The share of ten bounds (0.50, 0.45, ... 0.05) that the relative error lies below."""
    a, b = single(said), single(right)
    error = single(single(abs(single(a - b))) / single(abs(b) + single(1e-8)))
    return single(sum(error < bound for bound in BOUNDS) / len(BOUNDS))


def form_of(turns):
    """Format and reflection. The blocks are looked for in all turns joined: one that is left open runs on into the next."""
    if not all(has_form(turn, i == len(turns) - 1) for i, turn in enumerate(turns)):
        return 0.0, 0.0
    boxes = []
    for block in blocks_in("".join(turns)):
        drawings = literal_in(block)
        if drawings is None:
            return 0.0, 0.0
        for one in drawings:
            if "bbox_2d" in one and "label" in one:
                boxes.append(one)
            elif not ("start_point_2d" in one and "end_point_2d" in one and "label" in one):
                return 0.0, 0.0
    return 1.0, 1.0 if changes_box(boxes) else 0.0


def has_form(turn, is_last):
    opens, closes = "<answer>" in turn, "</answer>" in turn
    tags = opens and closes if is_last else not opens and not closes
    return turn.startswith("<think>") and ACTION.search(turn) is not None and tags


def blocks_in(text):
    """What stands between a line that is ```json and the next three backticks, or the end."""
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if line.strip() == FENCE + "json":
            yield "\n".join(lines[i + 1 :]).split(FENCE, 1)[0]


def literal_in(block):
    """The Python literal of a block; None if it is none. JSON's null, true and false are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.literal_eval(block)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def changes_box(boxes):
    """Whether two boxes of one label have other coordinates, wherever they stand."""
    seen = {}
    changes = False
    for box in boxes:
        try:
            corners, label = tuple(map(float, box["bbox_2d"])), box["label"]
            first = seen.setdefault(label, corners)
        except (TypeError, ValueError, KeyError):
            continue
        changes = changes or first != corners or any(map(math.isnan, first if first is not corners else ()))
    return changes
