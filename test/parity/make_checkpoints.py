"""Writes the random checkpoints that the engine's tests open: tiny, of several shapes, in both folder layouts.

    python test/parity/make_checkpoints.py [OUT]

Needs torch, transformers, tokenizers, safetensors. OUT is test/parity/golden/checkpoints unless given. Every folder
is loaded back with transformers before the script ends: a folder that the reference cannot open proves nothing.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2_5_VLProcessor,
    Qwen2Tokenizer,
    Qwen2VLImageProcessor,
    Qwen2VLVideoProcessor,
)

# Shapes. Text heads are a multiple of 16 wide, as the engine's attention needs. Widths keep K away from multiples of 32
# somewhere in each, heads cover MHA, GQA and MQA.
SHAPES = {
    # transformers 5 as written: nested text_config, rope_parameters, processor_config.json; many shards.
    "gqa-untied-fp32": {
        "dtype": torch.float32,
        "layout": "transformers-5",
        "shard": "200KB",
        "tied": False,
        "text": {"hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 52},
        "mrope": [2, 3, 3],
        "vision": {"depth": 2, "hidden_size": 24, "num_heads": 2, "intermediate_size": 44, "fullatt_block_indexes": [1]},
    },
    # The 7B's layout, one file, tied head, one key head for all.
    "mqa-tied-bf16": {
        "dtype": torch.bfloat16,
        "layout": "7b",
        "shard": "10MB",
        "tied": True,
        "text": {"hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 1, "intermediate_size": 88},
        "mrope": [2, 3, 3],
        "vision": {"depth": 2, "hidden_size": 32, "num_heads": 2, "intermediate_size": 44, "fullatt_block_indexes": [0]},
    },
    # The newer key prefixes, transformers 5's layout, one file, as many key heads as query heads.
    "mha-new-prefix-fp16": {
        "dtype": torch.float16,
        "layout": "transformers-5",
        "prefix": "new",
        "shard": "10MB",
        "tied": False,
        "text": {"hidden_size": 48, "num_attention_heads": 3, "num_key_value_heads": 3, "intermediate_size": 72},
        "mrope": [4, 2, 2],
        "vision": {
            "depth": 3,
            "hidden_size": 24,
            "num_heads": 3,
            "intermediate_size": 40,
            "fullatt_block_indexes": [0, 2],
            "window_size": 56,
        },
    },
    # The 7B's layout in shards, small image limits, three layers, groups of three.
    "gqa3-sharded-bf16": {
        "dtype": torch.bfloat16,
        "layout": "7b",
        "shard": "160KB",
        "tied": False,
        "text": {
            "hidden_size": 96,
            "num_attention_heads": 6,
            "num_key_value_heads": 2,
            "intermediate_size": 80,
            "num_hidden_layers": 3,
        },
        "mrope": [2, 2, 4],
        "vision": {"depth": 2, "hidden_size": 40, "num_heads": 2, "intermediate_size": 36, "fullatt_block_indexes": [1]},
        "pixels": [1568, 50176],
    },
    # The newer prefixes and layout with a tied head: one table, many shards.
    "gqa-tied-sharded-bf16": {
        "dtype": torch.bfloat16,
        "layout": "transformers-5",
        "prefix": "new",
        "shard": "60KB",
        "tied": True,
        "text": {"hidden_size": 32, "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 40},
        "mrope": [2, 3, 3],
        "vision": {"depth": 2, "hidden_size": 16, "num_heads": 2, "intermediate_size": 20, "fullatt_block_indexes": []},
    },
    # No block within windows, though the pictures are larger than one: the bundled model's kind.
    "gqa-tied-no-windows-bf16": {
        "dtype": torch.bfloat16,
        "layout": "7b",
        "shard": "10MB",
        "tied": True,
        "text": {"hidden_size": 32, "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 40},
        "mrope": [2, 3, 3],
        "vision": {
            "depth": 2,
            "hidden_size": 16,
            "num_heads": 2,
            "intermediate_size": 20,
            "fullatt_block_indexes": [0, 1],
            "window_size": 56,
        },
    },
}

# More rows than the tokenizer has ids, as in the 7B.
VOCAB = 304
MERGES = ["Ġ t", "h e", "Ġt he", "i n", "e r", "a n", "r e", "o n", "Ġ a", "Ċ Ċ", "< /", "t h", "o r", "Ġ s", "Ġ <"]
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPECIAL = [
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|vision_pad|>",
    "<|image_pad|>",
    "<|video_pad|>",
]
TEMPLATE = """{%- for message in messages -%}
{{- '<|im_start|>' + message.role + '\\n' -}}
{%- if message.content is string -%}
{{- message.content -}}
{%- else -%}
{%- for part in message.content -%}
{%- if part.type == 'image' -%}
{{- '<|vision_start|><|image_pad|><|vision_end|>' -}}
{%- else -%}
{{- part.text -}}
{%- endif -%}
{%- endfor -%}
{%- endif -%}
{{- '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{- '<|im_start|>assistant\\n' -}}
{%- endif -%}
"""


def byte_alphabet():
    """The 256 characters that stand for bytes in a byte-level vocabulary, in order of the byte (GPT-2's table)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(b) if b in printable else chr(next(spare)) for b in range(256)]


def make_tokenizer():
    tokens = byte_alphabet() + [merge.replace(" ", "") for merge in MERGES]
    merges = [tuple(merge.split(" ")) for merge in MERGES]
    core = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)}, merges=merges))
    core.normalizer = normalizers.NFC()
    core.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(SPLIT), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    core.post_processor = processors.ByteLevel(trim_offsets=False)
    core.decoder = decoders.ByteLevel()
    core.add_special_tokens([AddedToken(text, normalized=False, special=True) for text in SPECIAL])
    tokenizer = Qwen2Tokenizer(
        tokenizer_object=core, pad_token="<|endoftext|>", eos_token="<|im_end|>", unk_token=None, bos_token=None
    )
    tokenizer.chat_template = TEMPLATE
    assert len(tokenizer) <= VOCAB, len(tokenizer)
    return tokenizer


