"""A network that runs in the visitor's own browser: where its files lie, what it gets, and what its script shares."""

from __future__ import annotations

from pathlib import Path

#: Of the scripts and styles that components with a network share: `answers.js`, `live.css`.
FOLDER = Path(__file__).parent
