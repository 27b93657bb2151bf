"""Keeps the catalogs of translations in step with the source.

    python -m scripts.translations update            extract every text; add new ones to each language's catalog
    python -m scripts.translations missing           print the untranslated texts as JSON: {english: ""}
    python -m scripts.translations fill FILE.json    put translations in ("-" reads standard input); updates first
    python -m scripts.translations check             fail where a catalog is stale, incomplete or careless
    python -m scripts.translations add it            begin the catalog of another language, by Babel's name of it

`add es --machine-made "traducción automática"` marks the catalog as made by a machine, in a line of its header: the app
shows these words in its switch, and what is missing is no fault, since it is shown in English. Whoever has read all of
the catalog takes the line out.

Texts are marked `_("...")` or `ngettext("...", "...", n)` in pages and `N_("...")` in tlcore. `missing` and `fill` are
about Portuguese unless `--language` names another catalog. FILE.json is one object:

    {"Train": "Treinar",
     "{n} image": ["{n} imagem", "{n} de imagens", "{n} imagens"],     (ngettext: one each)
     "Softmax": {"msgstr": "Softmax", "same": "name of a function"}}   (meant to be the same in both languages)

How many forms a plural has, and which number takes which, is written in the catalog's header (`Plural-Forms`);
`missing` lists as many empty strings. Portuguese has three: 1 imagem, 1.000.000 de imagens, 2 imagens.
Catalogs are plain .po files; the app compiles them in memory when it starts, so a clean clone needs no build step.
Several people may run this at once: whoever writes holds a lock. A text that left the source keeps its translation
as obsolete (it may come back) until `update --prune`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from string import Formatter
from typing import Any

import locket
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from tlcore.files import atomic_path
from tlcore.translations import MACHINE_MADE, caveat_of

REPOSITORY = Path(__file__).resolve().parent.parent
SOURCES = ("app.py", "pages", "tlcore")
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
LANGUAGE = "pt_BR"  # unless another one is named
SAME = "same:"  # comment of a translator: why this text is meant to be equal in both languages
LOCK_TIMEOUT_S = 60.0


def template_path(root: Path) -> Path:
    return root / "locales" / "messages.pot"


def catalog_path(root: Path, language: str) -> Path:
    return root / "locales" / language / "LC_MESSAGES" / "messages.po"


def languages(root: Path) -> list[str]:
    """Every language that has a catalog."""
    return sorted(path.parents[1].name for path in (root / "locales").glob("*/LC_MESSAGES/messages.po"))


def source_files(root: Path) -> list[Path]:
    found = (
        path for name in SOURCES for path in ([root / name] if name.endswith(".py") else (root / name).rglob("*.py"))
    )
    return sorted(path for path in found if path.is_file())


def extract(root: Path) -> Catalog:
    """Every text of the source that is marked for translation."""
    catalog = Catalog(project="tlcore", charset="utf-8", copyright_holder="the tlcore authors")
    for path in source_files(root):
        for line, message, comments, context in extract_from_file("python", str(path), keywords=KEYWORDS):
            location = (path.relative_to(root).as_posix(), line)
            catalog.add(message, None, [location], auto_comments=comments, context=context)
    return catalog


def read(path: Path, language: str | None = None) -> Catalog:
    if not path.is_file():
        return Catalog(locale=language, project="tlcore", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(path: Path, catalog: Catalog, *, prune: bool = False) -> None:
    """Replaces the file in one step, so that a reader never meets half a catalog."""
    with atomic_path(path) as draft, draft.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False, ignore_obsolete=prune)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Only one process at a time changes catalogs."""
    path = root / "locales" / ".lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with locket.lock_file(str(path), timeout=LOCK_TIMEOUT_S):
            yield
    except locket.LockError:
        raise SystemExit(f"Another process has been changing catalogs for {LOCK_TIMEOUT_S:.0f} s; try again.") from None


def update(root: Path, *, prune: bool = False) -> dict[str, Catalog]:
    """Writes template and catalogs; returns the catalog of each language."""
    template = extract(root)
    old = read(template_path(root))
    template.creation_date = old.creation_date if template_path(root).is_file() else template.creation_date
    write(template_path(root), template)
    catalogs = {}
    for language in languages(root):
        catalog = read(catalog_path(root, language), language)
        revive(catalog, template)
        catalog.update(template, no_fuzzy_matching=True)
        write(catalog_path(root, language), catalog, prune=prune)
        catalogs[language] = catalog
    return catalogs


def add(root: Path, language: str, *, caveat: str = "") -> None:
    """Begins a catalog with nothing translated yet, and its plural forms as Babel knows them."""
    path = catalog_path(root, language)
    if path.is_file():
        raise SystemExit(f"{path} is there already.")
    with locked(root):
        catalog = Catalog(locale=language, project="tlcore", charset="utf-8")
        if caveat:
            catalog.header_comment += f"\n{MACHINE_MADE} {caveat}"
        write(path, catalog)
        update(root)


def revive(catalog: Catalog, template: Catalog) -> None:
    """Gives texts that came back their old translation."""
    for key, message in list(catalog.obsolete.items()):
        if key in template and key not in catalog:
            catalog[key] = message
            del catalog.obsolete[key]


def texts(catalog: Catalog) -> Iterator[Message]:
    """The messages of a catalog without its header."""
    return (message for message in catalog if message.id)


