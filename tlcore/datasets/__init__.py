"""Labelled images: the ones that come with the program, and people's own."""

from .dataset import Contradiction, Dataset, FileFacts, ImportNote, RejectedFile, Split
from .digest import dataset_digest
from .images import decode_image
from .importing import import_dataset
from .registry import fetch_dataset, get_dataset_spec, list_datasets, load_dataset, most_images
from .specification import DatasetSpec

__all__ = [
    "Contradiction",
    "Dataset",
    "DatasetSpec",
    "FileFacts",
    "ImportNote",
    "RejectedFile",
    "Split",
    "dataset_digest",
    "decode_image",
    "fetch_dataset",
    "get_dataset_spec",
    "import_dataset",
    "list_datasets",
    "load_dataset",
    "most_images",
]
