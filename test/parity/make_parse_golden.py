"""Writes golden/parse.golden.json: literals and turns with what Python makes of them.

Literals are read by `ast.literal_eval` itself. Turns are cut into blocks as the ViLaSR code does (a line that is
"```json" opens a block, the next three backticks close it, without those it ends at "</think>"), each block is read
by `ast.literal_eval`, and what is a drawing by the rules of docs/trace-format.md is kept.

Usage: python make_parse_golden.py [SEED [LITERALS [TURNS]]] > golden/parse.golden.json
"""

import ast
import json
import math
import random
import re
import sys
import warnings

warnings.simplefilter("ignore")

# Every feature of the grammar and every way to miss it narrowly.
LITERALS = r"""
[]§()§{}§[1]§(1)§(1,)§((1,))§[1,]§[1,,]§[,]§(,)§{,}§{:}§{1:}§{1:2,}§{1,}§{1,2:3}§{1:2,3}§{1:2,1:3}§{1:2,True:3}§{'a':1 'b':2}
1,2§{1:2},§[1],§1,§,§1 2§[1 2]§[1] [2]§[1][0]§[](1)§'a'.b§'a'%1§...§[...]§[....]§set()§set ( )§[set()]§{set()}§set(())§set([])§set
None§True§False§none§null§true§false§[null, true, false]§NoneX§1None§[1 None]§True()§NaN§Infinity§nil§undefined
-5§+5§- 5§--5§-(5)§-(-5)§-True§~5§not 1§1+2j§1-2j§-1+2j§1j+2j§1+2§2j+1§(1)+(2j)§1+-2j§1j§-1j§-(1+2j)§(1+2j)§(-1)-2j§1+2j+3j§-
0777§00§0_0§0_7§0x_f§0xF_§0x__f§0x§0xg§0b12§0b101§0o17§0o8§0B1§0X1f§0O17§1_000§1__0§1_§_1§1.§1._5§1_.5§.5§._5§.§..§1e5§1e_5§1e+1_0
1e-3§1e§1e+§01.5§01e1§01j§09.5§09§1e400§-1e400§1.5.2§1..2§1.e5§1.e§5J§5_j§0x1.5§1l§0or§0xfor§1if 1 else 2§123abc§12345678901234567890
0.1§1E5§1_0e5§0e0§-0.0§-0§0_1.5§0__1.5§3.14159265358979§0x1p3§1,000§1'000'
'a' 'b'§'a'"b"§'a' b'b'§b'a' b'b'§f'a'§rf'a'§F"a"§u'a'§U'a'§ur'a'§bR'a'§Rb'a'§B'\xff'§b'é'§'a' f'b'§b''§rb''§'' ''§'a'None
'\xf'§'\x41'§'\u12'§'\u00e9'§'\U0001F600'§'\U00110000'§'\d'§'\8'§'\400'§'\777'§'\7'§'\78'§'\ud83d\ude00'§'\/'§'\"'§'\''§"\'"§'\a\b\f\n\r\t\v\\'
'''a'''§'''a''''§r'\'§r'\''§r'\d'§r'\\'§''''''§''''§'abc§'''abc§'\N{NOPE}'§b'\N{x}'§b'\u12'§b'\x4'§r'\N{x}'§'\
[1}§(1]§((((§]§}§)§[1;]§[1];§[1]:§a:=1§(a:=1)§*1,§[*[1]]§{**{}}§lambda:0§[x for x in []]§{1:2 for x in y}§(1 if 1 else 2)§`1`§$§?§!§@§<>§1!=2
{[1]:2}§{(1,[2]):3}§{1,[2]}§{'a'}§{-1:2}§{'a':-1.5e-3}§{'a' 'b':1}§{b'a':1}§{None:1}§{(1,2):3}§{1:{2:{3:[4,(5,)]}}}
""".replace("\n", "§").split("§")

