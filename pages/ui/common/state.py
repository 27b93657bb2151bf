"""Keys of the session state: what one is, and those of the whole app. A page's own are in its `state.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import streamlit as st

from tlcore.architectures import PROPOSED_BASE

if TYPE_CHECKING:
    from tlcore.engine.tasks.datasets import DatasetPreview

T = TypeVar("T")


@dataclass(frozen=True)
class Key(Generic[T]):
    """One value of the session.

    Attributes:
        name: "<page>.<name>", also the key of the widget that sets it, if one does.
        default: Value before anything was chosen; never mutable.
    """

    name: str
    default: T

    def get(self) -> T:
        value: T = st.session_state.get(self.name, self.default)
        return value

    @property
    def is_set(self) -> bool:
        """Whether this session has a value of its own."""
        return self.name in st.session_state

    def set(self, value: T) -> None:
        st.session_state[self.name] = value

    def widget(self, options: Any = None) -> str:
        """Name for a widget's `key=`: makes sure that a value is there, and that it is one of `options`."""
        if self.name not in st.session_state:
            st.session_state[self.name] = self.default
        if options is not None and st.session_state[self.name] not in options:
            st.session_state[self.name] = next(iter(options), None)
        return self.name


APP_LANGUAGE: Key[str | None] = Key("app.language", None)
APP_RUN_SHOWN: Key[str | None] = Key("app.run_shown", None)
APP_LANGUAGE_SWITCH: Key[str | None] = Key("app.language_switch", None)
APP_OWNER: Key[str | None] = Key("app.owner", None)
APP_OWNER_WRITTEN: Key[bool] = Key("app.owner_written", False)  # the browser came with its cookie
APP_RESTORED: Key[bool] = Key("app.restored", False)
APP_ROUTED: Key[bool] = Key("app.routed", False)
APP_LINKED: Key[frozenset[str]] = Key("app.linked", frozenset())  # pages to which this run has drawn a way
APP_SENT_TO_ROUTER: Key[bool] = Key("app.sent_to_router", False)
# Page -> when a link to it was refused in part, and in which words.
APP_URL_REFUSED: Key[dict[str, tuple[float, list[str]]]] = Key("app.url_refused", {})
APP_URL_SEEN: Key[dict[str, Any]] = Key("app.url_seen", {})
APP_URL_LEFT: Key[dict[str, Any]] = Key("app.url_left", {})
APP_NETWORK_TO_OPEN: Key[str | None] = Key("app.network_to_open", None)  # said by one page to the next
APP_BASE: Key[str] = Key("app.base", PROPOSED_BASE)  # in use, on whichever page it was chosen
APP_PAGE_TO_OPEN: Key[str | None] = Key("app.page_to_open", None)
APP_LINK_TO_OPEN: Key[dict[str, str]] = Key("app.link_to_open", {})  # what its URL says then
APP_AWAITED: Key[tuple[str, ...]] = Key("app.awaited", ())  # parts of a page that are to be shown when they come
APP_PARTS_SHOWN: Key[int] = Key("app.parts_shown", 0)

# The chosen images: the datasets page chooses them, every other page uses them.
DATASETS_JOB: Key[str | None] = Key("datasets.job", None)
DATASETS_CHOSEN: Key[DatasetPreview | None] = Key("datasets.chosen", None)


def job_key(tag: str) -> Key[str | None]:
    """Where a page looks for a job: its tag is the name of that key."""
    return Key(tag, None)


def accuracy_guess_key(page: str) -> Key[int | None]:
    """How many of 100 test images the person thinks the network of a page will name right."""
    return Key(f"{page}.accuracy_guess", None)


@dataclass(frozen=True)
class MatrixKeys:
    """What a page remembers of the images behind the numbers of a result.

    Attributes:
        cell: The chosen cell of the matrix, or the mistakes.
        confusion: What Streamlit keeps of a click on the matrix.
        clicked: The cell that was clicked last.
        images: The run and the cell whose images were asked for.
        job: That fetches them.
    """

    cell: Key[str | None]
    confusion: Key[Any]
    clicked: Key[str | None]
    images: Key[tuple[str, str] | None]
    job: Key[str | None]


def matrix_keys(page: str) -> MatrixKeys:
    """Of a page that shows a result."""
    return MatrixKeys(
        Key(f"{page}.cell", None),
        Key(f"{page}-confusion", None),
        Key(f"{page}.clicked", None),
        Key(f"{page}.cell_images", None),
        Key(f"{page}.cell_images_job", None),
    )
