"""Reads a JSON file whole: the peer of test/bench/dataset.bench.ts and test/bench/editor. Usage: python json_peer.py FILE"""

import json
import resource
import sys
import time

start = time.perf_counter()
with open(sys.argv[1], encoding="utf-8") as file:
    rows = json.load(file)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"first": seconds, "whole": seconds, "memory": peak}))
