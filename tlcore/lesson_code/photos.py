"""Code that shows a network one photo: what it answers, and what speaks for the answer."""

from __future__ import annotations

from ..translatable import N_
from .images import fit_photo
from .layout import comment, lines, paragraphs, remark
from .statements import Size, load_base

_EXPLANATIONS = {
    "grad_cam": remark("heatmap = tlcore.grad_cam(model, 'photo.jpg', answers[{rank}].index{layer})", "(H, W), 0 .. 1"),
    "occlusion": remark("heatmap = occlusion_map(model, 'photo.jpg', answers[{rank}].index)", "(H, W), -1 .. 1"),
    "smooth_gradients": remark(
        "heatmap = smooth_gradients(model, 'photo.jpg', answers[{rank}].index)", "(H, W), 0 .. 1"
    ),
}
_IMPORTED = {"occlusion": "occlusion_map", "smooth_gradients": "smooth_gradients"}
_LISTED = 5  # answers


def load_photo(size: tuple[int, int]) -> str:
    """`photo`, one image from a file, read as the app reads it: upright, scaled to cover the size, its middle.

    Args:
        size: (height, width).
    """
    side = 2 * max(size)
    return lines(
        "photo = Image.open('photo.jpg')",
        remark(f"photo.draft(None, {(side, side)})", N_("large JPEGs are decoded at a fraction of their size")),
        "photo = ImageOps.exif_transpose(photo).convert('RGB')",
        f"photo = {fit_photo(size)}",
    )


def base_with_top(name: str, weights: str, input_shape: Size) -> str:
    """A base with its own classes, as `model`."""
    return load_base(repr(name), repr(weights), input_shape, include_top=True, result="model =")


def trained_model() -> str:
    """A network of one's own, as `run` and `model`."""
    return lines(
        remark(
            "run = tlcore.load_project('project.zip')",
            N_("the project file of the run, from the page on fine-tuning"),
        ),
        "model = run.model",
    )


def prediction_code(
    base: tuple[str, str, Size] | None, *, explanation: str, rank: int, layer: str | None = None
) -> str:
    """The answer of a network to one photo, and its explanation.

    Args:
        base: Name, weights and input shape of a base with its own classes; None for a project file.
        explanation: "grad_cam", "occlusion" or "smooth_gradients".
        rank: Which of the answers is explained, from 0.
        layer: Of Grad-CAM; None for the last feature map.
    """
    imported, asked = _IMPORTED.get(explanation), "run" if base is None else "model"
    return paragraphs(
        lines(
            "import tlcore",
            f"from tlcore.explanation import {imported}" if imported else "",
        ),
        trained_model() if base is None else base_with_top(*base),
        lines(
            comment(N_("the file is read as the app does it: upright, scaled to cover the network's size, its middle")),
            f"answers = tlcore.predict({asked}, 'photo.jpg', top={max(_LISTED, rank + 1)})",
            "for answer in answers:",
            "    print(answer.class_name, answer.probability)",
        ),
        lines(
            comment(N_("which parts of the photo speak for this answer")),
            _EXPLANATIONS[explanation].format(rank=rank, layer=f", layer={layer!r}" if layer else ""),
        ),
    )
