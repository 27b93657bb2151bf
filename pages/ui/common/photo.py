"""Photographs that a person brings."""

from __future__ import annotations

from tlcore.datasets.images import IMAGE_ENDINGS

#: What `st.file_uploader` takes as `type`.
IMAGE_TYPES = [ending.removeprefix(".") for ending in IMAGE_ENDINGS]
