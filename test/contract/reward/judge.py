"""Scores traces with the reward function of an export, and draws them by its rules.

    python judge.py EXPORT < TRACES

A trace a line: {"turns", "gold", "type"}. Prints for each its scores and what the loop does after each turn.
"""

import json
import sys

from PIL import Image

sys.path.insert(0, sys.argv[1])
import drawing
import reward


def steps(turns):
    board = drawing.Board([Image.new("RGB", (84, 56)), Image.new("RGB", (84, 56))], max_images=5)
    done = []
    for number, text in enumerate(turns):
        try:
            done.append(list(drawing.next_images(board, text, number, max_turns=4)))
        except drawing.Ends as end:
            return [*done, str(end)]
    return done


for line in sys.stdin:
    row = json.loads(line)
    truth = json.dumps({"answer": row["gold"], "type": row["type"]})
    [single] = reward.easyr1([{"response": row["turns"][-1] if row["turns"] else "", "ground_truth": truth}])
    scores = reward.reward(row["turns"], row["gold"], row["type"])
    print(json.dumps({"scores": scores, "single": single, "steps": steps(row["turns"])}))
