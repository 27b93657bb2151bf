"""What a person takes home: notebooks and models in other formats. Imports tensorflow only to convert."""

from .conversion import export_model
from .formats import ExportFormat, get_format, list_formats
from .notebook import export_notebook, notebook_text
from .take_home import export_take_home

__all__ = [
    "ExportFormat",
    "export_model",
    "export_notebook",
    "export_take_home",
    "get_format",
    "list_formats",
    "notebook_text",
]
