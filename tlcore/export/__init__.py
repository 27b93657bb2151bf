"""What a person takes home: code, notebooks and models in other formats. Imports tensorflow only to convert."""

from .code import keras_code

__all__ = ["keras_code"]
