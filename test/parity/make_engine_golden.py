"""What PyTorch and transformers make of the random checkpoints: the golden values of the engine's parity tests.

    python test/parity/make_engine_golden.py

Needs torch, transformers, numpy, and the checkpoints that make_checkpoints.py writes. For each checkpoint and
conversation, test/parity/golden/engine.json.gz holds the input ids, the M-RoPE positions, samples of the pixel rows,
the logits after the prompt and after some of 64 greedy tokens, and for every greedy token how far the reference's two
best were apart. Floats are base64 of little-endian float32. Pictures come from a formula that the test repeats.
"""

import base64
import gzip
import json
import sys
from pathlib import Path

import numpy as np
import torch
from transformers import AutoProcessor, Qwen2_5_VLForConditionalGeneration

HERE = Path(__file__).parent / "golden"
GREEDY = 64
LOGITS_AFTER = [1, 16, 63]
# Prime to the length of a pixel row, so that the samples fall on every place of a patch.
PIXEL_STRIDE = 211

# `[width, height]` stands for a picture, text for itself. The sides try windows that divide, that don't, slivers.
CONVERSATIONS = {
    "one image": [
        ("system", "You are a careful observer."),
        ("user", [[140, 196], "What is in the picture?"]),
    ],
    "no image": [("user", ["Count to ten, please.\n\nIn French: un, deux"])],
    "several images of different sizes": [
        ("user", ["First:", [84, 56], "second:", [224, 112], "third:", [28, 28], "Which is larger? \u00e9\u4e2d\U0001f600"]),
    ],
    "several turns": [
        ("system", "Draw, then look."),
        ("user", [[112, 140], "Where does the path end?"]),
        ("assistant", "<think> I draw a line. </think> Action: Path Tracer\n```json\n[]\n```"),
        ("user", [[112, 140], "\nImage 2 is here. Continue."]),
        ("assistant", "<think> I see it. </think> Action: Answer\n<answer> B </answer>"),
        ("user", [[252, 84], "Are you sure?"]),
    ],
}


def picture(width, height, seed):
    """Pixels `(31 i^2 + 7 i + 101 seed) >> 3` of 8 bits, i counting values: the test makes the same ones."""
    i = np.arange(width * height * 3, dtype=np.int64)
    return (((i * i * 31 + i * 7 + seed * 101) >> 3) & 255).astype(np.uint8).reshape(height, width, 3)


def floats(values):
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode()


def messages_of(conversation):
    """The messages for the chat template, and the pictures; the k-th picture of a conversation has seed k."""
    messages, images = [], []
    for role, content in conversation:
        if isinstance(content, str):
            messages.append({"role": role, "content": content})
            continue
        parts = []
        for part in content:
            if isinstance(part, str):
                parts.append({"type": "text", "text": part})
            else:
                images.append(picture(*part, seed=len(images)))
                parts.append({"type": "image"})
        messages.append({"role": role, "content": parts})
    return messages, images


def inputs_of(processor, conversation):
    messages, images = messages_of(conversation)
    template = processor.chat_template or processor.tokenizer.chat_template
    text = processor.apply_chat_template(messages, template, add_generation_prompt=True, tokenize=False)
    # The sides are multiples of 28 already, and the engine resizes nothing.
    return processor(text=[text], images=images or None, images_kwargs={"do_resize": False}, return_tensors="pt")


def quantised(weight, bits=8):
    """The engine's codes in PyTorch, turned back into numbers: blocks of 32 along a row, to nearest even."""
    rows, width = weight.shape
    padded = torch.nn.functional.pad(weight, (0, -width % 32)).view(rows, -1, 32)
    if bits == 8:
        scale = padded.abs().amax(-1, keepdim=True) / 127
    else:
        low, high = padded.amin(-1, keepdim=True), padded.amax(-1, keepdim=True)
        scale = torch.where(high > -low, high, low) / -8
    codes = torch.where(scale != 0, torch.round(padded / scale), 0)
    if bits == 4:
        codes = codes.clamp(-8, 7)
    return (codes * scale).view(rows, -1)[:, :width]


