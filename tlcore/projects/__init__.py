"""The project file: what a person takes home and brings back. Imports tensorflow only when a network is built."""

from .document import ProjectDocument
from .project import PROJECT_FILE, load_project, read_project_summary, save_project

__all__ = ["PROJECT_FILE", "ProjectDocument", "load_project", "read_project_summary", "save_project"]
