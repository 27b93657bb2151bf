"""The lesson's pages in their order, for the router, the home page and the links between pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.ui.common.document import configure_page
from pages.ui.common.i18n import _
from pages.ui.common.state import APP_LINK_TO_OPEN, APP_LINKED, APP_PAGE_TO_OPEN, APP_ROUTED, APP_SENT_TO_ROUTER
from tlcore.translatable import N_


@dataclass(frozen=True)
class Stop:
    """One page of the lesson. `title` and `summary` are translatable."""

    path: str
    url_path: str
    icon: str
    title: str
    summary: str


STOPS = (
    Stop("pages/home.py", "home", ":material/home:", N_("Home"), N_("What this is and where to start.")),
    Stop(
        "pages/architecture_explorer.py",
        "architecture_explorer",
        ":material/account_tree:",
        N_("Architecture explorer"),
        N_("Every layer of the classic networks: shape, parameters and where the numbers come from."),
    ),
    Stop(
        "pages/datasets.py",
        "datasets",
        ":material/photo_library:",
        N_("Datasets"),
        N_("Choose a ready set of images or bring your own, and look at what the network will learn from."),
    ),
    Stop(
        "pages/feature_extraction.py",
        "feature_extraction",
        ":material/filter_alt:",
        N_("Feature extraction"),
        N_("Run a base once over every image, then train the lecture's dense head on what it saw."),
    ),
    Stop(
        "pages/fine_tuning.py",
        "fine_tuning",
        ":material/model_training:",
        N_("Freeze and fine-tune"),
        N_("Put a head on the base, freeze it, train, unfreeze the last layers, retrain: the lecture's five steps."),
    ),
    Stop(
        "pages/live_prediction.py",
        "live_prediction",
        ":material/photo_camera:",
        N_("Live prediction"),
        N_("Show the trained network a photo of yours and see what it says, and where it looked."),
    ),
    Stop(
        "pages/experiments.py",
        "experiments",
        ":material/science:",
        N_("Experiments"),
        N_("Every claim of the lecture as a button that measures it, on your images or on a ready set."),
    ),
    Stop(
        "pages/museum.py",
        "museum",
        ":material/bug_report:",
        N_("Bug museum"),
        N_("Fourteen programs that run and are wrong: name the symptom, point at the line, run the mended one."),
    ),
    Stop(
        "pages/classroom.py",
        "classroom",
        ":material/groups:",
        N_("Class"),
        N_("A whole class measures one claim together: each a run of their own, and one answer that grows."),
    ),
)


def lesson_pages() -> list[st.Page]:
    """Pages for `st.navigation`; the first is the default."""
    return [
        st.Page(
            stop.path,
            title=_(stop.title),
            icon=stop.icon,
            url_path=stop.url_path,
            default=number == 0,
            help=_(stop.summary),
        )
        for number, stop in enumerate(STOPS)
    ]


def route() -> st.Page:
    """The page that the URL asks for; called by the router only."""
    APP_ROUTED.set(True)
    APP_LINKED.set(frozenset())
    return st.navigation(lesson_pages())


def next_link(page: st.Page) -> None:
    """At the end of a page, the way to the one that follows it in the lesson, unless the page has shown one."""
    index = next((index for index, stop in enumerate(STOPS) if stop.url_path == page.url_path), 0)
    following = STOPS[index + 1] if index + 1 < len(STOPS) else None
    if following is not None and following.url_path not in APP_LINKED.get():
        link_to(following.url_path, _("Next in the lesson: **{title}**").format(title=_(following.title)))


def leads_to(url_path: str) -> None:
    """Says that the page shows a way to another one, so that no second one is drawn."""
    APP_LINKED.set(APP_LINKED.get() | {url_path})


def require_router() -> None:
    """Sends a page that was started without the router through it.

    Until `st.navigation` was called once, a server that finds a `pages` folder runs the page of the very first link
    directly. Calling it here tells the server, and the run after that goes through `app.py`. Once a session: whoever
    runs a page without a server (Streamlit's test runner) would otherwise lose each click to the run after it.
    """
    if not APP_ROUTED.get() and not APP_SENT_TO_ROUTER.get():
        APP_SENT_TO_ROUTER.set(True)
        configure_page()  # else the browser asks a font host for the icon of the page
        st.navigation(lesson_pages())
        st.rerun()
    APP_ROUTED.set(False)  # said anew in every run


def ask_for_page(url_path: str, link: Mapping[str, str] | None = None) -> None:
    """For callbacks: this run goes to another page, with what its URL is to say."""
    APP_PAGE_TO_OPEN.set(url_path)
    APP_LINK_TO_OPEN.set(dict(link or {}))


def open_page_asked_for(present: st.Page) -> None:
    """In every run: goes to the page that a button has asked for, unless it is the present one as it is."""
    page, link = APP_PAGE_TO_OPEN.get(), APP_LINK_TO_OPEN.get()
    APP_PAGE_TO_OPEN.set(None)
    if page is not None and (page != name_of(present) or link):
        st.switch_page(f"pages/{page}.py", query_params=link or None)


def name_of(page: st.Page) -> str:
    """What `Stop.url_path` calls a page; Streamlit calls the first one ""."""
    return page.url_path or STOPS[0].url_path


def link_to(url_path: str, label: str | None = None) -> None:
    """A link to another page of the lesson."""
    stop = next(stop for stop in STOPS if stop.url_path == url_path)
    leads_to(url_path)
    st.page_link(stop.path, label=label or _(stop.title), icon=stop.icon)
