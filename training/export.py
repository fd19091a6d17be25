"""Writes a trained run as a checkpoint folder in the 7B's layout: bf16 safetensors, its config keys and weight names.

    python training/export.py --run training/runs/main --out media/model
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import Qwen2_5_VLConfig

import lessons
import network
import tokenizer as tokens

# Mazes and scenes need no resizing; larger pictures are brought down to what the model has seen the size of.
MIN_PIXELS, MAX_PIXELS = 56 * 56, 196 * 196


def config_json(config: Qwen2_5_VLConfig) -> dict:
    """config.json with the keys of Qwen2.5-VL-7B-Instruct: text settings at the top, `rope_scaling`, `in_chans`."""
    text, vision = config.text_config, config.vision_config
    keys = (
        "hidden_act hidden_size initializer_range intermediate_size max_position_embeddings num_attention_heads "
        "num_hidden_layers num_key_value_heads rms_norm_eps use_cache vocab_size"
    ).split()
    vision_keys = (
        "depth hidden_act hidden_size intermediate_size num_heads out_hidden_size patch_size spatial_merge_size "
        "window_size fullatt_block_indexes tokens_per_second temporal_patch_size"
    ).split()
    return {
        "architectures": ["Qwen2_5_VLForConditionalGeneration"],
        "model_type": "qwen2_5_vl",
        "attention_dropout": 0.0,
        **{key: getattr(text, key) for key in keys},
        "eos_token_id": text.eos_token_id,
        "image_token_id": config.image_token_id,
        "video_token_id": config.video_token_id,
        "vision_start_token_id": config.vision_start_token_id,
        "vision_end_token_id": config.vision_end_token_id,
        "rope_theta": text.rope_parameters["rope_theta"],
        "rope_scaling": {"type": "mrope", "mrope_section": text.rope_parameters["mrope_section"]},
        "sliding_window": None,
        "use_sliding_window": False,
        "tie_word_embeddings": True,
        "torch_dtype": "bfloat16",
        "vision_config": {
            "model_type": "qwen2_5_vl",
            "in_chans": 3,
            "spatial_patch_size": vision.patch_size,
            **{key: getattr(vision, key) for key in vision_keys},
        },
    }


def weights(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The 7B's names; the tied head is left out, as save_pretrained does."""
    named = {}
    for name, value in state.items():
        if name.startswith("model.visual."):
            named["visual." + name.removeprefix("model.visual.")] = value
        elif name.startswith("model.language_model."):
            named["model." + name.removeprefix("model.language_model.")] = value
    return {name: value.to(torch.bfloat16).contiguous() for name, value in named.items()}


def read_weights(folder: Path) -> dict[str, torch.Tensor]:
    """The reverse of `weights`: fp32, under the names of transformers' modules, the tied head filled in."""
    state = {}
    for name, value in load_file(str(folder / "model.safetensors")).items():
        prefix = "model." if name.startswith("visual.") else "model.language_model."
        state[prefix + name.removeprefix("model.")] = value.float()
    state["lm_head.weight"] = state["model.language_model.embed_tokens.weight"]
    return state


def export(run: Path, out: Path) -> None:
    state = torch.load(run / "state.pt", weights_only=True)["model"]
    config = network.make_config(tokens.load(run))
    eos = config.text_config.eos_token_id
    out.mkdir(parents=True, exist_ok=True)
    save_file(weights(state), str(out / "model.safetensors"), metadata={"format": "pt"})
    files = {
        "config.json": config_json(config),
        "generation_config.json": {"do_sample": False, "eos_token_id": [eos], "pad_token_id": 0},
        "preprocessor_config.json": {
            "image_processor_type": "Qwen2VLImageProcessor",
            "processor_class": "Qwen2_5_VLProcessor",
            "min_pixels": MIN_PIXELS,
            "max_pixels": MAX_PIXELS,
            "patch_size": 14,
            "temporal_patch_size": 2,
            "merge_size": 2,
            "image_mean": lessons.MEAN,
            "image_std": lessons.STD,
        },
    }
    for name, content in files.items():
        (out / name).write_text(json.dumps(content, indent=2) + "\n")
    (out / "model.safetensors").chmod(0o644)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(run / name, out / name)
    # Servers read the template with the image processor, which looks for it in a file of its own.
    template = json.loads((run / "tokenizer_config.json").read_text())["chat_template"]
    (out / "chat_template.jinja").write_text(template)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", type=Path, default=Path("training/runs/main"))
    parser.add_argument("--out", type=Path, default=Path("media/model"))
    options = parser.parse_args()
    export(options.run, options.out)
    size = sum(file.stat().st_size for file in options.out.iterdir() if file.is_file())
    print(f"{options.out}: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
