"""Third stage: the training itself, one checkpoint an epoch, resumable to the same result.

Progressive resizing (Howard, 2018), one-cycle AdamW (Smith & Topin, 2018; Loshchilov & Hutter, 2019), label smoothing,
distillation of the teacher's class scores and features (Hinton et al., 2015), averaged weights (EMA).
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from tlcore.files import atomic_path

from .augment import random_views, shrink, to_network_range
from .network import SlimVGG


@dataclass(frozen=True)
class Recipe:
    """What decides the result, next to the seed.

    `stages` are (epochs, pixels) in order, `cycles` (epochs, highest learning rate): each falls to zero by a cosine and
    the next starts warm (SGDR, Loshchilov & Hutter, 2017). Their epochs add up to the same number.
    """

    stages: tuple[tuple[int, int], ...] = ((14, 32), (5, 48), (4, 64), (5, 48), (6, 64))
    cycles: tuple[tuple[int, float], ...] = ((23, 2e-3), (11, 1.2e-3))
    batch_size: int = 256
    weight_decay: float = 0.05
    warmup_epochs: float = 1.0
    label_smoothing: float = 0.1
    smallest_area: float = 0.5
    class_weight: float = 0.5
    teacher_weight: float = 1.0
    feature_weight: float = 10.0
    temperature: float = 2.0
    ema_decay: float = 0.999
    seed: int = 0

    @property
    def epochs(self) -> int:
        return sum(epochs for epochs, _ in self.stages)

    def size_at(self, epoch: int) -> int:
        """Pixels at `epoch`, counted from 0."""
        for epochs, size in self.stages:
            if epoch < epochs:
                return size
            epoch -= epochs
        return self.stages[-1][1]

    def learning_rate_at(self, progress: float) -> float:
        """Linear warm-up, then a cosine to zero, in every cycle; `progress` in epochs."""
        for epochs, highest in self.cycles:
            if progress < epochs:
                return highest * self._share_at(progress, epochs)
            progress -= epochs
        return 0.0

    def _share_at(self, progress: float, epochs: int) -> float:
        if progress < self.warmup_epochs:
            return (progress + 0.01) / self.warmup_epochs
        done = (progress - self.warmup_epochs) / max(epochs - self.warmup_epochs, 1e-9)
        return 0.5 * (1.0 + math.cos(math.pi * min(done, 1.0)))


class Teacher:
    """The teacher's answers to the training photographs, from the second stage."""

    def __init__(self, work: Path, temperature: float) -> None:
        self.features = np.load(work / "teacher_features.npy", mmap_mode="r")  # (N, 1280) float16
        classifier = np.load(work / "teacher_classifier.npz")
        self.kernel, self.bias = torch.from_numpy(classifier["kernel"]), torch.from_numpy(classifier["bias"])
        sample = torch.from_numpy(self.features[:20_000].astype("float32"))
        self.mean, self.deviation = sample.mean(0), sample.std(0) + 1e-3
        self.temperature = temperature

    def losses(self, indices: np.ndarray, guessed: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Divergence from the teacher's softened class scores, and squared error of the standardised features."""
        features = torch.from_numpy(self.features[indices].astype("float32"))
        target = (features - self.mean) / self.deviation
        guessed_features = guessed * self.deviation + self.mean
        wanted = functional.log_softmax((features @ self.kernel + self.bias) / self.temperature, -1)
        given = functional.log_softmax((guessed_features @ self.kernel + self.bias) / self.temperature, -1)
        divergence = functional.kl_div(given, wanted, reduction="batchmean", log_target=True)
        return divergence * self.temperature**2, functional.mse_loss(guessed, target)


class Pretraining:
    """One training run in a working folder that holds the decoded images and the teacher's features."""

    def __init__(self, work: Path, recipe: Recipe) -> None:
        self.work, self.recipe = work, recipe
        self.checkpoint_path = work / "checkpoint.pt"
        torch.manual_seed(recipe.seed)
        self.images = np.load(work / "train_images.npy", mmap_mode="r")
        self.labels = np.load(work / "train_labels.npy")
        has_teacher = (work / "teacher_features.npy").exists()
        self.teacher = Teacher(work, recipe.temperature) if has_teacher else None
        self.network = SlimVGG(int(self.labels.max()) + 1).to(memory_format=torch.channels_last)
        self.average = AveragedModel(
            self.network, multi_avg_fn=get_ema_multi_avg_fn(recipe.ema_decay), use_buffers=True
        )
        decayed = [parameter for parameter in self.network.parameters() if parameter.ndim > 1]
        kept = [parameter for parameter in self.network.parameters() if parameter.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": kept, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=recipe.cycles[0][1], fused=True)

    def run(self) -> None:
        """Trains to the end, from the last checkpoint if there is one."""
        first = self._resume()
        for epoch in range(first, self.recipe.epochs):
            started = time.perf_counter()
            loss = self._train_epoch(epoch)
            row = {"epoch": epoch + 1, "size": self.recipe.size_at(epoch), "loss": loss}
            row["seconds"] = time.perf_counter() - started
            row.update(self.validate(self.recipe.size_at(epoch)))
            self._save(epoch + 1)
            with (self.work / "log.jsonl").open("a") as log:
                log.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)

    def _resume(self) -> int:
        if not self.checkpoint_path.exists():
            return 0
        state = torch.load(self.checkpoint_path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        return int(state["epoch"])

    def _save(self, epoch: int) -> None:
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "epoch": epoch,
        }
        with atomic_path(self.checkpoint_path) as draft:
            torch.save(state, draft)

    def _train_epoch(self, epoch: int) -> float:
        recipe = self.recipe
        # Seeded by the epoch, so that a resumed run sees the same order and the same crops.
        generator = torch.Generator().manual_seed(recipe.seed * 100_003 + epoch)
        order = torch.randperm(len(self.images), generator=generator).numpy()
        steps = max(len(order) // recipe.batch_size, 1)
        self.network.train()
        total = 0.0
        for step in range(steps):
            indices = np.sort(order[step * recipe.batch_size : (step + 1) * recipe.batch_size])
            for group in self.optimizer.param_groups:
                group["lr"] = recipe.learning_rate_at(epoch + step / steps)
            total += self._train_step(indices, recipe.size_at(epoch), generator)
        return total / steps

    def _train_step(self, indices: np.ndarray, size: int, generator: torch.Generator) -> float:
        recipe = self.recipe
        views = random_views(torch.from_numpy(self.images[indices]), size, recipe.smallest_area, generator)
        with torch.autocast("cpu", torch.bfloat16):
            scores, guessed = self.network(views)
        labels = torch.from_numpy(self.labels[indices])
        loss = functional.cross_entropy(scores, labels, label_smoothing=recipe.label_smoothing)
        if self.teacher is not None:
            divergence, error = self.teacher.losses(indices, guessed)
            loss = recipe.class_weight * loss + recipe.teacher_weight * divergence + recipe.feature_weight * error
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimizer.step()
        self.average.update_parameters(self.network)
        return float(loss.detach())

    def validate(self, size: int) -> dict[str, float]:
        """Top-1 and top-5 of the averaged network on the validation photographs at `size`."""
        images = np.load(self.work / "validation_images.npy")
        labels = torch.from_numpy(np.load(self.work / "validation_labels.npy"))
        self.average.eval()
        hits = []
        with torch.inference_mode():
            for start in range(0, len(images), 500):
                batch = shrink(to_network_range(torch.from_numpy(images[start : start + 500])), size)
                with torch.autocast("cpu", torch.bfloat16):
                    scores, _ = self.average(batch.contiguous(memory_format=torch.channels_last))
                hits.append(scores.topk(min(5, scores.shape[1])).indices == labels[start : start + 500, None])
        hit = torch.cat(hits).float()
        return {"top1": float(hit[:, 0].mean()), "top5": float(hit.sum(1).mean())}
