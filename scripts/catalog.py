"""Makes the shipped tables of all networks: `python -m scripts.catalog [NAME ...]`.

Run it after changing a network, a formula or the version of Keras. `--check` writes nothing and fails when stale.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from typing import Any

from tlcore.architectures import list_architectures
from tlcore.architectures.catalog import FOLDER, INDEX, catalog_path, encode_tables
from tlcore.architectures.comparison import compute_figures
from tlcore.architectures.describe import describe_built


def make_entry(name: str) -> tuple[bytes, dict[str, Any]]:
    """The bytes of a network's file, and its entry in the index."""
    with_top, without_top = (describe_built(name, include_top=top) for top in (True, False))
    return encode_tables(with_top, without_top), compute_figures(with_top, without_top)


def is_current(name: str, content: bytes) -> bool:
    """Whether the shipped file holds these tables."""
    path = catalog_path(name)
    return path.exists() and gzip.decompress(path.read_bytes()) == gzip.decompress(content)


def main(arguments: list[str] | None = None) -> int:
    """Writes or checks the catalog; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="networks to make again; all where none is given")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a table is stale")
    options = parser.parse_args(arguments)
    FOLDER.mkdir(exist_ok=True)
    index_path = FOLDER / INDEX
    index = json.loads(index_path.read_text(encoding="utf-8")) if index_path.exists() else {}
    stale = []
    for name in options.names or list_architectures():
        content, figures = make_entry(name)
        if is_current(name, content) and index.get(name) == figures:
            continue
        stale.append(name)
        index[name] = figures
        if not options.check:
            catalog_path(name).write_bytes(content)
    if not options.check:
        ordered = {name: index[name] for name in list_architectures() if name in index}
        index_path.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
    print(f"{'stale' if options.check else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
