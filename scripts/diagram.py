"""Draws the diagram of `docs/architecture.md` as a picture: `python -m scripts.diagram MERMAID.min.js`.

GitHub draws the text itself; the documentation shows `docs/architecture.svg`, so that it asks no other server for a
script. `npm pack mermaid` fetches the package that has `dist/mermaid.min.js`. Needs Chromium.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from scripts.browsing import find_chromium, open_chromium

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURE = "architecture.svg"
_FENCE = "```mermaid\n"
_DRAW = """async text => {
  mermaid.initialize({startOnLoad: false, theme: 'neutral', htmlLabels: false,
    flowchart: {htmlLabels: false, wrappingWidth: 400}});
  const {svg} = await mermaid.render('diagram', text);
  return svg;
}"""


def diagram_of(page: str) -> str:
    """The text of the diagram in a Markdown page."""
    return page.partition(_FENCE)[2].partition("```")[0]


def with_picture(page: str, alt: str) -> str:
    """The page with the picture where the text of the diagram stands."""
    return page.replace(f"{_FENCE}{diagram_of(page)}```", f"![{alt}]({PICTURE})")


def stamp(diagram: str) -> str:
    """What the picture says of the text that it was made from."""
    return f"<!-- {hashlib.sha256(diagram.encode()).hexdigest()} -->"


def draw(diagram: str, mermaid: Path, chromium: str) -> str:
    """The diagram as SVG on a white ground, which dark pages need."""
    with open_chromium(chromium) as browser:
        page = browser.new_page()
        page.add_script_tag(content=mermaid.read_text("utf-8"))
        svg: str = page.evaluate(_DRAW, diagram)
    return svg.replace('style="', 'style="background-color: #fff; ', 1) + stamp(diagram) + "\n"


def main(arguments: list[str]) -> int:
    chromium = find_chromium()
    if len(arguments) != 1 or chromium is None:
        print(__doc__)
        return 2
    diagram = diagram_of((DOCS / "architecture.md").read_text("utf-8"))
    (DOCS / PICTURE).write_text(draw(diagram, Path(arguments[0]), chromium), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
