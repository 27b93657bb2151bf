"""The project file: what a person takes home and brings back. Imports tensorflow only when a network is built."""

from .document import ProjectDocument, ProjectImages
from .project import PROJECT_FILE, load_project, read_project_summary, save_project

__all__ = ["PROJECT_FILE", "ProjectDocument", "ProjectImages", "load_project", "read_project_summary", "save_project"]
