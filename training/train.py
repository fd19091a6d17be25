"""Trains the bundled model from nothing. Stops and resumes at any time; see README.md for the whole recipe.

    python training/train.py --minutes 90
"""

import argparse
import itertools
import json
import math
import random
import shutil
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

import export
import fast
import lessons
import network
import tokenizer as tokens

LABELS = [5, 5, 6, 2, 2, 2, 2, 2, 2, 4, 7, 4, 2, 2]  # of vision-labels.ts


class Run:
    """What must survive a stop: weights, optimiser, and how far the work has come (in minutes of work, not of the clock)."""

    def __init__(self, folder: Path, script: Path, seed: int, init: Path | None = None):
        self.folder, self.script, self.seed = folder, script, seed
        folder.mkdir(parents=True, exist_ok=True)
        if init is not None and not (folder / "tokenizer.json").exists():
            shutil.copy(init / "tokenizer.json", folder)
            shutil.copy(init / "tokenizer_config.json", folder)
        if not (folder / "tokenizer.json").exists():
            texts = []
            for family, what in itertools.product(("maze", "scene"), ("trace", "list")):
                stream = lessons.read_stream(script, what, family, 77)
                texts += [record["text"] for record in itertools.islice(stream, 1500)]
            tokens.build(texts, 512, folder)
        self.tokenizer = tokens.load(folder)
        self.model = network.make_model(network.make_config(self.tokenizer), seed)
        self.teacher = Teacher(self.model.config.text_config.hidden_size)
        self.done: dict[str, float] = {}
        self.saved = time.time()
        self.state: dict = {}
        if (folder / "state.pt").exists():
            self.state = torch.load(folder / "state.pt", weights_only=True)
            self.model.load_state_dict(self.state["model"])
            self.teacher.load_state_dict(self.state["teacher"])
            self.done = self.state["done"]
        elif init is not None:
            self.model.load_state_dict(export.read_weights(init))
            self.done = {"vision": math.inf}
        # A model that was trained before can find things already.
        self.goes_on = init is not None

    def save(self, stage: str, optimiser: torch.optim.Optimizer, extra: dict | None = None) -> None:
        self.state = {
            "model": self.model.state_dict(),
            "teacher": self.teacher.state_dict(),
            "done": self.done,
            "stage": stage,
            "optimiser": optimiser.state_dict(),
            "extra": extra or {},
        }
        torch.save(self.state, self.folder / "state.tmp")
        (self.folder / "state.tmp").replace(self.folder / "state.pt")
        self.saved = time.time()

    def log(self, **values) -> None:
        line = json.dumps({k: round(v, 4) if isinstance(v, float) else v for k, v in values.items()})
        print(line, flush=True)
        with open(self.folder / "log.jsonl", "a") as file:
            file.write(line + "\n")


def adamw(named: list[tuple[str, nn.Parameter]], lr: float) -> torch.optim.AdamW:
    """Matrices decay; embeddings, norms and biases don't."""
    groups = []
    for decays in (True, False):
        chosen = [p for n, p in named if (p.dim() >= 2 and "embed_tokens" not in n) == decays]
        groups.append({"params": chosen, "weight_decay": 0.05 * decays})
    return torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.95))


def set_rate(optimiser: torch.optim.Optimizer, peak: float, progress: float, step: int, warm: int = 150) -> None:
    rate = peak * min(1, (step + 1) / warm) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, progress))))
    for group in optimiser.param_groups:
        group["lr"] = rate


class Codes:
    """What the tower is taught to say of a cell: the sum of fixed random vectors, one for each thing that is true of it.

    Plain classification would squeeze it all into a dozen directions round a large common mean, in which the text layers'
    attention finds nothing. Random codes are nearly orthogonal and of one size, so every property can be looked for.
    """

    def __init__(self, seed: int):
        generator = torch.Generator().manual_seed(seed)
        width = network.VISION["out_hidden_size"]
        self.tables = [0.5 * torch.randn(count, width, generator=generator) for count in LABELS]
        for table in self.tables[2:]:
            table[0] = 0  # nothing there, no wall, no dot: nothing to say

    def target(self, labels: torch.Tensor) -> torch.Tensor:
        return sum(table[labels[:, i]] for i, table in enumerate(self.tables))

    def read(self, features: torch.Tensor) -> torch.Tensor:
        """The likeliest value of each label."""
        scores = [features @ table.T - table.pow(2).sum(-1) / 2 for table in self.tables]
        return torch.stack([score.argmax(-1) for score in scores], -1)


