"""The peer of bench:score: what `vilasr score --messages ROWS --json` says, in plain Python: `docs/scores.md` has the formulas.

Usage: python score_peer.py ROWS.jsonl > OUT.jsonl
"""

import ast
import json
import math
import re
import struct
import sys
from functools import lru_cache

BLOCK = re.compile(r"^[^\S\n]*```json[^\S\n]*\n(.*?)(```|</think>|\Z)", re.DOTALL | re.MULTILINE)
ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)
ACTION = re.compile(r"<think>.*?</think>\s*Action:", re.DOTALL)
DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\d{1,3}(?:,\d{3})+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
NUMBER = re.compile(r"[-+]?\d*\.?\d+")
PLACE = re.compile(r"\d{2,}(?:\.\d+)?")
LETTERS = re.compile(r"[^\W\d_]+")
WORD = re.compile(r"[^\W_]+")
STATING = re.compile(r"answer|correct|right", re.IGNORECASE)

TYPES = {"multiple choice": "choice", "numerical": "number", "regression": "number"}
BOUNDS = [0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05]
CELL, MIN_SHIFT, LOOP_WORDS, LOOP_TIMES, NAME_WORDS = 8, 4, 12, 4, 12
DRAWN = {"bbox", "point", "label"}
SINGLE = struct.Struct("f")


def single(number):
    """The nearest number of 32 bits."""
    return SINGLE.unpack(SINGLE.pack(number))[0]


SINGLE_BOUNDS = [single(1 - single(0.5 + step * 0.05)) for step in range(10)]
EPSILON = single(1e-8)


def literal_of(text, known):
    """What a block says, or the error that it gives; one that was read before is not read again."""
    if text not in known:
        try:
            known[text] = ast.literal_eval(text.strip())
        except (ValueError, SyntaxError, TypeError) as error:
            known[text] = error
    return known[text]


def is_number(value):
    return type(value) in (int, float) and math.isfinite(value)


def drawing_of(item):
    """(image, whether it is a line, coordinates, label), or None where that is no drawing."""
    try:
        index, label = item["index"], item["label"]
        is_line = "bbox_2d" not in item
        numbers = item["start_point_2d"] + item["end_point_2d"] if is_line else item["bbox_2d"]
    except (KeyError, TypeError):
        return None
    if type(index) is not int or type(label) is not str or (is_line and len(numbers) != 4):
        return None
    return (index, is_line, tuple(numbers), label) if all(map(is_number, numbers)) else None


def read_turn(text, known):
    """The drawings and the answer of a turn, and whether all of it can be carried out."""
    drawings, sound = [], True
    for block in BLOCK.finditer(text):
        items = literal_of(block.group(1), known)
        if not isinstance(items, (list, tuple, set)):
            sound = False
            continue
        found = [drawing_of(item) for item in items]
        sound = sound and None not in found
        drawings += filter(None, found)
    answer = ANSWER.search(text)
    tagged = "<answer>" in text and "</answer>" in text
    if answer is None and ("<answer>" in text or "</answer>" in text):
        sound = False
    if not tagged and not drawings:
        sound = False
    return drawings, answer.group(1).strip() if answer else None, sound


def lineage_of(inputs, drawn):
    """(turn that drew it, its input) of each image, and whether all drawings are on images that are there."""
    images, sound = [(-1, number) for number in range(inputs)], True
    for turn, drawings in enumerate(drawn):
        # Boxes before lines, each image once.
        indices = dict.fromkeys(drawing[0] for drawing in sorted(drawings, key=lambda drawing: drawing[1]))
        if all(1 <= index <= len(images) for index in indices):
            images += [(turn, images[index - 1][1]) for index in indices]
        else:
            sound = False
    return images, sound


@lru_cache(512)
def stating(answer):
    said = rf'\(?"?{re.escape(answer)}"?\)?(?!\w)'
    return re.compile(
        rf"answer\s+(?:is|must be|should be)\s*:?\s*(?:option\s+)?{said}|answer\s*:\s*{said}"
        rf"|(?<!\w)(?:option\s+)?{said}\s+is\s+(?:the\s+)?(?:correct|right)",
        re.IGNORECASE,
    )


def fixed_in(texts, answer):
    """The first turn that answers or says in words what the answer is."""
    for turn, text in enumerate(texts):
        if "<answer>" in text and "</answer>" in text:
            return turn
        if answer and STATING.search(text) and stating(answer).search(text):
            return turn
    return len(texts)


