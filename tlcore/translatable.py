"""Marks texts for translation without translating them: `tlcore` knows no language, the one who shows a text does."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Returns `message` unchanged; Babel extracts it into the catalogs."""
    return message
