"""One photo on its way to the network: as the file has it, upright, scaled, cropped.

`decode_image` does all of it at once; here each step can be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from .images import decode_image, decoded_formats

Step = Literal["file", "upright", "scaled", "cropped"]
_ORIENTATION = 0x0112  # the EXIF tag
_SHOWN_SIDE = 320
_HELD_UPRIGHT = 6
#: EXIF's note on how the pixels lie -> what puts them back as the file has them, from the upright photo.
_AS_FILED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True, slots=True, eq=False)
class PreparedStep:
    """A photo after one step.

    Attributes:
        step: Which one.
        width, height: Of the photo at that step, in pixels.
        picture: `uint8 (h, w, 3)`, small enough to be shown.
    """

    step: Step
    width: int
    height: int
    picture: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPhoto:
    """A photo on its way to the network.

    Attributes:
        steps: In their order.
        orientation: EXIF's number for how the pixels lie in the file, 1 for upright.
        mode: How the file keeps its colours, as Pillow names it: "RGB", "L", "CMYK", ...
        pixels: What comes out, `uint8 (height, width, 3)`, as `decode_image` gives it.
        lying: What would come out if the orientation were not minded.
        squeezed: What would come out if the proportions were given up, and nothing cut off.
    """

    steps: tuple[PreparedStep, ...]
    orientation: int
    mode: str
    pixels: NDArray[np.uint8]
    lying: NDArray[np.uint8]
    squeezed: NDArray[np.uint8]


def prepare_photo(data: bytes, image_size: tuple[int, int], *, name: str = "image") -> PreparedPhoto:
    """Takes a photo through all steps.

    Args:
        data: An image file.
        image_size: (height, width) that the network takes.
        name: What to call the file in an error.

    Raises:
        DatasetError: As for `decode_image`.
    """
    upright = Image.fromarray(decode_image(data, name=name))  # refuses what is no photo, or too large
    with Image.open(BytesIO(data), formats=decoded_formats()) as image:
        orientation, mode = int(image.getexif().get(_ORIENTATION, 1)), image.mode
    filed = upright.transpose(_AS_FILED[orientation]) if orientation in _AS_FILED else upright
    height, width = image_size
    pixels = decode_image(data, image_size=image_size, name=name)
    scaled = ImageOps.cover(upright, (width, height), Image.Resampling.BICUBIC)
    steps: dict[Step, Image.Image] = {
        "file": filed,
        "upright": upright,
        "scaled": scaled,
        "cropped": Image.fromarray(pixels),
    }
    return PreparedPhoto(
        steps=tuple(PreparedStep(step, *picture.size, _small(picture)) for step, picture in steps.items()),
        orientation=orientation,
        mode=mode,
        pixels=pixels,
        lying=np.asarray(ImageOps.fit(filed, (width, height), Image.Resampling.BICUBIC), np.uint8),
        squeezed=np.asarray(upright.resize((width, height), Image.Resampling.BICUBIC), np.uint8),
    )


def sample_photo() -> bytes:
    """A photograph as a phone held upright saves it: the pixels lie on their side, and a note in the file says so.

    Source: scikit-learn's sample image "china.jpg" (the Summer Palace), CC BY 2.0, by danielbuechele.
    """
    from importlib.resources import files

    with Image.open(BytesIO((files("sklearn.datasets.images") / "china.jpg").read_bytes())) as upright:
        note, file = Image.Exif(), BytesIO()
        note[_ORIENTATION] = _HELD_UPRIGHT
        upright.transpose(_AS_FILED[_HELD_UPRIGHT]).save(file, "JPEG", quality=92, exif=note)
    return file.getvalue()


def _small(picture: Image.Image) -> NDArray[np.uint8]:
    small = picture.copy()
    small.thumbnail((_SHOWN_SIDE, _SHOWN_SIDE), Image.Resampling.BICUBIC)
    return np.array(small, np.uint8)
