"""What a network says of a photo, and why.

A trained network travels as the id of a run in the store (kind "runs"): no weight passes through the web process.
"""

from __future__ import annotations

from typing import Any

from ...translatable import N_
from ..job import JobContext
from .networks import open_network

COVERED_PART = 5  # of the side of an image, to be covered by a patch
PLACES_IN_A_ROW = 12


def predict(
    context: JobContext,
    *,
    image: bytes,
    run_id: str | None = None,
    base: str | None = None,
    weights: str | None = None,
    file_name: str = "image",
) -> dict[str, Any]:
    """Asks a trained network (`run_id`), or a base with its own classes (`base`, `weights`), what an image shows.

    Returns:
        `predictions`: [class name, probability, its index] best first; `image`: what the network saw,
        `uint8 (H, W, 3)`; `network`: who was asked, the arguments that "explain" takes.
    """
    from ...inference import predict as predict_classes

    model = open_network(context, run_id=run_id, name=base, weights=weights)
    pixels = _pixels(model, image, file_name)
    return {
        "predictions": [[found.class_name, found.probability, found.index] for found in predict_classes(model, pixels)],
        "image": pixels,
        "network": {"run_id": run_id, "base": base, "weights": weights},
    }


def explain(
    context: JobContext,
    *,
    image: bytes,
    class_index: int,
    method: str = "grad_cam",
    run_id: str | None = None,
    base: str | None = None,
    weights: str | None = None,
) -> dict[str, Any]:
    """Which parts of an image speak for a class: "grad_cam", or "occlusion" (parts are covered one after the other).

    Returns:
        `image`: `uint8 (H, W, 3)`; `heat`: `float32 (H, W)` in [0, 1]; `fall`: of "occlusion", by how much of the
        probability the worst place to cover lowers it, in [0, 1].
    """
    from ...explanation import grad_cam, occlusion_map

    model = open_network(context, run_id=run_id, name=base, weights=weights)
    pixels = _pixels(model, image, "image")
    if method == "grad_cam":
        return {"image": pixels, "heat": grad_cam(model, pixels, class_index)}
    side = min(pixels.shape[:2])
    falls = occlusion_map(
        model,
        pixels,
        class_index,
        patch=max(1, side // COVERED_PART),
        stride=max(1, side // PLACES_IN_A_ROW),
        progress=context.progress(N_("covering parts of the photo")),
    )
    fall = max(0.0, float(falls.max()))
    return {"image": pixels, "heat": (falls / fall if fall else falls).clip(0, 1), "fall": fall}


def _pixels(model: Any, image: bytes, file_name: str) -> Any:
    """An image file at the size that the network takes: `uint8 (H, W, 3)`."""
    from ...datasets import decode_image

    height, width = getattr(model, "model", model).input_shape[1:3]
    return decode_image(image, image_size=(height, width), name=file_name)