def english_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(value: Any) -> list[str]:
    """The strings of a msgid or msgstr, which is a tuple where there is a plural."""
    return [value or ""] if isinstance(value, str) or value is None else list(value)


def fill(root: Path, translations: dict[str, Any], language: str = LANGUAGE) -> list[str]:
    """Puts translations in; returns those whose English text is not in the source."""
    with locked(root):
        catalog = update(root)[language]
        by_english = {english_of(message): message for message in texts(catalog)}
        for english, value in translations.items():
            if message := by_english.get(english):
                put(message, value)
        write(catalog_path(root, language), catalog)
    return [english for english in translations if english not in by_english]


def put(message: Message, value: Any) -> None:
    entry = value if isinstance(value, dict) else {"msgstr": value}
    text = entry["msgstr"]
    message.string = tuple(text) if isinstance(text, list) else text
    message.flags.discard("fuzzy")
    message.user_comments = [line for line in message.user_comments if not line.startswith(SAME)]
    if entry.get("same"):
        message.user_comments.append(f"{SAME} {entry['same']}")


def missing(root: Path, language: str = LANGUAGE) -> dict[str, Any]:
    """Untranslated texts of the source as it is now, in the form that `fill` reads."""
    catalog = read(catalog_path(root, language), language)
    untranslated = {}
    for message in texts(extract(root)):
        known = catalog.get(message.id, message.context)
        if known is None or not all(forms(known.string)):
            untranslated[english_of(message)] = "" if isinstance(message.id, str) else [""] * catalog.num_plurals
    return untranslated


def check(root: Path, language: str = LANGUAGE) -> list[str]:
    """One line for each thing that is wrong."""
    source, catalog = extract(root), read(catalog_path(root, language), language)
    faults = [f"not in the catalog: {english_of(message)!r}" for message in texts(source) if message.id not in catalog]
    faults += [
        f"no longer in the source: {english_of(message)!r}" for message in texts(catalog) if message.id not in source
    ]
    if {message.id for message in texts(read(template_path(root)))} != {message.id for message in texts(source)}:
        faults.append("messages.pot is stale")
    if faults:
        faults.append("run: python -m scripts.translations update")
    may_be_incomplete = caveat_of(catalog_path(root, language))
    for message in texts(catalog):
        if any(forms(message.string)) or not may_be_incomplete:
            faults += [f"{fault}: {english_of(message)!r}" for fault in message_faults(message, catalog.num_plurals)]
    return faults


def message_faults(message: Message, num_plurals: int) -> list[str]:
    if not all(forms(message.string)):
        return ["not translated"]
    if message.pluralizable and len(forms(message.string)) != num_plurals:
        return [f"{len(forms(message.string))} plural forms instead of {num_plurals}"]
    faults = ["fuzzy"] if message.fuzzy else []
    allowed = any(line.startswith(SAME) and line[len(SAME) :].strip() for line in message.user_comments)
    same = any(a == b and has_words(a) for a, b in zip(forms(message.id), forms(message.string), strict=False))
    if same and not allowed:
        faults.append('same as the English text; if it is meant, fill it in with {"msgstr": ..., "same": reason}')
    expected = fields(forms(message.id)[-1])
    if any(fields(text) != expected for text in plural_forms(message)):
        faults.append(f"fields differ (expected {sorted(expected)})")
    return faults


def plural_forms(message: Message) -> list[str]:
    """The translations that stand for any number; the first of a plural may say "one" instead of `{n}`."""
    return forms(message.string)[1:] if message.pluralizable else forms(message.string)


def fields(text: str) -> set[str]:
    """Names of the `str.format` fields of a text; with its braces unbalanced, the text itself, so it must match."""
    try:
        return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}


def has_words(text: str) -> bool:
    """Whether there is anything to translate besides fields, numbers and signs."""
    with suppress(ValueError):  # unbalanced braces: no fields to take out
        text = "".join(literal for literal, _, _, _ in Formatter().parse(text))
    return any(character.isalpha() for character in text)


def main(arguments: list[str] | None = None, root: Path = REPOSITORY) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update").add_argument("--prune", action="store_true", help="forget obsolete texts")
    commands.add_parser("missing").add_argument("--language", default=LANGUAGE)
    commands.add_parser("check")
    fill_command = commands.add_parser("fill")
    fill_command.add_argument("file", help='JSON file, or "-"')
    fill_command.add_argument("--language", default=LANGUAGE)
    adding = commands.add_parser("add")
    adding.add_argument("language", help="as Babel names it: es, pt_PT")
    adding.add_argument(
        "--machine-made", default="", metavar="WORDS", help="as the switch calls translations of a machine"
    )
    options = parser.parse_args(arguments)
    problems = []
    if options.command == "update":
        with locked(root):
            update(root, prune=options.prune)
    elif options.command == "add":
        add(root, options.language, caveat=options.machine_made)
    elif options.command == "fill":
        text = sys.stdin.read() if options.file == "-" else Path(options.file).read_text("utf-8")
        unknown = fill(root, json.loads(text), options.language)
        problems = [f"not in the source: {english!r}" for english in unknown]
    elif options.command == "check":
        problems = [f"{language}: {fault}" for language in languages(root) for fault in check(root, language)]
    else:
        print(json.dumps(missing(root, options.language), ensure_ascii=False, indent=1))
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
