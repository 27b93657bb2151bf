"""The ready-made datasets: those that come with the program, and those that a package holds."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral

from ..errors import InvalidArgumentError
from ..settings import get_settings
from ..translatable import N_
from .dataset import Dataset
from .digits import digit_images
from .helmets import helmet_images
from .lab_sets import lab_sets
from .public_sets import PUBLIC_SETS
from .solar_cells import PACKAGE, solar_cell_images
from .specification import DatasetSpec
from .splits import MIN_IMAGES_PER_CLASS, make_split, split_indices

#: Sides in pixels between which images can be asked for.
SMALLEST_SIDE, LARGEST_SIDE = 16, 1024

_DATASETS = {
    spec.name: spec
    for spec in (
        DatasetSpec(
            name="helmets",
            title=N_("Hard hats (drawn)"),
            description=N_(
                "Workers at a building site, drawn by a program: half of them wear a hard hat. The others are "
                "bareheaded or wear caps, hoods, beanies and other hats of the same colours, and some carry a hard "
                "hat in the hand. The task: does this worker wear a hard hat?"
            ),
            licence=N_("Drawn by this program: free to use, like the program itself (MIT)"),
            kind="drawn",
            class_names=("no_hardhat", "hardhat"),
            class_titles=(N_("no hard hat"), N_("hard hat")),
            teaching_note=N_(
                "The task of the lecture. Colour alone does not solve it, and with a hundred images a class a small "
                "network trained from scratch does poorly, while the features of a trained base do well. These are "
                "drawings: try photographs of your own before you trust the result."
            ),
            default_images=600,
            max_images=10_000,
            source=helmet_images,
        ),
        DatasetSpec(
            name="digits",
            title=N_("Handwritten digits"),
            description=N_(
                "1,797 real digits from 0 to 9, written by 43 people and scanned at 8 × 8 pixels, shown in dark ink on "
                "white paper. The task: say which digit it is."
            ),
            licence=N_("CC BY 4.0 (UCI Machine Learning Repository, Alpaydin & Kaynak, 1998), shipped by scikit-learn"),
            kind="scans",
            class_names=tuple(str(digit) for digit in range(10)),
            class_titles=tuple(str(digit) for digit in range(10)),
            teaching_note=N_(
                "The task that LeNet-5 was made for. It is easy and far from photographs: a small network trained "
                "from scratch does well here, so a base trained on photographs has little to add. Compare."
            ),
            default_images=1000,
            max_images=1797,
            source=digit_images,
            is_far=True,
        ),
        DatasetSpec(
            name="solar_cells",
            title=N_("Solar cells"),
            description=N_(
                "2,624 real photographs of single solar cells, which glow in the infrared when a current flows through "
                "them; cracks and dead parts stay dark. The task: is this cell defective?"
            ),
            licence=N_("CC BY-NC-SA 4.0 (elpv-dataset; Buerhop-Lutz et al., 2018), not for commercial use"),
            kind="photographs",
            class_names=("good", "defective"),
            class_titles=(N_("good cell"), N_("defective cell")),
            teaching_note=N_(
                "Real photographs, and far from anything in ImageNet: here one sees what is left of transfer when the "
                "new task resembles the old one little. The cells were cut from 44 modules; neighbours stay on one "
                "side of the split, so that the test shows modules that were not trained on."
            ),
            default_images=1000,
            max_images=2624,
            source=solar_cell_images,
            package=PACKAGE,
            is_far=True,
        ),
        *PUBLIC_SETS,
    )
}


def list_datasets() -> list[str]:
    """Names that `load_dataset` knows.

    Example:
        >>> "digits" in list_datasets()
        True
    """
    return [*_DATASETS, *lab_sets()]


def get_dataset_spec(name: str) -> DatasetSpec:
    """Facts about a dataset, without making any image.

    Raises:
        InvalidArgumentError: If there is no such dataset.
    """
    known = {**_DATASETS, **lab_sets()}
    if not isinstance(name, str) or name not in known:
        raise InvalidArgumentError(
            N_("Expected `name` of a dataset to be one of {names}. Received: {value!r}. Try tlcore.list_datasets()."),
            names=list(known),
            value=name,
        )
    return known[name]


def load_dataset(
    name: str,
    *,
    num_images: int | None = None,
    image_size: tuple[int, int] = (150, 150),
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Dataset:
    """Makes or reads a dataset and splits it 60 / 20 / 20, each class alike.

    Args:
        name: One of `list_datasets()`.
        num_images: How many images over all classes and splits; the dataset's own default without it.
        image_size: (height, width) in pixels.
        seed: Of the choice or drawing of images and of the split.
        progress: Where images are read from files: called with how many are read and how many there will be; what it
            raises stops the work.

    Returns:
        The dataset; images are `uint8 (N, height, width, 3)`.

    Raises:
        InvalidArgumentError: If a name, number or size cannot be.
        DatasetError: If the images are not on this machine; the message says how to get them.

    Example:
        >>> load_dataset("digits", num_images=100, image_size=(32, 32)).train.images.shape
        (60, 32, 32, 3)
    """
    spec = get_dataset_spec(name)
    num_images = spec.default_images if num_images is None else num_images
    check_whole_number("num_images", num_images, MIN_IMAGES_PER_CLASS * spec.num_classes, spec.max_images)
    check_image_size(image_size)
    check_whole_number("seed", seed, 0, 2**32 - 1)
    check_memory(num_images, image_size)
    made = spec.source(num_images, image_size, seed, **({"progress": progress} if spec.reports else {}))
    parts = split_indices(made.labels, made.groups, num_classes=spec.num_classes, seed=seed)
    train, validation, test = (make_split(made.images, made.labels, made.sources, part) for part in parts)
    return Dataset(spec.name, spec.class_names, train, validation, test, made.rejected)


def fetch_dataset(
    name: str,
    *,
    progress: Callable[[int, int], None] | None = None,
    unpacking: Callable[[int, int], None] | None = None,
) -> None:
    """Fetches the images of a public set to this machine, once for everybody; nothing where they are here.

    Args:
        name: One of `list_datasets()`.
        progress: Called with bytes so far and bytes in all; what it raises stops the work, which is taken up next time.
        unpacking: The same while the files are unpacked.

    Raises:
        InvalidArgumentError: If there is no such dataset.
        DatasetError: The images do not come, are too many for this lab, or are others than were published.
    """
    from .fetching import fetch

    spec = get_dataset_spec(name)
    if spec.download is not None:
        fetch(spec.download, progress=progress, unpacking=unpacking)


def most_images(image_size: tuple[int, int]) -> int:
    """How many images of (height, width) may be held in memory here: `TLCORE_MAX_ARCHIVE_BYTES` of pixels."""
    height, width = image_size
    return get_settings().max_archive_bytes // (3 * height * width)


def check_memory(num_images: int, image_size: tuple[int, int]) -> None:
    """Raises `InvalidArgumentError` where so many images of (height, width) are not held in memory here."""
    most = most_images(image_size)
    if num_images > most:
        raise InvalidArgumentError(
            N_(
                "Expected `num_images` to be at most {most} at a size of {height} × {width}, since all are held in "
                "memory. Received: {value}. Use fewer images or a smaller size."
            ),
            most=most,
            height=image_size[0],
            width=image_size[1],
            value=num_images,
        )


def check_image_size(image_size: tuple[int, int]) -> None:
    """Raises `InvalidArgumentError` unless `image_size` is a (height, width) that images can be made in."""
    sides = tuple(image_size) if isinstance(image_size, tuple | list) else ()
    if len(sides) != 2 or not all(_is_whole(side, SMALLEST_SIDE, LARGEST_SIDE) for side in sides):
        raise InvalidArgumentError(
            N_(
                "Expected `image_size` to be (height, width), each a whole number from {least} to {most}. "
                "Received: {value!r}. Try (150, 150)."
            ),
            least=SMALLEST_SIDE,
            most=LARGEST_SIDE,
            value=image_size,
        )


def check_whole_number(argument: str, value: object, least: int, most: int) -> None:
    """Raises `InvalidArgumentError` unless `value` is a whole number from `least` to `most`."""
    if not _is_whole(value, least, most):
        raise InvalidArgumentError(
            N_(
                "Expected `{argument}` to be a whole number from {least} to {most}. Received: {value!r}. "
                "Choose a number in that range."
            ),
            argument=argument,
            least=least,
            most=most,
            value=value,
        )


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and least <= int(value) <= most
