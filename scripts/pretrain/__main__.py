"""`python -m scripts.pretrain --data FOLDER --work FOLDER`: the whole pretraining, resumable, by one command."""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
from pathlib import Path

STAGES = ("decode", "teacher", "train", "export")
TARGET = Path(__file__).parents[2] / "tlcore" / "weights" / "embedded" / "vgg16slim.safetensors"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.pretrain", description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with TFRecord shards, or train/ and validation/"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for decoded images and checkpoints (2 GB)")
    parser.add_argument("--no-teacher", action="store_true", help="train on the labels only")
    parser.add_argument("--target", type=Path, default=TARGET, help="the weights file to write")
    parser.add_argument("--threads", type=int, default=0, help="threads of the training; 0 for all cores")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=165)
    parser.add_argument("--seconds", type=float, default=math.inf, help="stop after so long; run again to go on")
    parser.add_argument("--stage", choices=STAGES, help="run this stage only")
    return parser.parse_args()


def _run(stage: str, arguments: argparse.Namespace) -> None:
    work: Path = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    if stage == "decode":
        from .decode import decode

        for split in ("validation", "train"):
            decode(arguments.data, work, split)
    elif stage == "teacher" and not arguments.no_teacher:
        from .teacher import write_teacher

        write_teacher(work)
    elif stage == "train":
        import torch

        from .train import Pretraining, Recipe

        if arguments.threads:
            torch.set_num_threads(arguments.threads)
        Pretraining(work, Recipe(epochs=arguments.epochs, seed=arguments.seed)).run(arguments.seconds)
    elif stage == "export":
        from .export import export

        export(work, arguments.target)


def main() -> None:
    """Runs one stage, or each in a process of its own: TensorFlow and PyTorch stay apart, memory is given back."""
    arguments = _arguments()
    if arguments.stage:
        _run(arguments.stage, arguments)
        return
    for stage in STAGES:
        command = [sys.executable, "-m", "scripts.pretrain", *sys.argv[1:], "--stage", stage]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