def randomise(model, seed):
    """Weights that make every part matter: biases and norms away from 0 and 1, logits spread over a few units."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            if name.endswith("bias"):
                weight.copy_(0.1 * noise)
            elif weight.dim() == 1:
                weight.copy_(1 + 0.1 * noise)
            elif "embed_tokens" in name:
                weight.copy_(noise)
            else:
                weight.copy_(noise * 1.2 / (weight[0].numel() ** 0.5))


def make_model(shape, tokenizer, seed):
    token = tokenizer.convert_tokens_to_ids
    text = {
        "num_hidden_layers": 2,
        "vocab_size": VOCAB,
        "max_position_embeddings": 4096,
        "rms_norm_eps": 1e-6,
        "bos_token_id": token("<|endoftext|>"),
        "eos_token_id": token("<|im_end|>"),
        "rope_parameters": {"rope_type": "default", "rope_theta": 1000000.0, "mrope_section": shape["mrope"]},
        **shape["text"],
    }
    vision = {"out_hidden_size": text["hidden_size"], **shape["vision"]}
    config = Qwen2_5_VLConfig(
        text_config=text,
        vision_config=vision,
        image_token_id=token("<|image_pad|>"),
        video_token_id=token("<|video_pad|>"),
        vision_start_token_id=token("<|vision_start|>"),
        vision_end_token_id=token("<|vision_end|>"),
        tie_word_embeddings=shape["tied"],
    )
    model = Qwen2_5_VLForConditionalGeneration(config)
    randomise(model, seed)
    model.generation_config.eos_token_id = [token("<|im_end|>"), token("<|endoftext|>")]
    model.generation_config.pad_token_id = token("<|endoftext|>")
    return model.to(shape["dtype"])


def use_new_prefixes(folder):
    """Keys as transformers names the modules since 4.52; `save_pretrained` still writes the older names."""
    rename = {"visual.": "model.visual.", "model.": "model.language_model."}

    def new(key):
        old = next((prefix for prefix in rename if key.startswith(prefix)), None)
        return key if old is None else rename[old] + key[len(old) :]

    for file in sorted(folder.glob("*.safetensors")):
        save_file({new(k): v for k, v in load_file(file).items()}, file, metadata={"format": "pt"})
    index = folder / "model.safetensors.index.json"
    if index.exists():
        content = json.loads(index.read_text())
        content["weight_map"] = {new(k): v for k, v in content["weight_map"].items()}
        write_json(index, content)


def use_7b_layout(folder):
    """The files of the published 7B: one flat config with `rope_scaling`, a preprocessor config, the template inside
    the tokenizer's config."""
    config = json.loads((folder / "config.json").read_text())
    text = config.pop("text_config")
    rope = text.pop("rope_parameters")
    vision = config.pop("vision_config")
    for key in ["model_type", "layer_types", "pad_token_id", "dtype"]:
        text.pop(key, None)
    for key in ["model_type", "rope_parameters", "initializer_range", "dtype"]:
        vision.pop(key, None)
    vision["in_chans"] = vision.pop("in_channels")
    vision["spatial_patch_size"] = vision["patch_size"]
    config["torch_dtype"] = config.pop("dtype")
    text["sliding_window"] = 32768
    text["rope_theta"] = rope["rope_theta"]
    text["rope_scaling"] = {"type": "mrope", "mrope_section": rope["mrope_section"]}
    write_json(folder / "config.json", {**config, **text, "vision_config": vision})

    processor = json.loads((folder / "processor_config.json").read_text())
    image = processor["image_processor"]
    keep = ["patch_size", "temporal_patch_size", "merge_size", "image_mean", "image_std", "image_processor_type"]
    limits = {"min_pixels": image["size"]["shortest_edge"], "max_pixels": image["size"]["longest_edge"]}
    write_json(
        folder / "preprocessor_config.json",
        {**limits, **{key: image[key] for key in keep}, "processor_class": "Qwen2_5_VLProcessor"},
    )
    (folder / "processor_config.json").unlink()

    template = folder / "chat_template.jinja"
    tokenizer_config = json.loads((folder / "tokenizer_config.json").read_text())
    write_json(folder / "tokenizer_config.json", {**tokenizer_config, "chat_template": template.read_text()})
    template.unlink()