class CodedLinear(torch.nn.Module):
    """A linear layer as MatMulNBits computes it at accuracy level 4: coded weights, each block of activations in int8."""

    def __init__(self, linear, bits):
        super().__init__()
        self.weight = torch.nn.Parameter(quantised(linear.weight.data, bits))
        self.bias = linear.bias

    def forward(self, x):
        return torch.nn.functional.linear(quantised(x.reshape(-1, x.shape[-1])).view(x.shape), self.weight, self.bias)


def hold(model, form):
    """Holds weights as the engine does: the linear layers of the text model, and the head. The embedding stays."""
    head = model.lm_head
    model.lm_head = torch.nn.Linear(head.in_features, head.out_features, bias=False)
    model.lm_head.weight = torch.nn.Parameter(head.weight.detach().clone())
    places = [(model, "lm_head", True)]
    layers = model.model.language_model.layers
    for i, layer in enumerate(layers):
        outer = i in (0, len(layers) - 1)
        places += [(layer.self_attn, name, outer) for name in ["q_proj", "k_proj", "v_proj", "o_proj"]]
        places += [(layer.mlp, name, outer) for name in ["gate_proj", "up_proj", "down_proj"]]
    for parent, name, outer in places:
        linear = getattr(parent, name)
        if form == "fp16":
            linear.weight = torch.nn.Parameter(linear.weight.data.half().float())
        else:
            setattr(parent, name, CodedLinear(linear, 4 if form == "int4" and not outer else 8))


def greedy(model, inputs):
    """Logits after the prompt and after each greedy token, on the KV cache; end tokens do not end it."""
    out = model(**inputs, use_cache=True, logits_to_keep=1)
    tokens, gaps, logits = [], [], [out.logits[0, -1]]
    for _ in range(GREEDY):
        best = torch.topk(logits[-1], 2)
        tokens.append(best.indices[0].item())
        gaps.append((best.values[0] - best.values[1]).item())
        position = model.model.rope_deltas + out.past_key_values.get_seq_length()
        out = model(
            input_ids=torch.tensor([[tokens[-1]]]),
            position_ids=position.view(1, 1, 1).expand(3, 1, 1),
            past_key_values=out.past_key_values,
            use_cache=True,
        )
        logits.append(out.logits[0, -1])
    return tokens, gaps, logits


def record(folder, conversation):
    processor = AutoProcessor.from_pretrained(folder)
    load = lambda: Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()
    model = load()
    inputs = inputs_of(processor, conversation)
    positions, _ = model.model.get_rope_index(
        inputs["input_ids"], inputs["mm_token_type_ids"], inputs.get("image_grid_thw")
    )
    model.model.rope_deltas = None
    if "image_grid_thw" not in inputs:
        model.model.rope_deltas = torch.zeros(1, 1, dtype=torch.long)
    tokens, gaps, logits = greedy(model, inputs)
    golden = {
        "ids": inputs["input_ids"][0].tolist(),
        "positions": positions[:, 0].tolist(),
        "pixels": floats(inputs["pixel_values"].flatten()[::PIXEL_STRIDE]) if "pixel_values" in inputs else "",
        "logits": floats(logits[0]),
        "tokens": tokens,
        "gaps": [round(gap, 5) for gap in gaps],
        "later": {str(k): floats(logits[k]) for k in LOGITS_AFTER},
    }
    for form in ["fp16", "int8", "int4"]:
        held = load()
        hold(held, form)
        golden[form] = floats(held(**inputs, logits_to_keep=1).logits[0, -1])
    return golden


def main():
    golden = {"stride": PIXEL_STRIDE, "conversations": CONVERSATIONS, "checkpoints": {}}
    with torch.no_grad():
        for folder in sorted((HERE / "checkpoints").iterdir()):
            golden["checkpoints"][folder.name] = {
                name: record(folder, conversation) for name, conversation in CONVERSATIONS.items()
            }
            print(folder.name, file=sys.stderr)
    text = json.dumps(golden, separators=(",", ":"))
    path = HERE / "engine.json.gz"
    path.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
