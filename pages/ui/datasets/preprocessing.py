"""What the network gets to see of a photo, step by step, and what a wrong step does to its answer."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.class_words import class_word
from pages.ui.common.i18n import _, number, percent
from pages.ui.common.jobs import answer_to
from pages.ui.common.messages import tag
from pages.ui.common.museum_links import pieces_about
from pages.ui.common.pictures import LARGE, pictures
from pages.ui.common.questions import Choice, Question, check_yourself
from pages.ui.datasets.augmentation import augmentation_view
from pages.ui.datasets.labels import base_for_probes
from pages.ui.datasets.shown_photo import choose_photo
from pages.ui.datasets.state import PREPARATION_ASKED, PREPARATION_JOB
from tlcore.architectures import get_architecture
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.engine.tasks.seen import ChoiceAnswer, PreparationShown
from tlcore.translatable import N_

_WAIT_S = 1.5
_STEPS = {
    "file": N_("1. as in the file: {width} × {height}"),
    "upright": N_("2. upright: {width} × {height}"),
    "scaled": N_("3. scaled: {width} × {height}"),
    "cropped": N_("4. cropped: {width} × {height}"),
}
_CHOICES = {
    "right": N_("as it should be"),
    "lying": N_("not turned upright"),
    "squeezed": N_("squeezed, not cropped"),
    "bgr": N_("blue and red swapped"),
    "unit": N_("divided by 255 twice"),
    "raw": N_("not preprocessed"),
    "caffe": N_("preprocessed for VGG16"),
}

_WRONG_NUMBERS = Question(
    "datasets-seen",
    N_("Why does nothing break when the numbers are wrong?"),
    (
        Choice(
            N_("A network takes any numbers"),
            N_(
                "A network takes any numbers, and always gives an answer. Only the answer is worse: no error says so. "
                "That is why the preprocessing is part of the network in this lab."
            ),
            right=True,
        ),
        Choice(
            N_("Keras puts wrong numbers right"),
            N_("It does not: look at the ranges in the table. It computes with whatever it is given."),
        ),
        Choice(
            N_("The numbers do not matter much"),
            N_("Compare the answers in the table: some of them are another class altogether."),
        ),
    ),
)


def seen_view(data: DatasetPreview) -> None:
    """A photo on its way to the network, and augmented."""
    photo = choose_photo(data)
    if photo is None:
        return
    image, name = photo
    base, weights = base_for_probes()
    arguments = {"base": base, "weights": weights, "image": image, "file_name": name}
    shown: PreparationShown | None = answer_to(
        PREPARATION_JOB, PREPARATION_ASKED, "show_preparation", arguments, wait_s=_WAIT_S
    )
    if shown is not None:
        _steps(shown)
        _choices(shown)
    augmentation_view(image, name, data.image_size)


def _steps(shown: PreparationShown) -> None:
    st.subheader(_("From the file to the network"), anchor=False)
    captions = [_(_STEPS[each.step]).format(width=each.width, height=each.height) for each in shown.steps]
    pictures([each.png for each in shown.steps], captions, width=LARGE, key="datasets-steps")
    right = shown.answers[0]
    st.markdown(
        _(
            "Then each number is changed as {base} learned it: from 0 to 255 to {low} to {high}, colours in the order "
            "red, green, blue (means {means})."
        ).format(
            base=get_architecture(shown.base).title,
            low=number(right.low, 2),
            high=number(right.high, 2),
            means=_means(right),
        )
    )


def _choices(shown: PreparationShown) -> None:
    st.subheader(_("What a wrong step does to the answer"), anchor=False)
    captions = [f"{_(_CHOICES[each.choice])}: {_best(each)}" for each in shown.answers]
    pictures([each.png for each in shown.answers], captions, width=LARGE, key="datasets-choices")
    rows = [
        {
            _("prepared"): _(_CHOICES[each.choice]),
            _("numbers from … to"): f"{number(each.low, 2)} … {number(each.high, 2)}",
            _("means of the channels"): _means(each),
            _("the network says"): ", ".join(
                f"{class_word(said.class_name)} {percent(said.probability, 0)}" for said in each.predictions
            ),
        }
        for each in shown.answers
    ]
    st.table(rows)
    st.caption(
        tag("measured")
        + " "
        + _("The answers of {base} among its own {count} classes.").format(
            base=get_architecture(shown.base).title, count=number(get_architecture(shown.base).num_classes)
        )
    )
    check_yourself(_WRONG_NUMBERS)
    pieces_about("preprocessing_twice", "preprocessing_never", "preprocessing_of_another", "bgr", "exif")


def _best(answer: ChoiceAnswer) -> str:
    best = answer.predictions[0]
    return f"{class_word(best.class_name)} {percent(best.probability, 0)}"


def _means(answer: ChoiceAnswer) -> str:
    return "; ".join(number(mean, 2) for mean in answer.means)
