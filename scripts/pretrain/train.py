"""Third stage: the training itself, a checkpoint after each epoch, resumable to the same result.

One-cycle AdamW (Smith & Topin, 2018; Loshchilov & Hutter, 2019), one size of many in every step, mixup, label
smoothing, distillation of the teacher's class scores and features (Hinton et al., 2015), averaged weights (EMA). It
runs on a GPU where there is one.
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

from .augment import Views, mix, random_views, resized, to_network_range
from .network import SlimVGG
from .teacher import TEACHER_SIZE, EfficientNetLite0, load_teacher


@dataclass(frozen=True)
class Recipe:
    """What decides the result, next to the seed; each step draws one of `sizes`, in pixels."""

    epochs: int = 165
    sizes: tuple[int, ...] = (64, 64, 80, 96, 128, 152)
    batch_size: int = 512
    highest_learning_rate: float = 3e-3
    weight_decay: float = 0.05
    warmup_epochs: float = 2.0
    label_smoothing: float = 0.1
    smallest_area: float = 0.35
    mixed_share: float = 0.5
    class_weight: float = 1.0
    teacher_weight: float = 1.0
    feature_weight: float = 5.0
    temperature: float = 2.0
    ema_decay: float = 0.999
    seed: int = 0

    def learning_rate_at(self, progress: float) -> float:
        """Linear warm-up, then a cosine to zero; `progress` in epochs."""
        if progress < self.warmup_epochs:
            return self.highest_learning_rate * (progress + 0.01) / self.warmup_epochs
        done = (progress - self.warmup_epochs) / max(self.epochs - self.warmup_epochs, 1e-9)
        return self.highest_learning_rate * 0.5 * (1.0 + math.cos(math.pi * min(done, 1.0)))


class Distillation:
    """How far the student's guess of the teacher's features is from what the teacher makes of the same views."""

    def __init__(self, teacher: EfficientNetLite0, images: torch.Tensor, temperature: float) -> None:
        self.teacher, self.temperature = teacher, temperature
        self.autocast = torch.autocast(images.device.type, torch.bfloat16)
        sample = torch.cat([self.features(_whole(images[start : start + 256])) for start in range(0, 4096, 256)])
        self.mean, self.deviation = sample.mean(0), sample.std(0) + 1e-3

    @torch.no_grad()
    def features(self, views: torch.Tensor) -> torch.Tensor:
        """Float32 `(batch, 1280)`; `(0, 1280)` for no views."""
        with self.autocast:
            return self.teacher(views.contiguous(memory_format=torch.channels_last))

    def losses(self, views: torch.Tensor, guessed: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Divergence from the teacher's softened class scores, and squared error of the standardised features."""
        features = self.features(views)
        wanted = functional.log_softmax(self.teacher.classes(features) / self.temperature, -1)
        given = self.teacher.classes(guessed * self.deviation + self.mean) / self.temperature
        divergence = functional.kl_div(
            functional.log_softmax(given, -1), wanted, reduction="batchmean", log_target=True
        )
        return divergence * self.temperature**2, functional.mse_loss(guessed, (features - self.mean) / self.deviation)


def _whole(images: torch.Tensor) -> torch.Tensor:
    return resized(to_network_range(images), TEACHER_SIZE)


