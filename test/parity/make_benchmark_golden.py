"""Writes golden/benchmark.json.gz: answers with what ViLaSR's evaluation gives for them.

The function is taken from a checkout of the ViLaSR repository, which this repository does not contain. Where it raises,
`raises` is the name of the error in place of a score.

Usage: python make_benchmark_golden.py CHECKOUT    (needs PyTorch and NumPy)
"""

import contextlib
import gzip
import importlib.util
import io
import itertools
import json
import pathlib
import random
import sys
import types

HERE = pathlib.Path(__file__).parent
for name in ["tqdm", "utils", "utils.cal_metric_vsibench", "utils.cal_metric_sparbench"]:
    sys.modules.setdefault(name, types.ModuleType(name))
sys.modules["tqdm"].tqdm = iter
sys.modules["utils.cal_metric_vsibench"].calculate_average_scores_vsibench = None
sys.modules["utils.cal_metric_sparbench"].calculate_average_scores_sparbench = None

WORDS = ["A", "a", "b. the table", " B", "", " ", "4", "4.0", "4.00", "4.004", "4.005", "4.125", "4.115", "0.125", "2.675", "-0.375", "1,000", "1000",
         "1,000.0", "3 chairs", "1e3", "1_0", "inf", "nan", "٤", "0", "0.0", "5", "5.", ".5", "4,5", "ß", "É", "5.5", "4.5", "6", "2.5", "3.75", "-5",
         "move_right:3", "move_left:3", "move_right:3,rotate_up:1", "move_right:2,move_left:5,rotate_down:0.5", "move_right", "move_right:3,", "jump:4",
         " move_right:3", "move_right: 3 ", "move_forward:1:2"]


def main():
    spec = importlib.util.spec_from_file_location("evaluate_upstream", pathlib.Path(sys.argv[1]) / "eval/evaluate.py")
    evaluate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(evaluate)
    rng = random.Random(5)
    rows = []
    for said, gold in itertools.product(WORDS, WORDS):
        for kind in ["multiple choice", "numerical", "regression", "vci", "free-form"]:
            if rng.random() < 0.6:
                continue
            output = rng.choice(["{}", "<answer> {} </answer>", "<think> 7 </think> Action: Answer\n<answer>{}</answer>"]).format(said)
            row = {"output": output, "gold": gold, "type": kind}
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    row["score"] = float(evaluate.reward_fn(output, gold, kind))
                except Exception as error:
                    row["raises"] = type(error).__name__
            rows.append(row)
    with gzip.GzipFile(HERE / "golden/benchmark.json.gz", "wb", mtime=0) as file:
        file.write(json.dumps(rows, separators=(",", ":")).encode())


if __name__ == "__main__":
    main()