def train_vision(run: Run, minutes: float, steps: float) -> None:
    """The vision tower first: what stands in each cell, its walls, dots and boxes."""
    seed = run.seed * 1000 + 500
    streams = [lessons.read_stream(run.script, "labels", family, seed) for family in ("maze", "scene")]

    def batch():
        records = [record for stream in streams for record in itertools.islice(stream, 40)]
        pixels, grids = lessons.pixel_rows([record["images"][0] for record in records])
        return pixels, grids, torch.tensor([x for record in records for x in record["labels"]]).view(-1, len(LABELS))

    codes = Codes(run.seed)
    visual = run.model.model.visual
    optimiser = adamw(list(visual.named_parameters()), 1.5e-3)
    if run.state.get("stage") == "vision":
        optimiser.load_state_dict(run.state["optimiser"])
    spent = run.done.get("vision", 0.0)
    clock, step, right = time.time(), 0, None
    for pixels, grids, labels in lessons.ahead(batch):
        if spent >= minutes or step >= steps:
            break
        set_rate(optimiser, 1.5e-3, spent / minutes, step)
        features = fast.see(run.model, pixels, grids).float()
        loss = (features - codes.target(labels)).pow(2).sum(-1).mean()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(visual.parameters(), 1.0)
        optimiser.step()
        hits = (codes.read(features.detach()) == labels).float().mean(0)
        right = hits if right is None else 0.9 * right + 0.1 * hits
        step, now = step + 1, time.time()
        spent, clock = spent + (now - clock) / 60, now
        run.done["vision"] = spent
        if step % 25 == 0:
            run.log(stage="vision", minutes=spent, step=step, loss=loss.item(), right=[round(x, 3) for x in right.tolist()])
        if now - run.saved > 120:
            run.save("vision", optimiser)
    run.save("vision-done", optimiser)


# Lessons by weight: first to find things in the picture (nothing else works before that does), then whole traces.
EARLY = {"maze-find": 3, "scene-find": 3, "maze-list": 1.5, "scene-list": 1.5, "maze-drill": 0.7, "scene-drill": 0.7}
LATER = {
    "maze-find": 0.3, "maze-list": 0.3, "maze-drill": 0.1, "maze-trace": 2.5,
    "scene-find": 2, "scene-list": 1.2, "scene-drill": 0.8, "scene-trace": 3,
}


