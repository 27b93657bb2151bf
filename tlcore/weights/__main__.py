"""`python -m tlcore.weights fetch VGG16 MobileNetV2 --to FOLDER`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import TransferLearningError
from .fetch import fetch


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        failed = fetch(options.names, options.to, include_top=options.include_top)
    except TransferLearningError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nInterrupted; the same command goes on from here.", file=sys.stderr)
        return 130
    if failed:
        print(f"{failed} file(s) could not be fetched.", file=sys.stderr)
        return 1
    print(f"Set TLCORE_WEIGHTS_DIR={options.to.resolve()} on the machine that uses them.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tlcore.weights", description="ImageNet weights for offline use.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("fetch", help="download the files that keras.applications would")
    command.add_argument("names", nargs="+", metavar="NAME", help="network, for example VGG16 or MobileNetV2")
    command.add_argument("--to", required=True, type=Path, metavar="FOLDER", help="folder to put the files into")
    command.add_argument("--include-top", action="store_true", help="also the networks with their classifier")
    return parser


if __name__ == "__main__":
    sys.exit(main())
