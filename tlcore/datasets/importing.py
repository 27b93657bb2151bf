"""Makes a dataset from people's own photographs."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from ..errors import DatasetError, InvalidArgumentError
from ..settings import get_settings
from ..translatable import N_
from .archive import Archive
from .assembly import assembled
from .dataset import Dataset
from .entries import folder_entries, list_entries, readable
from .gathering import Gathered, Progress
from .images import PixelBudget
from .registry import check_image_size, check_whole_number

LabelledImage = tuple[bytes, str] | tuple[bytes, str, str]


def import_dataset(
    source: str | PathLike[str] | Sequence[LabelledImage],
    *,
    image_size: tuple[int, int] = (150, 150),
    seed: int = 0,
    name: str | None = None,
    progress: Progress | None = None,
    comparing: Progress | None = None,
    keep_split: bool = False,
) -> Dataset:
    """Reads labelled photographs and splits them 60 / 20 / 20, near-duplicates kept together.

    The folder that an image lies in is its class; a single folder around all others, and folders named after parts of a
    split (`train`, `Test_Set`, `validação`, ...), are looked through, see `layout`. Where no folder says it, a table
    beside the images does (`labels.csv`), or the beginning of the files' names (`cat.0.jpg`). Images are brought to
    `image_size` by `decode_image`: scaled with their proportions kept, the overhang cut off on both sides. Files that
    cannot be used are listed in `Dataset.rejected`, classes with too few images and other things to know in
    `Dataset.notes`, pictures in two classes in `Dataset.contradictions`.

    Args:
        source: A ZIP, a folder, or a list of (bytes, class name) or (bytes, class name, file name).
        image_size: (height, width) in pixels.
        seed: Of the split.
        name: Of the dataset, and of the ZIP in messages about it; the file's name without it.
        progress: Called with how many files are done and how many there are; what it raises stops the import.
        comparing: The same while the images are searched for near-duplicates.
        keep_split: Leave images in the part of the split that their folders name: what is in `test` stays the test. A
            part that is missing is taken from the training images.

    Returns:
        The dataset, classes in alphabetical and natural order: 2 before 10. Keras numbers folders by their letters
        alone, 10 before 2; `class_names=list(data.class_names)` makes it number them as here.

    Raises:
        DatasetError: If the source cannot be read or holds too little.
        InvalidArgumentError: If an argument cannot be.

    Example:
        >>> data = import_dataset("photos.zip", image_size=(150, 150))
    """
    check_image_size(image_size)
    check_whole_number("seed", seed, 0, 2**32 - 1)
    gathered = Gathered((int(image_size[0]), int(image_size[1])), progress)
    if isinstance(source, str | PathLike):
        path = Path(source)
        _gather_path(gathered, path, name)
        name = name or readable(path.stem if path.is_file() else path.resolve().name)
    elif isinstance(source, Sequence) and not isinstance(source, bytes | bytearray | memoryview):
        gathered.add_all(list_entries(source))
    else:
        raise InvalidArgumentError(
            N_(
                "Expected `source` to be the path of a ZIP or folder, or a list of (bytes, class name). "
                "Received: {kind}. Write an upload to a file first."
            ),
            kind=type(source).__name__,
        )
    return assembled(gathered, name or "import", seed, comparing, keep_split=keep_split)


def _gather_path(gathered: Gathered, path: Path, name: str | None) -> None:
    if path.is_dir():
        gathered.add_all(folder_entries(path, gathered.leftovers))
    elif path.is_file():
        with Archive(path, name) as archive:
            gathered.budget = PixelBudget(get_settings().max_upload_pixels, archive.name)
            gathered.budget.expect(archive.heads())
            gathered.leftovers += archive.leftovers
            gathered.add_all(archive.entries())
    else:
        raise DatasetError(
            N_("There is no file or folder at {file}. Check the path and try again."), file=readable(str(path))
        )