class Teacher(nn.Module):
    """Asks the heads that are shown where to look what they found there. Thrown away after training.

    Without it each thing that can be found out about a cell or a word waits for its own use to be learnt before it is
    brought along: of four walls, one in ten minutes.
    """

    def __init__(self, width: int):
        super().__init__()
        self.seen = nn.Linear(width, width)
        self.read = nn.Linear(width, width)

    def seen_loss(self, brought: torch.Tensor, cells: torch.Tensor) -> torch.Tensor:
        """Share of the cells' features (n, hidden) that is not told by what was brought (n, hidden)."""
        return (self.seen(brought) - cells).pow(2).sum() / cells.pow(2).sum()

    def read_loss(self, brought: torch.Tensor, ids: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
        """Cross-entropy of the tokens (n,) that were read, by their embeddings (vocabulary, hidden)."""
        return F.cross_entropy(F.linear(self.read(brought), table), ids)


def forward_loss(run: Run, batch: lessons.Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Mean cross-entropy over the learnt tokens; of where they are read off; of what is found there; whether each was right;
    which they were."""
    model = run.model
    table = model.model.language_model.embed_tokens.weight
    embeds = F.embedding(batch.ids, table)
    if batch.pixels is not None:
        with torch.no_grad():
            seen = fast.see(model, batch.pixels, batch.grids)
        mask = (batch.ids == model.config.image_token_id)[..., None]
        embeds = embeds.masked_scatter(mask, seen.to(embeds.dtype))
    shown = fast.Shown()
    hidden = fast.read(model, embeds, batch.positions, shown)
    learn = batch.learn[:, 1:]
    targets = batch.ids[:, 1:][learn]
    scores = F.linear(hidden[:, :-1][learn], table).float()
    pointing = torch.zeros(())
    finding = torch.zeros(())
    at, t = learn.nonzero(as_tuple=True)
    for head, steps in fast.BACK.items():
        pointing = pointing - 0.2 * shown.weights[head][at, t, (t - steps).clamp_min(0)].float().clamp_min(1e-5).log().mean()
    for kind, heads, places in zip(lessons.KINDS, fast.LOOKERS, batch.looks[:, :, 1:]):
        # The token at t is told by the hidden state at t - 1, which is where the look must happen.
        at, t = (learn & (places >= 0)).nonzero(as_tuple=True)
        if len(at) == 0:
            continue
        there = places[at, t]
        picked = torch.stack([shown.weights[head][at, t, there] for head in heads])
        pointing = pointing - picked.float().clamp_min(1e-5).log().mean()
        brought = shown.brought[at, t]
        if kind == "cell":
            finding = finding + run.teacher.seen_loss(brought, embeds[at, there].detach())
        elif kind == "copy":
            finding = finding + run.teacher.read_loss(brought, batch.ids[at, there], table)
    return F.cross_entropy(scores, targets), pointing, finding, scores.argmax(-1) == targets, targets


def train_language(run: Run, minutes: float, steps: float, peak: float, budget: int) -> None:
    encoder = lessons.Encoder(run.tokenizer)
    spent = run.done.get("language", 0.0)
    # A resumed run goes on with worlds that it has not seen.
    seed = run.seed * 1000 + int(spent * 10) * 7
    sources = {
        f"{family}-{what}": lessons.Batches(encoder, run.script, what, family, seed + 1, budget)
        for family in ("maze", "scene")
        for what in ("trace", "find", "list", "drill")
    }
    # The tower stays as it is, as in upstream's first two stages: the first steps of a text that sees nothing yet would
    # spoil it.
    text = [(n, p) for n, p in run.model.named_parameters() if "visual" not in n]
    text += run.teacher.named_parameters()
    optimiser = adamw(text, peak)
    step = 0
    early_until = run.state.get("extra", {}).get("early_until", math.inf) if run.state.get("stage") == "language" else math.inf
    if run.state.get("stage") == "language":
        optimiser.load_state_dict(run.state["optimiser"])
        step = 150
    choose = random.Random(seed)
    weights = dict(EARLY)

    def batch():
        name = choose.choices(list(weights), list(weights.values()))[0]
        return sources[name].next()

    digits = {run.tokenizer.token_to_id(str(d)) for d in range(10)}
    is_digit = torch.zeros(run.model.config.text_config.vocab_size, dtype=torch.bool)
    is_digit[list(digits)] = True
    sums: dict[str, list[float]] = {}
    recent: dict[str, float] = {}
    clock = time.time()
    for one in lessons.ahead(batch):
        if spent >= minutes or step >= steps:
            break
        if spent > early_until or spent > minutes * 0.25 or run.goes_on:
            weights.clear()
            weights.update(LATER)
        set_rate(optimiser, peak, spent / minutes, step)
        loss, pointing, finding, hit, target = forward_loss(run, one)
        optimiser.zero_grad(set_to_none=True)
        (loss + pointing + finding).backward()
        nn.utils.clip_grad_norm_([p for _, p in text], 1.0)
        optimiser.step()
        step, now = step + 1, time.time()
        spent, clock = spent + (now - clock) / 60, now
        run.done["language"] = spent
        is_number = is_digit[target]
        numbers = float(hit[is_number].float().mean()) if is_number.any() else 1.0
        row = [loss.item(), pointing.item(), finding.item(), float(hit.float().mean()), numbers]
        sums.setdefault(one.name, []).append(row)
        recent[one.name] = 0.9 * recent.get(one.name, 0.0) + 0.1 * row[3]
        if early_until == math.inf and min(recent.get(f"{f}-find", 0) for f in ("maze", "scene")) > 0.98:
            early_until = spent
        if step % 50 == 0:
            table = {k: [round(sum(c) / len(c), 4) for c in zip(*v)] for k, v in sorted(sums.items())}
            run.log(stage="language", minutes=spent, step=step, early=weights == EARLY, **table)
            sums = {}
        if now - run.saved > 150:
            run.save("language", optimiser, {"early_until": early_until})
    run.save("language", optimiser, {"early_until": early_until})


def main() -> None:
    torch.set_flush_denormal(True)
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", type=Path, default=Path("training/runs/main"))
    parser.add_argument("--script", type=Path, default=Path("training/runs/stream.cjs"))
    parser.add_argument("--vision-minutes", type=float, default=5)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--steps", type=float, default=math.inf, help="most steps of each stage, for a smoke test")
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--tokens", type=int, default=4096)
    parser.add_argument("--init", type=Path, help="begin with this exported checkpoint, its vision tower as it is")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    run = Run(options.run, options.script, options.seed, options.init)
    if run.done.get("language", 0.0) == 0.0:
        train_vision(run, options.vision_minutes, options.steps)
    train_language(run, options.minutes, options.steps, options.lr, options.tokens)


if __name__ == "__main__":
    main()
