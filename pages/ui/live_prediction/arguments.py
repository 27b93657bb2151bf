"""Arguments of the task "predict"."""

from __future__ import annotations

from typing import Any


def run_prediction(run_id: str, image: bytes, name: str) -> dict[str, Any]:
    """Of "predict" with a network that was trained here."""
    return {"run_id": run_id, "image": image, "file_name": name}


def base_prediction(base: str, weights: str, image: bytes, name: str) -> dict[str, Any]:
    """Of "predict" with a base and its own classes."""
    return {"base": base, "weights": weights, "image": image, "file_name": name}
