"""Preset, base, images, all settings of a run, and the buttons that start and stop it."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.controls import DROPOUTS, RATES, base_control, choose_number, choose_one, select_one, setting_input
from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import is_running, job_of, start
from pages.ui.common.quick_sets import QUICK_SETS
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB
from pages.ui.fine_tuning import state as keys
from pages.ui.fine_tuning.job import asked_spec, go_on_training, images_are_elsewhere, one_more, rows_of, start_training
from pages.ui.fine_tuning.settings import FineTuningState, method_summary, method_title
from tlcore.architectures import get_architecture
from tlcore.architectures.catalog import has_batch_norm
from tlcore.engine import JobView
from tlcore.engine.tasks.datasets import DatasetPreview
from tlcore.training import get_method, list_methods

#: The five steps of the lecture first: they hold the other ways.
_METHODS = sorted(list_methods(), key=lambda name: not get_method(name).fine_tunes)


def preset_control() -> None:
    """The ways to transfer, as buttons; what the chosen one does is said below the button that starts it."""
    if not keys.CONTROLS.get():
        st.markdown(f"**{method_title(keys.METHOD.get())}**")
        return
    choose_one(_("Way of training"), {name: method_title(name) for name in _METHODS}, keys.METHOD)


def way_in_words() -> None:
    """What the chosen way of training does."""
    if keys.CONTROLS.get():
        st.caption(method_summary(keys.METHOD.get()), help=_(get_method(keys.METHOD.get()).teaching_note))


def quick_images(data: DatasetPreview | None) -> None:
    """Two small ready sets at one click, where no images were chosen yet."""
    if data is None and not is_running(job_of(DATASETS_JOB)):
        with st.container(horizontal=True):
            titles = {"helmets": _("Take 400 drawn hard hats"), "digits": _("Take 120 digits")}
            for name, title in titles.items():
                st.button(
                    title,
                    key=f"fine_tuning.quick.{name}",
                    icon=":material/bolt:",
                    type="primary" if name == "helmets" else "secondary",
                    on_click=_take,
                    args=(name,),
                )


def _take(name: str) -> None:
    """Callback: one of the small ready sets."""
    start(DATASETS_JOB, "preview_dataset", {"data": QUICK_SETS[name]})


def settings_controls() -> None:
    """Base, epochs and everything else, folded away: the lecture's values to begin with."""
    title = _("Settings: {base}, {epochs} + {fine} epochs, and all others").format(
        base=_(get_architecture(keys.BASE.get()).title),
        epochs=number(keys.EPOCHS.get()),
        fine=number(keys.FINE_EPOCHS.get()),
    )
    with st.expander(title, icon=":material/tune:", key="fine_tuning-settings"):
        base_control(keys.BASE, keys.WEIGHTS)
        if not keys.CONTROLS.get():
            return
        left, right = st.columns(2)
        setting_input(_("Epochs for the head (step 3)"), "epochs", keys.EPOCHS, container=left)
        setting_input(_("Epochs of fine-tuning (step 5)"), "fine_tuning_epochs", keys.FINE_EPOCHS, container=right)
        _rates()
        _head()
        _course()
        _machine()


def _rates() -> None:
    first, second, third = st.columns(3)
    choose_number(first, _("Learning rate of the head"), RATES, keys.RATE)
    choose_number(second, _("Learning rate of fine-tuning"), RATES, keys.FINE_RATE)
    names = {"rmsprop": "RMSprop", "adam": "Adam", "sgd": "SGD"}
    select_one(_("Optimizer"), names, keys.OPTIMIZER, container=third)


def _head() -> None:
    columns = st.columns(4)
    columns[0].text_input(
        _("Units of the dense layers"),
        key=keys.HEAD.widget(),
        persist_state="session",
        help=_("One number a layer, with commas: 256, 64. Empty for none."),
    )
    choose_number(columns[1], _("Dropout"), (*DROPOUTS, 0.95), keys.DROPOUT)
    titles = {"flatten": _("Flatten, as in the lecture"), "average": _("mean over the positions")}
    select_one(_("Features to the head"), titles, keys.POOLING, container=columns[2])
    setting_input(_("L2 penalty"), "l2", keys.L2, container=columns[3], step=0.001, format="%g")


