"""The bundled model: Qwen2.5-VL's own classes at a small size, and how its weights begin."""

import math

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

TEXT = dict(
    hidden_size=192,
    intermediate_size=512,
    num_hidden_layers=6,
    num_attention_heads=6,
    num_key_value_heads=2,
    max_position_embeddings=4096,
    rms_norm_eps=1e-6,
    tie_word_embeddings=True,
    # Content must be found at any distance: with a low base every pair of dimensions turns too fast for that.
    rope_parameters={"rope_type": "default", "rope_theta": 1000.0, "mrope_section": [4, 6, 6]},
)
VISION = dict(
    depth=4,
    hidden_size=128,
    num_heads=4,
    intermediate_size=384,
    out_hidden_size=192,
    patch_size=14,
    spatial_merge_size=2,
    temporal_patch_size=2,
    window_size=112,
    # Every block sees the whole picture: a maze is smaller than one window of the 7B.
    fullatt_block_indexes=[0, 1, 2, 3],
)


def make_config(tokenizer: Tokenizer) -> Qwen2_5_VLConfig:
    vocab = math.ceil(tokenizer.get_vocab_size() / 64) * 64
    token = tokenizer.token_to_id
    return Qwen2_5_VLConfig(
        text_config={**TEXT, "vocab_size": vocab, "bos_token_id": None, "eos_token_id": token("<|im_end|>")},
        vision_config=VISION,
        image_token_id=token("<|image_pad|>"),
        video_token_id=token("<|video_pad|>"),
        vision_start_token_id=token("<|vision_start|>"),
        vision_end_token_id=token("<|vision_end|>"),
        tie_word_embeddings=True,
    )


def make_model(config: Qwen2_5_VLConfig, seed: int) -> Qwen2_5_VLForConditionalGeneration:
    """Fresh weights: fan-in scaled, residual branches damped by depth (the library's default of 0.02 learns far slower)."""
    torch.manual_seed(seed)
    model = Qwen2_5_VLForConditionalGeneration._from_config(config, attn_implementation="sdpa", dtype=torch.float32)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):
            nn.init.zeros_(parameter)
        elif parameter.dim() >= 2:
            layers = VISION["depth"] if "visual" in name else TEXT["num_hidden_layers"]
            residual = name.endswith(("o_proj.weight", "attn.proj.weight", "down_proj.weight"))
            fan_in = parameter[0].numel()
            damped = 1 / math.sqrt(2 * layers) if residual else 0.7
            nn.init.normal_(parameter, 0, 0.02 if "embed" in name and "patch" not in name else damped / math.sqrt(fan_in))
    return model
