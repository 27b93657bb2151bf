"""Sphinx's settings; `python -m scripts.docs` builds the site from a copy of this folder with generated pages in it."""

from tlcore import __version__

project = "Transfer learning laboratory"
author = "the tlcore authors"
release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

html_theme = "furo"
html_title = f"Transfer learning laboratory {release}"

myst_heading_anchors = 3

default_role = "code"  # docstrings write `names` as Markdown does
autodoc_member_order = "bysource"
autodoc_default_options = {"exclude-members": "model_config"}
napoleon_use_ivar = True