def write_json(path, content):
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def make(name, shape, seed, out):
    folder = out / name
    shutil.rmtree(folder, ignore_errors=True)
    tokenizer = make_tokenizer()
    model = make_model(shape, tokenizer, seed)
    model.save_pretrained(folder, max_shard_size=shape["shard"])
    least, most = shape.get("pixels", [56 * 56, 28 * 28 * 1280])
    image_processor = Qwen2VLImageProcessor(size={"shortest_edge": least, "longest_edge": most})
    Qwen2_5_VLProcessor(
        image_processor=image_processor,
        tokenizer=tokenizer,
        video_processor=Qwen2VLVideoProcessor(),
        chat_template=TEMPLATE,
    ).save_pretrained(folder)
    if shape.get("prefix") == "new":
        use_new_prefixes(folder)
    if shape["layout"] == "7b":
        use_7b_layout(folder)
    for file in folder.glob("*.safetensors"):
        file.chmod(0o644)
    check(folder, model)


def check(folder, model):
    """The reference opens the folder and finds in it the very weights that were made."""
    again, info = Qwen2_5_VLForConditionalGeneration.from_pretrained(folder, dtype="auto", output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"] and not info["mismatched_keys"], info
    made, read = dict(model.named_parameters()), dict(again.named_parameters())
    assert made.keys() == read.keys()
    for key, weight in made.items():
        assert weight.dtype == read[key].dtype and torch.equal(weight, read[key]), key
    rope, rope_read = model.config.text_config.rope_parameters, again.config.text_config.rope_parameters
    assert all(rope_read[key] == value for key, value in rope.items()), rope_read
    assert again.generation_config.eos_token_id == model.generation_config.eos_token_id
    processor = Qwen2_5_VLProcessor.from_pretrained(folder)
    assert (processor.chat_template or processor.tokenizer.chat_template) == TEMPLATE
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{folder.name}: {size} bytes, {sum(p.numel() for p in model.parameters())} parameters")


def main():
    here = Path(__file__).parent / "golden" / "checkpoints"
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else here
    for seed, (name, shape) in enumerate(SHAPES.items()):
        make(name, shape, seed, out)


if __name__ == "__main__":
    main()
