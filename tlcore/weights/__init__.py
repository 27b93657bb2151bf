"""Trained weights: what is here, where it comes from, and reading it safely. Imports no tensorflow."""

from .embedded import embedded_class_names, embedded_synsets, has_embedded_weights
from .loading import load_imagenet_weights, load_weights_file, weights_hash
from .naming import tensors_by_name
from .sources import WeightsSource, available_weights, find_imagenet_file, usual_weights

__all__ = [
    "WeightsSource",
    "available_weights",
    "embedded_class_names",
    "embedded_synsets",
    "find_imagenet_file",
    "has_embedded_weights",
    "load_imagenet_weights",
    "load_weights_file",
    "tensors_by_name",
    "usual_weights",
    "weights_hash",
]
