"""What the words in a folder's name say of the images in it: a part of a split, a kind of picture, or nothing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

UNLABELLED = "unlabelled"
_PARTS = {
    "train": "train training trainval treino treinamento treinar entrenamiento entrainement",
    "validation": "val valid validate validation validacao validacion dev",
    "test": "test tests testing teste testes eval evaluation avaliacao prueba holdout",
    UNLABELLED: "pred predict prediction predictions unlabeled unlabelled",
}
#: The part of a split that a word in a folder's name speaks of.
_PART_OF_WORD = {word: part for part, words in _PARTS.items() for word in words.split()}
#: Words beside it that say nothing: `training_set`, `seg_train`, `imagens de teste`, `train-224x224`.
_FILLING_WORDS = (
    "set data dataset image images img imgs imagens fotos photos folder seg split sample conjunto de dados x v px"
)
_FILLING = frozenset(_FILLING_WORDS.split())
_ENDINGS = ("dataset", "set", "data", "images", "imgs")
_IMAGES_WORDS = "images image imgs img jpegimages photos pictures imagens fotos"
_IMAGES = frozenset(_IMAGES_WORDS.split())
_ANNOTATION_WORDS = (
    "annotations annotation annots labels label labeltxt masks mask trimaps groundtruth gt ground_truth bboxes xmls "
    "segmentations segmentation segmentationclass segmentationobject imagesets"
)
_ANNOTATIONS = frozenset(_ANNOTATION_WORDS.split())
_VERSION_WORDS = "color colour colored gray grey grayscale greyscale segmented rgb original cropped edges"
_VERSIONS = frozenset(_VERSION_WORDS.split())


@dataclass(frozen=True)
class SplitPart:
    """What a folder's name says of a split.

    Attributes:
        kind: "train", "validation", "test", or `UNLABELLED`: images to be guessed.
        about: What else the name says, as it is spelled: "cats" of `train_cats`.
    """

    kind: str
    about: str

    @property
    def topic(self) -> str:
        """`about`, whatever its case."""
        return self.about.casefold()


def split_part(name: str) -> SplitPart | None:
    """The part of a split that a folder is named after; None if it names no part."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    spelled = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain))
    words = [(_without_ending(word.casefold()), word) for word in spelled]
    kinds = [_PART_OF_WORD[word] for word, _spelled in words if word in _PART_OF_WORD]
    about = [spelled for word, spelled in words if word not in _PART_OF_WORD and word not in _FILLING]
    return SplitPart(kinds[0], " ".join(about)) if kinds else None


def holds_images(name: str) -> bool:
    """Whether a folder is called after what every folder here holds: `images`, `JPEGImages`, `fotos`."""
    return name.casefold() in _IMAGES


def holds_annotations(name: str) -> bool:
    """Whether a folder is called after what annotators write beside images: `labels`, `masks`, `Annotations`."""
    return name.casefold() in _ANNOTATIONS


def is_version(name: str) -> bool:
    """Whether a folder is called after a way to show the same photo: `color`, `grayscale`, `segmented`."""
    return name.casefold() in _VERSIONS


def _without_ending(word: str) -> str:
    shorter = (word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))
    return next((stem for stem in shorter if stem in _PART_OF_WORD), word)