def shift_of(a, b):
    if len(a) != len(b):
        return math.inf
    return max((math.dist(a[at : at + 2], b[at : at + 2]) for at in range(0, len(a), 2)), default=0)


def behaviour_of(texts, drawn, images, answer):
    """Revisions, fakes and tracking."""
    fixed, tracking = None, 0
    revisions, last = [], {}
    for turn, drawings in enumerate(drawn):
        placed = [
            ((is_line, label), images[index - 1][1], numbers)
            for index, is_line, numbers, label in drawings
            if 1 <= index <= len(images) and images[index - 1][0] < turn
        ]
        for name, root, numbers in placed:
            roots = last.get(name)
            if roots is None:
                continue
            earlier = roots.get(root)
            if earlier is None:
                tracking += 1
                continue
            before = earlier[-1][1]
            if before == numbers:
                continue
            back = next((i for i in reversed(range(len(earlier))) if shift_of(earlier[i][1], numbers) < MIN_SHIFT), -1)
            undoes = 0 <= back < len(earlier) - 1
            if undoes:
                since = {of for of, _ in earlier[back + 1 :]}
                for revision in revisions:
                    if revision[0] in since and revision[1] == name[1] and revision[2] is None:
                        revision[2] = "undone"
            if fixed is None:
                fixed = fixed_in(texts, answer)
            tiny = "tiny" if shift_of(before, numbers) < MIN_SHIFT else None
            revisions.append([turn, name[1], "late" if turn >= fixed else "undone" if undoes else tiny])
        for name, root, numbers in placed:
            last.setdefault(name, {}).setdefault(root, []).append((turn, numbers))
    kinds = [fake for _, _, fake in revisions]
    fakes = {kind: kinds.count(kind) for kind in ("tiny", "undone", "late")}
    return {"revisions": kinds.count(None), "fakes": fakes, "tracking": tracking}


def repeats_label(drawn):
    """The paper's Eq. 5."""
    seen = {}
    for drawings in drawn:
        if any(seen.get(label, set()) - {(index, is_line, numbers)} for index, is_line, numbers, label in drawings):
            return True
        for *operation, label in drawings:
            seen.setdefault(label, set()).add(tuple(operation))
    return False


def decimal(text):
    return float(text.replace(",", "")) if DECIMAL.fullmatch(text) else None


def paper_accuracy(answer, gold, kind):
    tagged = ANSWER.search(gold)
    right = (tagged.group(1) if tagged else gold).strip()
    if answer is None or kind != "number":
        return int(answer == right)
    a, g = decimal(answer), decimal(right)
    if a is None or g is None:
        return 0
    error = 0 if a == g else abs(a - g) / abs(g) if g else math.inf
    return sum(error < bound - 1e-12 for bound in BOUNDS) / len(BOUNDS)


def first_number(text):
    found = NUMBER.search(text)
    return float(found.group()) if found else None


def upstream_accuracy(output, gold, kind):
    answer, right = ((tagged.group(1) if (tagged := ANSWER.search(text)) else text).strip() for text in (output, gold))
    if kind == "choice":
        return int(answer == right)
    a, g = first_number(answer), first_number(right)
    if kind != "number" or a is None or g is None:
        return 0
    a, g = single(a), single(g)
    error = single(single(abs(single(a - g))) / single(abs(g) + EPSILON))
    return single(sum(error < bound for bound in SINGLE_BOUNDS) / len(SINGLE_BOUNDS))


def upstream_form(messages, known):
    """Its format and its reflection, of the blocks of all turns joined together."""
    texts = [message["content"] for message in messages[2::2]]
    for place, text in enumerate(texts):
        tags = ["<answer>" in text, "</answer>" in text]
        is_last = 2 * place + 2 == len(messages) - 1
        if not ACTION.match(text) or not (all(tags) if is_last else not any(tags)):
            return 0, 0
    boxes, changes = {}, 0
    for block in BLOCK.finditer("".join(texts)):
        items = literal_of(block.group(1), known)
        if isinstance(items, Exception):
            return 0, 0
        for item in items:
            if "bbox_2d" in item and "label" in item:
                box = tuple(map(float, item["bbox_2d"]))
                changes |= boxes.setdefault(item["label"], box) != box
            elif not ("start_point_2d" in item and "end_point_2d" in item and "label" in item):
                return 0, 0
    return 1, int(changes)