# The same with line ends, blanks and comments, which decide more than one expects.
LAYOUT = [
    "\n[1]", "\n [1]", " \t[1]", "\t[1]", "# c\n[1]", "# c\n [1]", "\\\n[1]", "\\\n  [1]", "[1]\\\n", "[1]\\", "[1]\n\\\n",
    "[1]\n  # c", "[1]\n  \\\n", "[1]\n  ", "[1]\n\n  ", "[1]\n \n  ", "[1]\n  \n", "[1] \n\t", "  \n[1]", "\n\n[1]\n",
    "# a\n  \n[1]", "\\\n\n[1]", " \\\n[1]", "\n \\\n[1]", "[1]\n\\\n\n", "[1]\n\\\n  \n", "[1]\n  \\\n \n", "[1]\\\n\n",
    "[1]\\\n  \n", "[1]\\\n,2", "[1]\\\n  # c\n", "\\\n# c\n[1]", "\\\n\\\n[1]", "\\\n", "[\\\n\\\n1]", "'a'\\\n'b'", "'a'\n'b'",
    "('a'\n'b')", "('a' # c\n'b')", "[1]\n\\\n ", "1\\\n", "-\\\n1", "-\n1", "[-\n1]", "[- # c\n1]", "\\\n -1", "# c\\\n[1]",
    "[1] # c\\", "[1\n ]\n ", "[1]\n# c\n ", "[1]\n #c\n #d", "[1]\n#c\n \n#e", "[1 # c\n]", "[1 # c]", "[(1)\n,\n2]", "(1\n)",
    "1 # c", "[1]\n[2]", "[1]\n\n\n", "", " ", "\n", "# only", "[1,\\\n2]", "[1,\\ \n2]", "[1,\\", "'a\nb'", "'a\\\nb'",
    "'''a\nb'''", "r'a\\\nb'", "'\\\n'", "''\n''", "{'a'\n:\n1\n,\n}", "[1\n-\n2j]", "1,\n", "1,\n2", "1, # c", "1,\\\n2",
    '"""a"""', '"""a""""', '"""a"b""c"""', "[1]\x0b", "[1\x0b]", "\x0c[1]", "[\x0c1]", "[1]\x85", "[1\x85,2]", "[1\u2028,2]", "[1\u00a0]", "\u00a0[1]", "\ufeff[1]",
    "[1]\x1a", "[1\x1c]", "[1\x1f]", "'\x1a'", "'\x07\t'", "'\u2028'", "'''\u2028'''", "'''a\r\nb'''", "[1,\r\n2]", "[1]\r\n",
    "[1]\r\n\r\n", "[1\r]", "'a\\\r\nb'", "[1]\x00", "'\x00'", "\ud800", "'\ud800'", "'\U0001F600'", "[1]#\ud800", "[\u0661]",
    "\uff11", "'\u00e9'", "é", "[é]", "'a\u0000'", "[1]#\x00", "(" * 200 + ")" * 200, "[" * 200 + "]" * 200,
    "[" * 201 + "]" * 201, "(" * 201 + "1" + ")" * 201, "{1:" * 150 + "1" + "}" * 150, "-" * 300 + "1", "9" * 4300, "9" * 4301,
    "0x" + "f" * 300, "1" * 400, "1e" + "9" * 500,
]

