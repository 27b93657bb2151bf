"""Photographs that a person brings."""

from __future__ import annotations

IMAGE_TYPES = ["jpg", "jpeg", "png", "webp", "bmp", "gif", "tif", "tiff"]
