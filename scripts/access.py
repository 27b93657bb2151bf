"""Looks for what keeps people out of every page and state: `python -m scripts.access [--table FILE]`.

axe-core, the rules that browsers' own tools use too, in both themes and languages (`--page`, `--person`, `--theme` and
`--language` choose some), and whether a page fits a small phone and a screen enlarged to 200 %. Prints a table of all
findings; ends with 1 where one is serious or critical and ours.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from scripts.browsing import DESKTOP, settle
from scripts.pictures import Situation, argument_parser, follow_people

SEVERE = ("serious", "critical")
#: Widths at which nothing may have to be scrolled to the side: a small phone, and a desktop enlarged to 200 %.
NARROW = {"360 px": {"width": 360, "height": 740}, "200 %": {"width": DESKTOP["width"] // 2, "height": 384}}
TOO_WIDE = """() => { const main = document.querySelector('[data-testid="stMain"]'), edge = main.clientWidth + 1;
  if (main.scrollWidth <= edge) return '';
  const scrolls = element => { for (let e = element.parentElement; e !== main; e = e.parentElement)
    if (getComputedStyle(e).overflowX !== 'visible') return true; return false; };
  const widest = [...main.querySelectorAll('*')].filter(e => e.checkVisibility() && !scrolls(e)
    && e.getBoundingClientRect().right > edge).map(e => e.closest('[class*="st-key-"]') || e).pop();
  return 'page of ' + main.scrollWidth + ' px: ' + (widest ? widest.className || widest.tagName : ''); }"""
_RUN = """async rules => {
  const main = document.querySelector('[data-testid="stMain"]') || document.documentElement, top = main.scrollTop;
  const found = await axe.run(document, {resultTypes: ['violations'], runOnly: rules || undefined});
  main.scrollTop = top;  // it looks at elements where they can be seen
  const off = ({target}) => document.querySelector(target.flat().join(' '))
    ?.closest('[data-testid="stElementContainer"]')?.querySelector(':disabled');
  const exempt = (broken, node) => broken.id === 'color-contrast' && off(node);  // WCAG 1.4.3: what is not in use
  return found.violations.flatMap(broken => broken.nodes.filter(node => !exempt(broken, node)).map(node => ({
    rule: broken.id, help: broken.help, impact: node.impact || broken.impact,
    target: node.target.flat().join(' '), html: node.html.slice(0, 240)})));
}"""


@dataclass(frozen=True)
class Finding:
    """One element that breaks one rule.

    Attributes:
        rule: axe's name of it.
        help: The rule in words.
        impact: "minor", "moderate", "serious" or "critical".
        target: Selector of the element.
        html: How the element begins.
    """

    rule: str
    help: str
    impact: str
    target: str
    html: str


#: Rule -> what an element's HTML has that Streamlit or plotly draws so, whatever a page says, and why it is harmless.
NOT_OURS: dict[str, tuple[tuple[str, str], ...]] = {
    "presentation-role-conflict": (
        ("stFileUploaderDropzone", "Streamlit's box for files; the button in it has a name"),
    ),
}


def is_ours(finding: Finding) -> bool:
    """Whether a page could do better; `NOT_OURS` says of the others why not."""
    return not any(part in finding.html for part, _why in NOT_OURS.get(finding.rule, ()))


def findings(page: Any, rules: list[str] | None = None) -> list[Finding]:
    """What axe-core finds on a page as it is now.

    Args:
        page: Playwright's page.
        rules: Names or tags of rules; all without.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(_axe())
    return [Finding(**found) for found in page.evaluate(_RUN, rules)]


def severe(page: Any, rules: list[str] | None = None) -> list[str]:
    """One line for each finding that is ours and keeps people out; `rules` as in `findings`."""
    return [
        f"{found.rule} ({found.impact}): {found.html}"
        for found in findings(page, rules)
        if found.impact in SEVERE and is_ours(found)
    ]


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def main(arguments: list[str]) -> int:
    parser = argument_parser("scripts.access", __doc__)
    parser.add_argument("--table", type=Path, help="write the table as Markdown")
    asked = parser.parse_args(arguments)
    found: list[tuple[Situation, Finding]] = []

    def look(page: Any, at: Situation) -> None:
        here = [*findings(page), *_too_wide(page)]
        found.extend((at, finding) for finding in here)
        severe_here = sum(finding.impact in SEVERE and is_ours(finding) for finding in here)
        print(f"{at.page} · {at.person} · {at.theme} · {at.language}: {severe_here} severe of {len(here)}", flush=True)

    with tempfile.TemporaryDirectory() as home:
        follow_people(asked, look, Path(home))
    table = _table(found)
    print(table)
    if asked.table:
        asked.table.write_text(table + "\n", "utf-8")
    return int(any(finding.impact in SEVERE and is_ours(finding) for _at, finding in found))


def _too_wide(page: Any) -> Iterable[Finding]:
    for name, size in NARROW.items():
        page.set_viewport_size(size)
        settle(page)
        widest = page.evaluate(TOO_WIDE)
        if widest:
            yield Finding("fits", f"No sideways scrolling at {name}", "serious", name, widest)
    page.set_viewport_size(DESKTOP)


def _table(found: list[tuple[Situation, Finding]]) -> str:
    """One row a rule and kind of element, the gravest first."""
    counts = Counter((f.impact, f.rule, f.help, is_ours(f), _kind(f)) for _at, f in found)
    pages: dict[Any, set[str]] = {}
    for at, f in found:
        pages.setdefault((f.impact, f.rule, f.help, is_ours(f), _kind(f)), set()).add(at.page)
    order = ("critical", "serious", "moderate", "minor")
    lines = ["| impact | rule | ours | element | found | on |", "|---|---|---|---|---|---|"]
    for row, count in sorted(counts.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        impact, rule, words, ours, kind = row
        shown = kind.replace("|", "\\|")
        where = ", ".join(sorted(pages[row]))
        lines.append(f"| {impact} | {rule}: {words} | {'yes' if ours else 'no'} | `{shown}` | {count} | {where} |")
    return "\n".join(lines)


def _kind(finding: Finding) -> str:
    """The opening tag of the element, short: the same kind on several pages makes one row."""
    return finding.html.partition(">")[0][:90] + ">"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
