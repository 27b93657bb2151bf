"""Sentences around the widgets: purpose, what is missing, errors, what to notice, what the lecture says."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from string import Formatter
from typing import Any, Literal

import streamlit as st

from pages.ui.common.i18n import _, in_full, language, number, separators
from pages.ui.common.navigation import require_router
from pages.ui.common.network_figure import Part, network_figure
from tlcore.errors import TransferLearningError
from tlcore.files import storage_error
from tlcore.settings import get_settings
from tlcore.translatable import N_
from tlcore.translations import SOURCE

logger = logging.getLogger(__name__)

Stage = Literal["needs data", "preparing", "training", "done"]


def page_head(title: str, purpose: str, lit: Collection[Part] = (), *, trained: int = 0) -> None:
    """Title, the purpose of the page in a sentence, and the figure of the lesson with the page's part lit.

    Args:
        title: Of the page.
        purpose: What there is to do, which comes next.
        lit, trained: As in `network_figure`; without `lit`, no figure.
    """
    require_router()
    if not lit:
        st.title(title, anchor=False)
        st.markdown(purpose)
        return
    words, figure = st.columns([5, 4], vertical_alignment="center", gap="medium")
    with words:
        st.title(title, anchor=False)
        st.markdown(purpose)
    with figure:
        network_figure(lit, trained=trained)


def lecture_says(claim: str) -> None:
    """A claim of the lecture; beside what shows it."""
    st.markdown("> :material/school: **" + _("The lecture says") + f":** {claim}")


def translate(template: str, params: dict[str, Any]) -> str:
    """A template of `tlcore` in the language in use, with its values."""
    return _Localized().vformat(_(template), (), params)


class _Localized(Formatter):
    """Writes numbers with the language's separators and lists of names without Python's brackets."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, TransferLearningError):  # the reason within a sentence
            return error_text(value)
        if isinstance(value, list | tuple) and value and all(isinstance(item, str) for item in value):
            return ", ".join(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return str(super().format_field(value, format_spec))
        if not format_spec:
            return number(value) if isinstance(value, int) and abs(value) >= 10_000 else in_full(value)
        text = str(super().format_field(value, format_spec))
        return text.replace(".", separators()[0])


def error_text(error: TransferLearningError) -> str:
    """The error's sentence, in it the names that people gave their files as they are, whatever Markdown they hold."""
    return reason_text(error.template, error.params)


def reason_text(template: str, params: dict[str, Any]) -> str:
    """A template of `tlcore` for Markdown, in it the names that people gave their files as they are."""
    shown = {name: _unformatted(value) if isinstance(value, str) else value for name, value in params.items()}
    return translate(template, shown)


def _unformatted(text: str) -> str:
    """Without links, formulas and the like; less than `as_plain_text`, since templates put code into back quotes."""
    return re.sub(r"([*\[\]$~<])", r"\\\1", text)


def takeaway_line(text: str) -> None:
    """One sentence on what a picture shows; names in it are shown as they are."""
    st.markdown(f"**{_unformatted(text)}**")


def guess_outcome(sentence: str, *, right: bool) -> None:
    """What became of a guess, marked but not graded."""
    st.markdown(f":material/{'check_circle' if right else 'edit'}: {sentence}")


def number_guess(guess: int | None, computed: int) -> None:
    """What became of a guessed number that is known exactly; nothing where none was guessed."""
    if guess is not None:
        right = guess == computed
        text = _("Your guess, {guess}, is exactly right.") if right else _("Your guess was {guess}.")
        guess_outcome(text.format(guess=number(guess)), right=right)


def show_error(error: TransferLearningError) -> None:
    """A person's mistake or a failed job, as a sentence that says how to go on."""
    st.error(error_text(error), icon=":material/error:")


def say_that_it_failed() -> None:
    """A fault of the program, of which visitors see no more than this."""
    st.error(
        _("Something went wrong here that is not your fault. Load the page again; what you have made is kept."),
        icon=":material/error:",
    )


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Around a page: what nobody else caught, a disk that is full for example, is said as a sentence."""
    try:
        yield
    except TransferLearningError as error:
        show_error(error)
    except OSError as error:
        logger.exception("A page met an error of the disk")
        show_error(storage_error(error))


def show_missing(missing: Iterable[str]) -> bool:
    """Lists what has to be done before the button below it enables; True if anything is missing."""
    sentences = list(missing)
    if sentences:
        st.warning(" ".join(sentences), icon=":material/arrow_forward:")
    return bool(sentences)


def always_in_sight(page: str) -> Any:
    """A row for the buttons that a page is about: at the bottom edge of the window while its place lies further down.

    Args:
        page: Whose buttons these are. Call it on the page itself, in no container.
    """
    return st.container(horizontal=True, vertical_alignment="center", key=f"{page}-always-in-sight")


def status_line(stage: Stage, *, trains: bool = True, stale: bool = False) -> None:
    """needs data -> preparing -> training -> done, as words with a mark on the present one.

    Args:
        stage: The present one.
        trains: Whether the page trains at all.
        stale: Whether settings have changed since the result was made.
    """
    names: dict[Stage, str] = {
        "needs data": _("needs data"),
        "preparing": _("preparing"),
        "training": _("training"),
        "done": _("done"),
    }
    order = [name for name in names if trains or name != "training"]
    parts = [_stage(names[name], present=name == stage) for name in order]
    if stale:
        parts.append(":orange-badge[:material/history: " + _("stale: settings have changed since") + "]")
    st.markdown(" → ".join(parts))


def _stage(name: str, *, present: bool) -> str:
    if present:
        return f":green-badge[:material/radio_button_checked: **{name}**]"
    return f":gray[{name}]"


def old_mark(*, stale: bool) -> None:
    """Above a result that no longer fits what the page says: nothing is thrown away, and nothing passes for new."""
    if stale:
        st.warning(_("An old result: the images or settings above have changed since."), icon=":material/history:")


def notice(text: str) -> None:
    """What to look at; beside the result or the step that shows it."""
    st.markdown(":material/visibility: **" + _("What to notice") + f".** {text}")


def privacy_note() -> None:
    """Said wherever images are uploaded."""
    st.caption(
        ":material/lock: "
        + _(
            "Your images go to this server and nowhere else. They are deleted {hours} hours after you last used them, "
            "or at once on the page Datasets. Only this browser can open them."
        ).format(hours=number(get_settings().expiry_s / 3600))
    )


def photo_note() -> None:
    """Said where one photo is shown to a network."""
    st.caption(
        ":material/lock: "
        + _(
            "The photo goes to this server and nowhere else. It stays in its memory, is not written to its disk, and "
            "is forgotten {hours} hours later at the latest. Only this browser sees the answer."
        ).format(hours=number(get_settings().expiry_s / 3600))
    )


def frozen_note() -> None:
    """Said beside a camera that runs, whose frames have a note of their own."""
    st.caption(
        ":material/lock: "
        + _(
            "A frame that you freeze goes to this server and nowhere else. It stays in its memory, is not written to "
            "its disk, and is forgotten {hours} hours later at the latest. Only this browser sees the answer."
        ).format(hours=number(get_settings().expiry_s / 3600))
    )


def photos_note() -> None:
    """Said where many photos are shown to a network, which come by the disk."""
    st.caption(
        ":material/lock: "
        + _(
            "The photos go to this server and nowhere else. They are deleted from its disk as soon as they have been "
            "looked at; small pictures of them stay in its memory beside the answers and are forgotten {hours} hours "
            "later at the latest. Only this browser sees them."
        ).format(hours=number(get_settings().expiry_s / 3600))
    )


def kept_photos_note() -> None:
    """Said where many photos come by the disk and are looked into one by one."""
    st.caption(
        ":material/lock: "
        + _(
            "The photos go to this server and nowhere else. Once they have been looked at, only what the network saw "
            "of them stays on its disk, so that you can open each: until the next photos, at most {hours} hours after "
            "you last opened one, or until you delete your images on the page Datasets. Only this browser sees them."
        ).format(hours=number(get_settings().expiry_s / 3600))
    )


def uploader_note() -> None:
    """Streamlit's own words inside the widget cannot be translated; say them beside it."""
    st.caption(_("Drag files onto the box, or press its button to choose them."))


# What Streamlit itself writes on these pages, in English whatever the language.
_BUILT_IN = (
    N_("System"),
    N_("Light"),
    N_("Dark"),
    N_("Press Enter to apply"),
    N_("Upload"),
    N_("per file"),
    N_("Take Photo"),
    N_("Clear photo"),
    N_("No results"),
    N_("Search"),
    N_("Fullscreen"),
    N_("Download as CSV"),
    N_("Page not found"),
)


def built_in_words() -> None:
    """A small dictionary of the words that cannot be translated; nothing in English."""
    if language() == SOURCE:
        return
    with st.expander(_("English words on the screen"), icon=":material/translate:"):
        st.markdown("\n".join(f"- *{words}*: {_(words)}" for words in _BUILT_IN))


TAGS = Literal["measured", "computed", "published", "precomputed"]


def tag(kind: TAGS, detail: str = "") -> str:
    """Where a number comes from."""
    names = {
        "measured": _("measured here"),
        "computed": _("computed here"),
        "published": _("published"),
        "precomputed": _("precomputed"),
    }
    colours = {"measured": "green", "computed": "green", "published": "blue", "precomputed": "violet"}
    return f":{colours[kind]}-badge[{names[kind]}{': ' + detail if detail else ''}]"
