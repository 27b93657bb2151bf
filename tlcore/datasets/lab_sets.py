"""Sets of whoever runs the lab: each folder of `TLCORE_DATASETS_DIR` is a ready set for everybody."""

from __future__ import annotations

import time
from functools import lru_cache, partial
from pathlib import Path

from ..settings import get_settings
from ..translatable import N_
from .class_folders import ClassFolders, find_class_folders, folder_images
from .entries import readable
from .leftovers import leftover_in
from .specification import DatasetSpec

PREFIX = "folder:"
_LOOK_AGAIN_S = 5  # a page asks many times; a changed folder is noticed after so long
_USUAL_IMAGES = 600


def lab_sets() -> dict[str, DatasetSpec]:
    """The sets that are there now by name, `folder:` and what the folder is called; none without the setting."""
    root = get_settings().datasets_dir
    return {} if root is None else _sets_in(root, int(time.monotonic() / _LOOK_AGAIN_S))


@lru_cache(maxsize=2)
def _sets_in(root: Path, moment: int) -> dict[str, DatasetSpec]:
    """Those of a moment. A folder that cannot be read, or holds fewer than two classes, is none."""
    try:
        folders = sorted(path for path in root.iterdir() if path.is_dir() and leftover_in(path.name) is None)
    except OSError:
        return {}
    found = []
    for folder in folders:
        try:
            found.append(find_class_folders(folder))
        except OSError:
            continue
    specs = [_specification(classes) for classes in found if len(classes.files) > 1]
    return {spec.name: spec for spec in specs}


def _specification(found: ClassFolders) -> DatasetSpec:
    names = tuple(found.files)
    return DatasetSpec(
        name=PREFIX + found.folder.name,
        title=readable(found.folder.name),
        description=N_("A set of images that whoever runs this lab has put here."),
        licence=N_("as whoever runs this lab says"),
        kind="lab",
        class_names=names,
        class_titles=names,
        teaching_note=N_("Ask whoever put it here what it is meant to show."),
        default_images=min(found.num_images, max(_USUAL_IMAGES, 3 * len(names))),
        max_images=found.num_images,
        source=partial(folder_images, found),
        fingerprint=found.fingerprint,
        reports=True,
    )
