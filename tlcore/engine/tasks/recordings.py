"""A set of images out of what was recorded with a camera."""

from __future__ import annotations

from ...translatable import N_
from ..job import JobContext
from .datasets import DatasetPreview, keep_dataset, preview


def import_recording(
    context: JobContext, *, item: str, image_size: tuple[int, int] = (150, 150), seed: int = 0, name: str = "camera"
) -> DatasetPreview:
    """Makes a set of the frames of a recording, which stays and can be recorded further.

    Args:
        context: Of the job.
        item: Id of the recording in the store, kind "recordings".
        image_size: (height, width) in pixels.
        seed: Of the split.
        name: What the set is called.

    Returns:
        Counts and samples.
    """
    from ...datasets.recording import Frame, recorded_dataset
    from ...store.recordings import KIND, recorded_classes

    folder = context.store.folder(KIND, item)
    frames = [
        Frame(recorded.name, burst, f"{recorded.name}/{frame}", (folder / frame).read_bytes)
        for recorded in recorded_classes(context.store, item)
        for burst, of_burst in enumerate(recorded.bursts)
        for frame in of_burst.frames
    ]
    dataset = recorded_dataset(
        frames, name=name, image_size=image_size, seed=seed, progress=context.progress(N_("reading images"))
    )
    return preview(context, dataset, keep_dataset(context, dataset, name))
