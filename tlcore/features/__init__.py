"""Features: what a trained base sees in an image."""

from .extraction import extract_features

__all__ = ["extract_features"]
