"""What PyTorch makes of weights: the golden values of the parity tests of the import.

    python test/parity/make_quant_golden.py

Needs torch, transformers, numpy, and the checkpoints that make_checkpoints.py writes. test/parity/golden/quantise.json.gz
holds (1) hard cases for the quantisation in 8 and in 4 bits, weights with their codes and scales, as base64 of
little-endian bytes; (2) for every checkpoint and format of import, the CRC-32 of what each weight, as the reference loads
it, is stored as: its floats, or its codes and its scales.
"""

import base64
import gzip
import json
import zlib
from pathlib import Path

import numpy as np
import torch
from transformers import Qwen2_5_VLForConditionalGeneration

HERE = Path(__file__).parent / "golden"
BLOCK = 32
LEAST_SCALE = 2.0**-126


def quantise(weight, bits):
    """Symmetric, round to nearest, blocks of 32 along the rows; `[rows, width]` -> codes, scales."""
    rows, width = weight.shape
    blocks = -(-width // BLOCK)
    padded = torch.zeros(rows, blocks * BLOCK)
    padded[:, :width] = weight.float()
    padded = padded.view(rows, blocks, BLOCK)
    if bits == 8:
        scales = padded.abs().amax(dim=2) / 127
    else:
        low, high = padded.amin(dim=2), padded.amax(dim=2)
        scales = torch.where(high > -low, high, low) / -8
    scales = torch.where(scales.abs() < LEAST_SCALE, torch.zeros(()), scales)
    divisor = torch.where(scales == 0, torch.tensor(float("inf")), scales)
    codes = torch.round(padded / divisor[..., None]) + 2 ** (bits - 1)
    if bits == 8:
        assert codes.min() >= 1 and codes.max() <= 255
        return codes.to(torch.uint8), scales
    assert codes.min() >= 0 and codes.max() <= 16
    codes = codes.clamp(max=15).to(torch.uint8)
    return codes[..., 0::2] | (codes[..., 1::2] << 4), scales


def raw(tensor):
    return np.ascontiguousarray(tensor.detach().numpy()).tobytes()


def hard_cases():
    generator = torch.Generator().manual_seed(7)
    normal = lambda *shape: torch.randn(*shape, generator=generator)
    tie = torch.arange(-64, 64).float().view(2, 64)
    # A block of halves: the scale is 2^-3 exactly, every weight lies between two codes.
    halves = torch.cat([torch.tensor([127.0]), torch.arange(31) - 15.5]).view(1, 32) / 8
    zeros = torch.zeros(2, 70)
    zeros[1, 40] = -0.0
    return {
        "random": normal(5, 96),
        "width not a multiple of 32": normal(7, 100),
        "width below 32": normal(3, 5),
        "whole numbers": tie,
        "halfway between codes": halves,
        "zeros": zeros,
        "very large": normal(2, 64) * 1e37,
        "very small": normal(2, 64) * 1e-36,
        "at the end of float32": normal(4, 64) * 2.0**-122,
        "below float32's full precision": normal(2, 64) * 1e-40,
        "outliers": normal(4, 64) * torch.where(torch.arange(64) % 29 == 0, 1e4, 1.0),
        "bfloat16": normal(4, 160).to(torch.bfloat16).float(),
    }


def matrices():
    for name, weight in hard_cases().items():
        for bits in [8, 4]:
            codes, scales = quantise(weight, bits)
            b64 = {key: base64.b64encode(raw(value)).decode() for key, value in
                   {"weights": weight, "codes": codes, "scales": scales}.items()}
            yield {"name": name, "bits": bits, "rows": weight.shape[0], "width": weight.shape[1], **b64}


def canonical(name):
    """The 7B's names for the modules of the reference."""
    for prefix, old in {"model.visual.": "visual.", "model.language_model.": "model."}.items():
        if name.startswith(prefix):
            return old + name[len(prefix) :]
    return name


def checksums(folder):
    model = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype="auto")
    return {form: checksums_as(form, model) for form in ["fp32", "fp16", "int8", "int4"]}


def checksums_as(form, model):
    sums = {}
    last = model.config.get_text_config().num_hidden_layers - 1
    for key, weight in model.named_parameters():
        name = canonical(key)
        tied = name == "model.embed_tokens.weight" and model.config.tie_word_embeddings
        head = name == "lm_head.weight" or tied
        linear = name.startswith("model.layers.") and weight.dim() == 2
        if form == "fp32" or not (head or linear):
            sums[name] = {"float32": zlib.crc32(raw(weight.float()))}
        elif form == "fp16":
            sums[name] = {"float16": zlib.crc32(raw(weight.half()))}
        else:
            outer = head or name.split(".")[2] in ("0", str(last))
            codes, scales = quantise(weight, 4 if form == "int4" and not outer else 8)
            sums["lm_head.weight" if tied else name] = {"codes": zlib.crc32(raw(codes)), "scales": zlib.crc32(raw(scales))}
            if tied:
                sums[name] = {"float32": zlib.crc32(raw(weight.float()))}
    return sums


def main():
    folders = sorted(path for path in (HERE / "checkpoints").iterdir() if path.is_dir())
    golden = {
        "matrices": list(matrices()),
        "checkpoints": {folder.name: checksums(folder) for folder in folders},
    }
    out = HERE / "quantise.json.gz"
    out.write_bytes(gzip.compress(json.dumps(golden).encode(), mtime=0))
    print(f"{out.name}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
