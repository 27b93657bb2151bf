"""Rendering that the pages share."""