def upstream_of(messages, gold, kind, known):
    accuracy = upstream_accuracy(messages[-1]["content"], gold, kind)
    form, reflection = upstream_form(messages, known)
    overall = 0.5 * accuracy + 0.5 * form if accuracy > 0 else accuracy
    return {"accuracy": accuracy, "format": form, "reflection": reflection, "overall": overall}


def pixel(number):
    return math.floor(number + 0.5)


def places_of(numbers):
    x1, y1, x2, y2 = (*numbers, 0, 0, 0, 0)[:4]
    return map(pixel, (*numbers, (x1 + x2) / 2, (y1 + y2) / 2))


def is_supported(text, answer, drawings):
    said = f"{text}\n{answer}"
    words = f" {' '.join(WORD.findall(said.lower()))} "
    for label in {label for *_, label in drawings}:
        name = WORD.findall(label.lower())
        if 0 < len(name) <= NAME_WORDS and f" {' '.join(name)} " in words:
            return True
    places = {place for _, _, numbers, _ in drawings for place in places_of(numbers)}
    return any(pixel(float(number)) in places for number in PLACE.findall(said))


def goes_round(text):
    words = LETTERS.findall(text.lower())
    for length in range(3, min(LOOP_WORDS, len(words) // LOOP_TIMES) + 1):
        run = 0
        for at, (word, before) in enumerate(zip(words[length:], words)):
            run = run + 1 if word == before else 0
            if run >= length * (LOOP_TIMES - 1) and DRAWN.isdisjoint(words[at : at + length]):
                return True
    return False


def takes_index(text):
    digit, block = re.search(r"\d", text), text.find("```json")
    return not ANSWER.search(text) and digit is not None and 0 <= block < digit.start()


def flags_of(texts, drawn, answer, kind):
    drawings = [drawing for drawings in drawn for drawing in drawings]
    flags = []
    if answer is not None and not drawings:
        flags.append("answered-without-drawing")
    if len(set(drawings)) < len(drawings):
        flags.append("duplicate-drawing")
    if answer is not None and drawings and not is_supported(texts[-1], answer, drawings):
        flags.append("unsupported-answer")
    if any("<answer>" in text and "</answer>" in text for text in texts[:-1]):
        flags.append("answer-in-wrong-turn")
    if len(set(texts)) < len(texts) or any(map(goes_round, texts)):
        flags.append("degenerate-loop")
    if kind == "number" and takes_index(texts[-1]):
        flags.append("number-from-index")
    return flags


def likeness_of(texts, drawn):
    words = tuple(" ".join(LETTERS.findall(text.lower())) for text in texts)
    shapes = tuple(
        (index, is_line, tuple(pixel(number / CELL) for number in numbers), label)
        for drawings in drawn
        for index, is_line, numbers, label in drawings
    )
    return hash((words, shapes))


def score(row, likenesses):
    messages, gold, kind = row["messages"], str(row["gold"]), TYPES.get(row["question_type"])
    texts = [message["content"] for message in messages if message["role"] == "assistant"]
    asked = next((message["content"] for message in messages if message["role"] == "user"), "")
    known = {}
    turns = [read_turn(text, known) for text in texts]
    drawn = [drawings for drawings, _, _ in turns]
    answer = turns[-1][1] if turns else None
    images, placed = lineage_of(max(asked.count("<image>"), 1), drawn[:-1])
    behaviour = behaviour_of(texts, drawn, images, answer)
    only_last = turns and answer is not None and all(turn[1] is None for turn in turns[:-1])
    form = int(bool(only_last and placed and all(sound for _, _, sound in turns)))
    accuracy = paper_accuracy(answer, gold, kind)
    flags = flags_of(texts, drawn, answer, kind)
    likeness = likeness_of(texts, drawn)
    if likeness in likenesses:
        flags.append("same-trace")
    likenesses.add(likeness)
    lines = sum(drawing[1] for drawings in drawn for drawing in drawings)
    return {
        "accuracy": accuracy,
        "format": form,
        "reflection": int(behaviour["revisions"] > 0),
        "reward": accuracy + form if accuracy > 0 else 0,
        "upstream": upstream_of(messages, gold, kind, known),
        "behaviour": {
            "turns": len(turns),
            "boxes": sum(map(len, drawn)) - lines,
            "lines": lines,
            **behaviour,
            "equation5": repeats_label(drawn),
        },
        "flags": flags,
    }


def main():
    likenesses = set()
    with open(sys.argv[1], encoding="utf-8") as rows:
        for number, line in enumerate(rows, start=1):
            print(json.dumps({"line": number, "id": None, **score(json.loads(line), likenesses)}))


main()
