"""Model cards of the bases whose weights come with the program."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent


def list_model_cards() -> list[str]:
    """Names of the networks that have a card."""
    return sorted(path.name.removesuffix(".en.md") for path in _FOLDER.glob("*.en.md"))


def model_card(architecture: str, language: str = "en") -> str:
    """A model card as Markdown without its title.

    Args:
        architecture: One of `list_model_cards()`.
        language: "en" or "pt_BR"; another one gives English.
    """
    path = _FOLDER / f"{architecture}.{language}.md"
    text = (path if path.is_file() else _FOLDER / f"{architecture}.en.md").read_text(encoding="utf-8")
    return text.partition("\n")[2].strip()
