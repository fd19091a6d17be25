"""The peer of the engine's benchmark: PyTorch and transformers on the CPU, on the same checkpoint, in the same run.

    python test/bench/torch_peer.py CHECKPOINT THREADS

Reads one JSON object a line and answers each with one: {"op": "prefill", "tokens": n} and {"op": "decode", "tokens":
n} (on the cache of the last prefill) and {"op": "image", "width": w, "height": h} give {"seconds": s}; {"op":
"memory"} gives {"anonymous": bytes}. It runs the model itself, not `generate`, whose own work would slow it down.
"""

import json
import sys
import time

import torch
from transformers import Qwen2_5_VLForConditionalGeneration


def anonymous():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("RssAnon"))


class Peer:
    def __init__(self, checkpoint):
        self.model = Qwen2_5_VLForConditionalGeneration.from_pretrained(checkpoint, dtype=torch.float32).eval()
        self.out = None

    def prefill(self, tokens):
        ids = torch.arange(tokens).view(1, -1) % 97
        self.out = self.model(input_ids=ids, use_cache=True, logits_to_keep=1)

    def decode(self, tokens):
        for _ in range(tokens):
            best = self.out.logits[:, -1].argmax(-1, keepdim=True)
            self.out = self.model(input_ids=best, past_key_values=self.out.past_key_values, use_cache=True)

    def image(self, width, height):
        vision = self.model.config.vision_config
        rows, columns = height // vision.patch_size, width // vision.patch_size
        row = vision.in_channels * vision.temporal_patch_size * vision.patch_size**2
        self.model.model.get_image_features(torch.zeros(rows * columns, row), torch.tensor([[1, rows, columns]]))


def main():
    torch.set_num_threads(int(sys.argv[2]))
    peer = Peer(sys.argv[1])
    print(json.dumps({"ready": True}), flush=True)
    with torch.no_grad():
        for line in sys.stdin:
            request = json.loads(line)
            op = request.pop("op")
            if op == "memory":
                print(json.dumps({"anonymous": anonymous()}), flush=True)
                continue
            start = time.perf_counter()
            getattr(peer, op)(**request)
            print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)


if __name__ == "__main__":
    main()
