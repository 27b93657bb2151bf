"""Transfer learning, for people who want to see it happen.

The flat public API. Importing this module imports neither tensorflow nor any other heavy package: each name is loaded
when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .architectures import describe as describe
    from .architectures import list_architectures as list_architectures
    from .datasets import import_dataset as import_dataset
    from .datasets import list_datasets as list_datasets
    from .datasets import load_dataset as load_dataset
    from .errors import TransferLearningError as TransferLearningError
    from .explanation import grad_cam as grad_cam
    from .export import export_model as export_model
    from .export import export_notebook as export_notebook
    from .features import extract_features as extract_features
    from .inference import predict as predict
    from .models import build_base as build_base
    from .projects import load_project as load_project
    from .projects import save_project as save_project
    from .training import TrainingSpec as TrainingSpec
    from .training import train as train

__version__ = "0.1.0"

_HOMES = {
    "TrainingSpec": "training",
    "TransferLearningError": "errors",
    "build_base": "models",
    "describe": "architectures",
    "export_model": "export",
    "export_notebook": "export",
    "extract_features": "features",
    "grad_cam": "explanation",
    "import_dataset": "datasets",
    "list_architectures": "architectures",
    "list_datasets": "datasets",
    "load_dataset": "datasets",
    "load_project": "projects",
    "predict": "inference",
    "save_project": "projects",
    "train": "training",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