def _course() -> None:
    columns = st.columns(4)
    setting_input(_("Batch size"), "batch_size", keys.BATCH, container=columns[0])
    schedules = {"constant": _("constant"), "cosine": _("cosine, down to zero")}
    select_one(_("Learning rate over time"), schedules, keys.SCHEDULE, container=columns[1])
    columns[2].number_input(
        _("Early stopping after"),
        0,
        key=keys.PATIENCE.widget(),
        persist_state="session",
        help=_("Epochs without a better validation loss before a phase ends; 0 runs them all."),
    )
    setting_input(_("Seed"), "seed", keys.SEED, container=columns[3])


def _machine() -> None:
    left, right = st.columns(2)
    with left:
        st.toggle(_("A rare class weighs more"), key=keys.CLASS_WEIGHTS.widget(), persist_state="session")
        st.toggle(
            _("Augmentation: random flips, shifts and zooms"),
            key=keys.AUGMENTATION.widget(),
            persist_state="session",
        )
    with right:
        titles = {"float32": "float32", "bfloat16": "bfloat16", "auto": _("the faster one, measured")}
        select_one(_("Precision of the frozen part"), titles, keys.PRECISION)
        if has_batch_norm(keys.BASE.get()):
            titles = {"inference": _("of the base, kept"), "training": _("of each batch: set free")}
            select_one(_("Means and variances of BatchNormalization"), titles, keys.BATCH_NORM)
        st.toggle(
            _("Run the frozen part once per image and keep its output"),
            key=keys.CACHE.widget(),
            persist_state="session",
            disabled=keys.AUGMENTATION.get(),
            help=_("Augmentation changes each image in each epoch, so nothing could be kept."),
        )


def run_buttons(state: FineTuningState, view: JobView | None, *, blocked: bool) -> None:
    """Start, and once there is a run, one more epoch and go on; Stop is beside the curves."""
    busy, rows, spec = is_running(view), rows_of(view), asked_spec()
    st.button(
        _("Start"),
        type="secondary" if state.data is None else "primary",  # first the images, whose button is the other one
        icon=":material/play_arrow:",
        disabled=blocked or busy,
        on_click=_start,
        key="fine_tuning.start",
    )
    if view is None:
        return
    more = st.button(
        _("One more epoch"),
        icon=":material/plus_one:",
        disabled=blocked or busy or not rows or images_are_elsewhere(),
        key="fine_tuning.more",
    )
    if more and spec is not None:
        go_on_training(one_more(spec, rows), view, more=True)
        st.rerun()
    stopped = view.result is not None and view.result.stopped
    if stopped and st.button(_("Continue"), icon=":material/resume:", disabled=busy, key="fine_tuning.continue"):
        go_on_training(spec or state.spec, view)
        st.rerun()


def again_buttons(view: JobView | None, *, blocked: bool) -> None:
    """A run from the beginning, with the same or a new seed; nothing before the first run."""
    if view is None:
        return
    disabled = blocked or is_running(view)
    with st.container(horizontal=True, key="fine_tuning-again"):
        st.button(
            _("Again, same seed"),
            icon=":material/restart_alt:",
            disabled=disabled,
            on_click=_start,
            key="fine_tuning.reset",
            help=_("Trains anew from the same random head. The run before stays in the table below."),
        )
        st.button(
            _("Again, new initialisation"),
            icon=":material/casino:",
            disabled=disabled,
            on_click=_new_seed,
            key="fine_tuning.new_seed",
            help=_("The next seed: another random head. The run before stays in the table below."),
        )


def _start() -> None:
    """Callback: the job is on its way before the page is drawn; from the widgets as they are at the click."""
    state = FineTuningState.of_widgets(DATASETS_CHOSEN.get())
    if state.data is not None and not state.missing():
        start_training(state, state.spec)


def _new_seed() -> None:
    """Callback: the same settings with the next seed."""
    keys.SEED.set(keys.SEED.get() + 1)
    _start()