TURNS = [
    '<think> I mark the cup. </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox_2d": [10, 20, 30, 40], "label": "cup"}]\n```',
    '<think> Up. </think> Action: Path Tracer\n```json\n[{"index": 1, "start_point_2d": [5, 6], "end_point_2d": [5, 90], "label": "up"}]\n```',
    "<think> B </think> Action: Answer\n<answer> B </answer>",
    "<think>\nTwo.\n</think>\nAction: Object Mapper\n```json\n[\n  {'index': 1, 'bbox_2d': (1, 2, 3, 4), 'label': 'a'},  # first\n  {'index': 2, 'bbox_2d': [5.5, 6, -7, 8], 'label': \"b\",},\n]\n```\n",
    '<think> Both. ```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "in think"}]\n``` and\n```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "x"}]\n``` </think> Action: Path Tracer\n```json\n[{"index": 2, "start_point_2d": [0, 0], "end_point_2d": [1.5, 2], "label": "l"}]\n```',
    '<think> open\n```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n</think> Action: Object Mapper',
    '<think> open </think> Action: Object Mapper\n```json\n  [{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]  \n',
    '<think> two fences </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n```json\n[{"index": 1, "bbox_2d": [5, 6, 7, 8], "label": "d"}]\n```',
    '<think> a </think> Action: Object Mapper\n  ```json  \n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n  ```',
    '<think> a </think> Action: Object Mapper\n```json\n  [{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]```',
    '<think> a </think> Action: Object Mapper\n```json\n\n  [{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n```',
    '<think> a </think> Action: Object Mapper\n```JSON\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n```',
    '<think> a </think> Action: Object Mapper\n```python\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n```',
    '<think> a </think> Action: Object Mapper\n```json [{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n```',
    '<think> a </think> Action: Object Mapper ```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n```',
    '<think> null </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c", "note": null}]\n```',
    '<think> None </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c", "note": None, "sure": True}]\n```',
    '<think> object </think> Action: Object Mapper\n```json\n{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}\n```',
    '<think> objects </think> Action: Object Mapper\n```json\n{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"},\n{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "d"}\n```',
    '<think> comma </think> Action: Object Mapper\n```json\n{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}, {"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "d"}\n```',
    '<think> five </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4, 5], "label": "c"}, {"index": 1, "bbox_2d": [], "label": "d"}]\n```',
    '<think> keys </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox": [1, 2, 3, 4], "label": "c"}, {"index": 1, "bbox_2d": [1, 2, 3, 4]}, {"bbox_2d": [1, 2, 3, 4], "label": "e"}]\n```',
    '<think> both </think> Action: Path Tracer\n```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "start_point_2d": [1, 1], "end_point_2d": [2, 2], "label": "c"}]\n```',
    '<think> bad </think> Action: Object Mapper\n```json\n[{"index": "1", "bbox_2d": [1, 2, 3, 4], "label": "c"}, {"index": 1.0, "bbox_2d": [1, 2, 3, 4], "label": "d"}, {"index": True, "bbox_2d": [1, 2, 3, 4], "label": "e"}, {"index": -2, "bbox_2d": [1, 2, 3, 4], "label": "f"}]\n```',
    '<think> bad </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox_2d": "1,2,3,4", "label": "c"}, {"index": 1, "bbox_2d": [1, 2, "3", 4], "label": "d"}, {"index": 1, "bbox_2d": [1, 2, 3, 1e999], "label": "e"}, {"index": 1, "bbox_2d": [1, 2, 3, 4], "label": 5}]\n```',
    '<think> bad </think> Action: Path Tracer\n```json\n[{"index": 1, "start_point_2d": [1], "end_point_2d": [2, 2], "label": "c"}, {"index": 1, "start_point_2d": [1, 2, 3], "end_point_2d": [2, 2], "label": "d"}, {"index": 1, "start_point_2d": [1, 2], "label": "e"}, {"index": 0, "start_point_2d": (1, 2), "end_point_2d": (3, 4), "label": ""}]\n```',
    '<think> junk </think> Action: Object Mapper\n```json\n[1, None, ..., "bbox_2d label", ["bbox_2d", "label"], {"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n```',
    "<think> empty </think> Action: Object Mapper\n```json\n[]\n```",
    "<think> empty </think> Action: Object Mapper\n```json\n```",
    "<think> none </think> Action: Object Mapper\n```json\nNone\n```",
    "<think> open </think> Action: Object Mapper\n```json",
    "<think> early </think> Action: Answer\n<answer> A",
    "<think> late </think> Action: Answer\n</answer> A <answer>",
    "<think> twice </think> Action: Answer <answer>A</answer> <answer>B</answer>",
    '<think> both </think> Action: Answer\n```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "c"}]\n```\n<answer> 4 </answer>',
    "no tags at all",
    "",
    " <think> blank first </think> Action: Answer\n<answer> A </answer>",
    "<think> no action </think>\n<answer> A </answer>",
    "<think> odd </think> then </think> \u00a0\u2003\x1c Action: Answer\n<answer> A </answer>",
    "<think> odd </think>\ufeffAction: Answer\n<answer> A </answer>",
    "<think> cr </think> Action: Object Mapper\r\n```json\r\n[{'index': 1, 'bbox_2d': [1, 2, 3, 4],\r\n 'label': 'c'}]\r\n```\r\n",
    "<think> ls </think> Action: Object Mapper\u2028```json\u2028[{'index': 1, 'bbox_2d': [1, 2, 3, 4], 'label': 'c'}]\x85```",
    '<think> tick </think> Action: Object Mapper\n```json\n[{"index": 1, "bbox_2d": [1, 2, 3, 4], "label": "a ``` b"}]\n```',
    '<think> dup </think> Action: Object Mapper\n```json\n[{"index": 1, "index": 2, "bbox_2d": [1, 2, 3, 4], "label": "c", "label": "d"}]\n```',
    "<think> sum </think> Action: Object Mapper\n```json\n[{'index': +1, 'bbox_2d': [0x10, 1_0, .5, 1e1], 'la' 'bel': r'\\d' '\\u00e9'}]\n```",
]


def mutate(random_, text, others):
    """A few random edits, most of them with the characters that the grammar is made of."""
    for _ in range(random_.randint(1, 4)):
        at = random_.randint(0, len(text))
        to = min(len(text), at + random_.choice([0, 1, 1, 2, 5, 20]))
        kind = random_.random()
        if kind < 0.45:
            piece = random_.choice(
                ["[", "]", "{", "}", "(", ")", ",", ":", '"', "'", "\\", "\n", " ", "\t", "#", "-", "+", ".", "_", "0", "7", "e",
                 "x", "j", "1", "null", "true", "None", "...", "```", "```json\n", "\n```", "</think>", "Action:", "<answer>",
                 "</answer>", "b'", "r'", "\u00e9", "\U0001F600", "\r\n", "\x0c", "\u2028", '"label"', '"index": ', "1e999", "\\\n"])
        elif kind < 0.65:
            piece = ""
        elif kind < 0.85:
            other = random_.choice(others)
            start = random_.randint(0, len(other))
            piece = other[start : start + random_.randint(1, 30)]
        else:
            piece = text[at:to] * 2
        text = text[:at] + piece + text[to:]
    return text


