"""Catalogs of translations: where they are, in the repository or the installed package, and how they are read.

The library writes English and marks it (`tlcore.translatable`); whoever shows a text to a person translates it with
what stands here. Catalogs are `.po` files, read as they are: there is no compiled file to forget.
"""

from __future__ import annotations

import io
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from itertools import takewhile
from pathlib import Path

SOURCE = "en"  # the language of the texts themselves
#: Begins a line of a catalog's header where no person has read the translations; the rest of the line says that to the
#: reader, in the language of the catalog, which may be incomplete.
MACHINE_MADE = "# Machine-made:"


def catalog_folder() -> Path:
    """The folder with `<language>/LC_MESSAGES/messages.po`: of the installed package, else of the repository."""
    package = Path(__file__).resolve().parent
    installed = package / "locales"
    return installed if installed.is_dir() else package.parent / "locales"


def catalog_path(language: str, folder: Path | None = None) -> Path:
    """The catalog of a language such as "pt-BR" in `catalog_folder()`, or in another; nothing need be there."""
    return (folder or catalog_folder()) / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"


def list_languages() -> list[str]:
    """Codes of the languages that texts can be shown in, the source's own first, for example `["en", "pt-BR"]`."""
    catalogs = catalog_folder().glob("*/LC_MESSAGES/messages.po")
    return [SOURCE, *sorted(path.parents[1].name.replace("_", "-") for path in catalogs)]


def caveat_of(path: Path) -> str:
    """What the header of a catalog says of its translations where a machine made them; "" where a person did."""
    with path.open(encoding="utf-8") as file:
        header = takewhile(lambda line: line.startswith("#"), file)
        return next((line.removeprefix(MACHINE_MADE).strip() for line in header if line.startswith(MACHINE_MADE)), "")


def translations_of(language: str) -> NullTranslations:
    """The texts of a language; English where there is no catalog of it. Its `gettext` translates a text.

    Example:
        >>> translations_of("pt-BR").gettext("Datasets")
        'Conjuntos de imagens'
    """
    path = catalog_path(language)
    return read_catalog(str(path), path.stat().st_mtime_ns) if path.is_file() else NullTranslations()


@lru_cache(maxsize=4)
def read_catalog(path: str, modified_ns: int) -> GNUTranslations:
    """A catalog as it was at this time, kept until it changes.

    Args:
        path: Of a `.po` file.
        modified_ns: When it was written last, in nanoseconds.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with Path(path).open("rb") as file:
        catalog = read_po(file)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def language_of_machine() -> str:
    """The known language nearest to the one that the environment asks for (LANGUAGE, LC_ALL, LC_MESSAGES, LANG)."""
    from babel import default_locale

    wanted = (default_locale("LC_MESSAGES") or SOURCE).replace("_", "-").lower()
    known = {code.lower(): code for code in list_languages()}
    by_first_part = {code.lower().split("-")[0]: code for code in list_languages()}
    return known.get(wanted) or by_first_part.get(wanted.split("-")[0]) or SOURCE
