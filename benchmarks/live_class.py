"""How many people a minute can be taught for: features from their browsers, against photos that are sent.

Theirs is what the server would do if photos came: decode them, run the base, train the same head.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import Any

import numpy as np

PICTURES = 30
PEOPLE = 5
SIDE = 150


def measure() -> list[dict[str, Any]]:
    from PIL import Image

    import tlcore
    from tlcore.datasets import decode_image
    from tlcore.engine import JobContext
    from tlcore.engine.tasks.browser import teach_head
    from tlcore.features.running import run_network

    context = JobContext("job", "owner", lambda event: None, lambda: False)
    labels = tuple(number % 2 for number in range(PICTURES))
    images = tlcore.load_dataset("helmets", num_images=60, image_size=(480, 480)).train.images[:PICTURES]
    files = []
    for pixels in images:
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=92)
        files.append(file.getvalue())
    base = tlcore.build_base("EfficientNetLite0", input_shape=(SIDE, SIDE, 3), weights="imagenet")

    def features_of_photos() -> bytes:
        pixels = np.stack([decode_image(file, image_size=(SIDE, SIDE)) for file in files])
        return bytes(run_network(base, pixels)[0].mean(axis=(1, 2)).astype("<f4").tobytes())

    def teach(features: bytes) -> None:
        teach_head(context, features=features, labels=labels, num_classes=2)

    features = features_of_photos()
    ours = seconds(lambda: teach(features))
    theirs = seconds(lambda: teach(features_of_photos()))
    sent = {"features": 4 * PICTURES * base.output_shape[-1], "photos": sum(map(len, files))}
    return [
        {
            "case": f"{PICTURES} pictures a person",
            "ours_s": ours,
            "theirs_s": theirs,
            "ratio": theirs / ours,
            "people_a_minute": {"features": 60 / ours, "photos": 60 / theirs},
            "bytes_a_person": sent,
        }
    ]


def seconds(lesson: Callable[[], None]) -> float:
    """Of one person, as a mean of several; the first one, which compiles, does not count."""
    lesson()
    start_s = time.perf_counter()
    for _person in range(PEOPLE):
        lesson()
    return (time.perf_counter() - start_s) / PEOPLE