def literal(text):
    """What `ast.literal_eval` returns, as one value in a list, or an empty list where it raises."""
    try:
        return [ast.literal_eval(text)]
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        return []


def one_line_end(text):
    """The text with every line end of Python's written as a line feed, as it is after splitting and joining lines."""
    return "\n".join((text + "|").splitlines())[:-1]


def plain(value):
    """A value as JSON that tells Python's types apart."""
    if value is None or isinstance(value, bool):
        return ["constant", value]
    if isinstance(value, str):
        return ["string", value]
    if isinstance(value, bytes):
        return ["bytes"]
    if value is ...:
        return ["ellipsis"]
    if isinstance(value, complex):
        return ["complex"]
    if isinstance(value, (int, float)):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf if value > 0 else -math.inf
        return [type(value).__name__, number + 0.0 if math.isfinite(number) else str(number)]
    if isinstance(value, dict):
        return ["dict", {key: plain(item) for key, item in value.items() if isinstance(key, str)}]
    if isinstance(value, set):
        return ["set"]
    return [type(value).__name__, [plain(item) for item in value]]


def blocks(text):
    """The contents of the fenced blocks, and whether each is closed."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.strip() == "```json":
            rest = "\n".join(lines[number + 1 :])
            closed = "```" in rest
            yield rest.split("```")[0] if closed else rest.split("</think>")[0].strip(), closed


def finite(values, count=None):
    if not isinstance(values, (list, tuple)) or any(type(value) not in (int, float) for value in values):
        return False
    try:
        return all(math.isfinite(float(value)) for value in values) and count in (None, len(values))
    except OverflowError:
        return False


def drawing(item):
    """The drawing that an item is, or None."""
    if not isinstance(item, dict) or "label" not in item:
        return None
    if "bbox_2d" in item:
        shape = {"bbox_2d": item["bbox_2d"]}
        good = finite(item["bbox_2d"])
    elif "start_point_2d" in item and "end_point_2d" in item:
        shape = {key: item[key] for key in ("start_point_2d", "end_point_2d")}
        good = finite(item["start_point_2d"], 2) and finite(item["end_point_2d"], 2)
    else:
        return None
    index = item.get("index")
    if not good or type(index) is not int or abs(index) > 10**300 or not isinstance(item["label"], str):
        return None
    shape = {key: [float(value) + 0.0 for value in values] for key, values in shape.items()}
    return {"index": index, "label": item["label"], **shape}


def has_keys(item):
    return "label" in item and ("bbox_2d" in item or ("start_point_2d" in item and "end_point_2d" in item))


def items_have_keys(value):
    try:
        return value is not None and all(has_keys(item) for item in value)
    except TypeError:
        return False


def turn(text):
    read = [(literal(content), closed) for content, closed in blocks(text)]
    drawings = []
    for value, _ in read:
        if value and isinstance(value[0], (list, tuple)):
            drawings += [found for found in map(drawing, value[0]) if found]
    tags = ("<answer>" in text) + ("</answer>" in text)
    well_formed = (
        re.fullmatch(r"<think>(.*?)</think>\s*Action:\s*(.*?)(?=\n|$)", text, re.DOTALL) is not None
        and all(closed and value and items_have_keys(value[0]) for value, closed in read)
        and (tags == 2 or (tags == 0 and len(drawings) > 0))
    )
    answer = re.search(r"<answer>\s*(.*?)\s*</answer>", text, re.DOTALL)
    return {
        "text": text,
        "drawings": drawings,
        "wellFormed": bool(well_formed),
        "answer": answer.group(1).strip() if answer else None,
    }


def main(seed=1, literals=1200, turns=500):
    random_ = random.Random(seed)
    crafted = [text for text in LITERALS if text] + LAYOUT
    inner = crafted + [content for text in TURNS for content, _ in blocks(text)]
    short = [text for text in inner if len(text) < 200]
    texts = inner + [mutate(random_, random_.choice(short), short) for _ in range(literals - len(inner))]
    spoken = TURNS + [mutate(random_, random_.choice(TURNS), TURNS + short) for _ in range(turns - len(TURNS))]
    cases = {
        "literals": [[text, *map(plain, literal(one_line_end(text)))] for text in texts],
        "turns": [turn(text) for text in spoken],
    }
    json.dump(cases, sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
