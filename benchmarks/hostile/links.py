"""Addresses of every page with absurd values for all that it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from urllib.parse import urlencode

from pages.ui.architecture_explorer.state import ExplorerLink
from pages.ui.classroom.state import ClassroomLink
from pages.ui.common.links import Link
from pages.ui.common.navigation import STOPS
from pages.ui.datasets.state import DatasetsLink
from pages.ui.experiments.state import ExperimentsLink
from pages.ui.feature_extraction.state import FeatureExtractionLink
from pages.ui.fine_tuning.state import FineTuningLink
from pages.ui.live_prediction.state import LivePredictionLink
from pages.ui.museum.state import MuseumLink

LINKS: Mapping[str, type[Link]] = {
    "architecture_explorer": ExplorerLink,
    "datasets": DatasetsLink,
    "feature_extraction": FeatureExtractionLink,
    "fine_tuning": FineTuningLink,
    "live_prediction": LivePredictionLink,
    "experiments": ExperimentsLink,
    "museum": MuseumLink,
    "classroom": ClassroomLink,
}
ABSURD = (
    *("", " ", "-1", "0", "1", "2", "-0", "999999999999999999999", "1" * 400, "1e308", "-1e-320", "nan", "inf", "0x10"),
    *(
        "../../../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "C:\\boot.ini",
        "a\0b",
        "%00",
        "\r\nSet-Cookie: a=b",
    ),
    *("<script>alert(1)</script>", "![x](http://example.org/x)", "{x.__class__}", "%s%s%s%n", "$(id)", "' OR 1=1 --"),
    *("[]", "{}", "null", "None", "true", "[" * 500, "١٢٣", "\u202eabc", "🦙" * 40, "A" * 4_000, "é" * 200, "🦙\ud83e"),
)


def bad_links(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many: page and query, all pages in turn; each parameter has an absurd value, or none."""
    pages = [stop.url_path for stop in STOPS]
    for number in range(count):
        page, random = pages[number % len(pages)], Random(f"{seed} link {number}")
        names = [*(LINKS[page].model_fields if page in LINKS else ()), "unknown", "lang"]
        chosen = [(name, random.choice(ABSURD)) for name in names if random.random() < 0.7]
        chosen += [(random.choice(names), random.choice(ABSURD))] if random.random() < 0.3 else []  # one twice
        yield page, urlencode(chosen, errors="surrogatepass")
