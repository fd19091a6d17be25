"""Lessons from the product's own generator, made into batches."""

import bisect
import itertools
import json
import queue
import random
import struct
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

CELL = 28
MEAN = [0.48145466, 0.4578275, 0.40821073]
STD = [0.26862954, 0.26130258, 0.27577711]


def read_stream(script: Path, what: str, family: str, seed: int) -> Iterator[dict]:
    """Records of `stream.ts`, for ever; `images` become uint8 arrays of shape (height, width, 3)."""
    command = ["node", str(script), what, family, str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        pipe = process.stdout
        try:
            while head := pipe.read(4):
                record = json.loads(pipe.read(struct.unpack("<I", head)[0]))
                record["images"] = [
                    np.frombuffer(pipe.read(w * h * 3), np.uint8).reshape(h, w, 3) for w, h in record["images"]
                ]
                yield record
        finally:
            process.kill()


def pixel_rows(images: list[np.ndarray]) -> tuple[torch.Tensor, torch.Tensor]:
    """What the image processor makes of pictures that need no resizing: (patches, 3*2*14*14) rows and their (t, h, w)."""
    rows, grids = [], []
    for image in images:
        height, width, _ = image.shape
        gh, gw = height // CELL, width // CELL
        scaled = (image.astype(np.float32) / 255 - np.float32(MEAN)) / np.float32(STD)
        patches = scaled.reshape(gh, 2, 14, gw, 2, 14, 3).transpose(0, 3, 1, 4, 6, 2, 5).reshape(gh * gw * 4, 3, 1, 196)
        rows.append(np.repeat(patches, 2, axis=2).reshape(gh * gw * 4, -1))
        grids.append([1, gh * 2, gw * 2])
    return torch.from_numpy(np.concatenate(rows)), torch.tensor(grids)


# Kinds of looks: at a cell of an image, or (where `lesson.ts` has a number below 0) at the text: what is copied, the column
# and the row from which a search goes on.
KINDS = ("cell", "copy", "column", "row")


@dataclass
class Lesson:
    ids: list[int]
    learn: list[bool]
    looks: list[list[int]]  # by kind of look (`KINDS`), where to look to tell a token: a position, or -1
    images: list[np.ndarray]


@dataclass
class Batch:
    name: str
    ids: torch.Tensor  # (batch, length)
    learn: torch.Tensor  # (batch, length) True where the token is a target
    looks: torch.Tensor  # (kinds, batch, length) position to look at to tell the target, or -1
    positions: torch.Tensor  # (3, batch, length)
    pixels: torch.Tensor | None
    grids: torch.Tensor | None


class Encoder:
    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer
        self.image_pad = tokenizer.token_to_id("<|image_pad|>")

    def encode(self, record: dict) -> Lesson:
        """Tokens with the image placeholders spelt out; a token is learnt if it begins in a span that is."""
        encoding = self.tokenizer.encode(record["text"], add_special_tokens=False)
        spans = iter([*record["learn"], [1 << 60, 1 << 60]])
        start, end = next(spans)
        images = iter(record["images"])
        ids, learn, places, starts = [], [], [], []
        for token, (at, _) in zip(encoding.ids, encoding.offsets):
            while at >= end:
                start, end = next(spans)
            if token == self.image_pad:
                height, width, _ = next(images).shape
                count = height // CELL * (width // CELL)
                starts.append(len(ids))
            else:
                count = 1
            ids += [token] * count
            learn += [start <= at < end] * count
            places += [at] * count
        looks = [[-1] * len(ids) for _ in KINDS]
        for first, last, image, cell in record["looks"]:
            # A token that holds a character is the last one to begin at or before it.
            source = bisect.bisect_right(places, cell) - 1 if image < 0 else starts[image] + cell
            for i in range(bisect.bisect_left(places, first), bisect.bisect_left(places, last)):
                looks[max(0, -image)][i] = source
        return Lesson(ids, learn, looks, record["images"])

    def positions(self, lesson: Lesson) -> np.ndarray:
        """M-RoPE positions (3, length): text counts on, an image's tokens lie on a grid that begins where it stands."""
        out = np.empty((3, len(lesson.ids)), np.int64)
        at, position, images = 0, 0, iter(lesson.images)
        while at < len(lesson.ids):
            if lesson.ids[at] != self.image_pad:
                out[:, at] = position
                at, position = at + 1, position + 1
                continue
            height, width, _ = next(images).shape
            gh, gw = height // CELL, width // CELL
            rows, columns = np.divmod(np.arange(gh * gw), gw)
            out[:, at : at + gh * gw] = position + np.stack([np.zeros_like(rows), rows, columns])
            at, position = at + gh * gw, position + max(gh, gw)
        return out

    def collate(self, name: str, lessons: list[Lesson]) -> Batch:
        length = max(len(lesson.ids) for lesson in lessons)
        ids = np.zeros((len(lessons), length), np.int64)
        learn = np.zeros((len(lessons), length), bool)
        looks = np.full((len(KINDS), len(lessons), length), -1, np.int64)
        positions = np.zeros((3, len(lessons), length), np.int64)
        for i, lesson in enumerate(lessons):
            n = len(lesson.ids)
            ids[i, :n], learn[i, :n], looks[:, i, :n] = lesson.ids, lesson.learn, lesson.looks
            positions[:, i, :n] = self.positions(lesson)
        images = [image for lesson in lessons for image in lesson.images]
        pixels, grids = pixel_rows(images) if images else (None, None)
        return Batch(name, *map(torch.from_numpy, (ids, learn, looks, positions)), pixels, grids)


class Batches:
    """Batches of one kind of lesson, of about `tokens` tokens each, lessons of like length together."""

    def __init__(self, encoder: Encoder, script: Path, what: str, family: str, seed: int, tokens: int):
        self.stream = read_stream(script, what, family, seed)
        self.encoder, self.name, self.tokens = encoder, f"{family}-{what}", tokens
        self.random = random.Random(seed)
        self.ready: list[Batch] = []

    def next(self) -> Batch:
        if not self.ready:
            pool = [self.encoder.encode(record) for record in itertools.islice(self.stream, 96)]
            pool = [lesson for lesson in pool if any(lesson.learn)]
            pool.sort(key=lambda lesson: len(lesson.ids))
            while pool:
                size = max(1, self.tokens // len(pool[-1].ids))
                self.ready.append(self.encoder.collate(self.name, pool[-size:]))
                del pool[-size:]
            self.random.shuffle(self.ready)
        return self.ready.pop()


def ahead(make, depth: int = 3) -> Iterator:
    """Calls `make` in a thread of its own, a few results ahead of who asks."""
    results: queue.Queue = queue.Queue(depth)

    def work() -> None:
        while True:
            results.put(make())

    threading.Thread(target=work, daemon=True).start()
    while True:
        yield results.get()
