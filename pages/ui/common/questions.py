"""Questions that a person answers by choosing; each choice says why it is right, or what it overlooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import streamlit as st

from pages.ui.common.i18n import _
from pages.ui.common.lesson.progress import keep_answer, progress
from pages.ui.common.lesson.state import answer_key

_PLACES = ("page", "lesson")


@dataclass(frozen=True)
class Choice:
    """One answer that is offered. Both texts are translatable.

    Attributes:
        text: The answer.
        feedback: Why it is right, or what it overlooks.
        right: Whether it is the right one.
    """

    text: str
    feedback: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question that what has been shown lets one answer.

    Attributes:
        name: Under which the answer is kept.
        text: The question; translatable.
        choices: What is offered; one is right.
        values: What is put into the texts, ready to be shown.
    """

    name: str
    text: str
    choices: tuple[Choice, ...]
    values: Mapping[str, str] = field(default_factory=dict)

    def said(self, text: str) -> str:
        """One of its texts in the language in use, with its values."""
        return _(text).format(**self.values)

    def answered(self) -> Choice | None:
        """The choice that this person made last."""
        index = progress().answers.get(self.name)
        return self.choices[index] if index is not None and 0 <= index < len(self.choices) else None


def check_yourself(question: Question) -> None:
    """A question on a page, folded away; what is chosen is answered at once, and another try is free."""
    title = ":material/quiz: **" + _("Check yourself") + f".** {question.said(question.text)}"
    with st.expander(title, key=f"check-{question.name}"):
        ask(question, "page", titled=False)


def ask(question: Question, place: str, *, titled: bool) -> None:
    """The choices, and what there is to say of the chosen one.

    Args:
        question: What is asked.
        place: "page" or "lesson": one question may stand in both at once, and has one answer.
        titled: Whether the question stands above its choices; a screen reader hears it anyway.
    """
    key = answer_key(question.name, place)
    if key.get() is None and question.answered() is not None:
        key.set(progress().answers[question.name])
    offered = [question.said(choice.text) for choice in question.choices]
    st.radio(
        question.said(question.text),
        range(len(offered)),
        format_func=offered.__getitem__,
        index=None,
        key=key.name,
        persist_state="session",
        label_visibility="visible" if titled else "collapsed",
        on_change=_answer,
        args=(question.name, place),
    )
    choice = question.answered()
    if choice is None:
        return
    feedback = question.said(choice.feedback)
    if choice.right:
        st.success("**" + _("Right.") + f"** {feedback}", icon=":material/check_circle:")
    else:
        st.info("**" + _("Not quite.") + f"** {feedback}", icon=":material/lightbulb:")


def _answer(name: str, place: str) -> None:
    """Callback: the answer is kept, and is the same in every place where the question stands."""
    choice = answer_key(name, place).get()
    if choice is None:
        return
    keep_answer(name, choice)
    for other in _PLACES:
        answer_key(name, other).set(choice)
