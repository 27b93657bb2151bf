"""The one generator of shown code: page panels, notebooks and experiments compose these statements.

Code is written in English here; `in_language` puts in the names and comments of its reader. Imports no tensorflow.
"""

from .augmentation import augmentation_code
from .images import ImageFolders, ImageSource, OwnImages, ReadySet, dataset_code
from .lecture import lecture_code
from .networks import network_code
from .photos import prediction_code
from .reading import in_language
from .run import keras_code

__all__ = [
    "ImageFolders",
    "ImageSource",
    "OwnImages",
    "ReadySet",
    "augmentation_code",
    "dataset_code",
    "in_language",
    "keras_code",
    "lecture_code",
    "network_code",
    "prediction_code",
]