class Pretraining:
    """One training run in a working folder that holds the decoded images and, if wanted, the teacher."""

    def __init__(self, work: Path, recipe: Recipe) -> None:
        self.work, self.recipe = work, recipe
        self.checkpoint_path = work / "checkpoint.pt"
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(recipe.seed)
        torch.backends.cudnn.benchmark = True  # five sizes, again and again: look for the fastest kernels once
        self.images = torch.from_numpy(np.load(work / "train_images.npy")).to(self.device)
        self.labels = torch.from_numpy(np.load(work / "train_labels.npy")).to(self.device)
        network = SlimVGG(int(self.labels.max()) + 1)
        self.network = network.to(self.device, memory_format=torch.channels_last)
        teacher = load_teacher(work)
        self.distillation = (
            Distillation(teacher.to(self.device, memory_format=torch.channels_last), self.images, recipe.temperature)
            if teacher
            else None
        )
        self.average = AveragedModel(
            self.network, multi_avg_fn=get_ema_multi_avg_fn(recipe.ema_decay), use_buffers=True
        )
        decayed = [parameter for parameter in self.network.parameters() if parameter.ndim > 1]
        kept = [parameter for parameter in self.network.parameters() if parameter.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": kept, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=recipe.highest_learning_rate, fused=True)

    def run(self, seconds: float = math.inf) -> None:
        """Trains to the end, from the last checkpoint if there is one, or until `seconds` have passed."""
        begin = time.perf_counter()
        for epoch in range(self._resume(), self.recipe.epochs):
            started = time.perf_counter()
            row: dict[str, float] = {"epoch": epoch + 1, "loss": self._train_epoch(epoch)}
            row["seconds"] = time.perf_counter() - started
            row.update(self.validate())
            self._save(epoch + 1)
            with (self.work / "log.jsonl").open("a") as log:
                log.write(json.dumps(row) + "\n")
            print(json.dumps(row), flush=True)
            if time.perf_counter() - begin + 1.5 * row["seconds"] > seconds:
                return

    def _resume(self) -> int:
        if not self.checkpoint_path.exists():
            return 0
        state = torch.load(self.checkpoint_path, weights_only=True, map_location=self.device)
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
        generator = torch.Generator(self.device).manual_seed(recipe.seed * 100_003 + epoch)
        choices = np.random.default_rng((recipe.seed, epoch))
        order = torch.randperm(len(self.images), generator=generator, device=self.device)
        steps = max(len(order) // recipe.batch_size, 1)
        self.network.train()
        total = torch.zeros((), device=self.device)
        for step in range(steps):
            indices = order[step * recipe.batch_size : (step + 1) * recipe.batch_size]
            for group in self.optimizer.param_groups:
                group["lr"] = recipe.learning_rate_at(epoch + step / steps)
            sizes = (int(choices.choice(recipe.sizes)), TEACHER_SIZE)
            share = choices.uniform(0.5, 1.0) if choices.random() < recipe.mixed_share else 1.0
            views = mix(random_views(self.images[indices], sizes, recipe.smallest_area, generator), share)
            total += self._train_step(views, self.labels[indices], share)
        return float(total) / steps

    def _train_step(self, views: Views, labels: torch.Tensor, share: float) -> torch.Tensor:
        recipe = self.recipe
        with torch.autocast(self.device.type, torch.bfloat16):
            scores, guessed = self.network(views.student.contiguous(memory_format=torch.channels_last))
        own, neighbours = (
            functional.cross_entropy(scores, answers, label_smoothing=recipe.label_smoothing)
            for answers in (labels, labels.roll(1))
        )
        loss = recipe.class_weight * (share * own + (1.0 - share) * neighbours)
        if self.distillation is not None:
            divergence, error = self.distillation.losses(views.teacher, guessed)
            loss = loss + recipe.teacher_weight * divergence + recipe.feature_weight * error
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimizer.step()
        self.average.update_parameters(self.network)
        return loss.detach()

    @torch.inference_mode()
    def validate(self, size: int = 64) -> dict[str, float]:
        """Top-1 and top-5 of the averaged network on the validation photographs at `size` pixels."""
        images = torch.from_numpy(np.load(self.work / "validation_images.npy"))
        labels = torch.from_numpy(np.load(self.work / "validation_labels.npy")).to(self.device)
        self.average.eval()
        hits = []
        for start in range(0, len(images), 500):
            batch = resized(to_network_range(images[start : start + 500].to(self.device)), size)
            with torch.autocast(self.device.type, torch.bfloat16):
                scores, _ = self.average(batch.contiguous(memory_format=torch.channels_last))
            hits.append(scores.topk(min(5, scores.shape[1])).indices == labels[start : start + 500, None])
        hit = torch.cat(hits).float()
        return {"top1": float(hit[:, 0].mean()), "top5": float(hit.sum(1).mean())}
