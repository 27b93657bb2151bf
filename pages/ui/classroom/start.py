"""Without a class on the screen: join one, open one, or go back to one's own."""

from __future__ import annotations

import streamlit as st

from pages.ui.classroom.acts import act, go_to
from pages.ui.classroom.state import BASE, CODE, DATASET, EXPERIMENT, HIDDEN, SHARED_IMAGES, TYPED_CODE
from pages.ui.classroom.words import claim_of, control_titles
from pages.ui.common.controls import choose_number, choose_one, select_one
from pages.ui.common.i18n import _
from pages.ui.common.owner import owner
from pages.ui.common.weights import source_of
from tlcore.architectures import get_architecture, list_architectures
from tlcore.classroom import HIDEABLE, ClassPlan, ClassStore, class_claims
from tlcore.datasets import get_dataset_spec, list_datasets
from tlcore.experiments import ExperimentSpec, get_experiment
from tlcore.weights import usual_weights

_POOLS = (300, 600, 1200, 2400)


def start_section() -> str:
    """Both doors, the students' first; returns the code of the claim that a teacher would open a class for."""
    door, desk = st.columns(2, gap="large")
    with door.container(border=True):
        _join()
        _own_classes()
    with desk.container(border=True):
        spec = _open()
    return spec.code(spec.defaults)


def _join() -> None:
    st.header(_("Join a class"), anchor=False)
    with st.form("classroom.door", border=False):
        st.text_input(_("Code on the teacher's screen"), key=TYPED_CODE.widget(), max_chars=40, autocomplete="off")
        st.form_submit_button(
            _("Go to the class"), type="primary", icon=":material/login:", on_click=_go_to_typed, key="classroom.go"
        )


def _go_to_typed() -> None:
    go_to(TYPED_CODE.get())


def _own_classes() -> None:
    """Those that this browser leads: a teacher who closed the laptop finds them here."""
    classes = ClassStore().classes_of(owner())
    if not classes:
        return
    st.markdown("**" + _("Classes that you lead") + "**")
    for classroom in classes:
        label = f"{classroom.code} · {_(claim_of(classroom).title)}"
        key = f"classroom.own.{classroom.code}"
        st.button(label, icon=":material/co_present:", key=key, on_click=go_to, args=(classroom.code,))


def _open() -> ExperimentSpec:
    st.header(_("Open a class"), anchor=False)
    claims = {spec.name: _(spec.title) for spec in class_claims()}
    select_one(_("Claim"), claims, EXPERIMENT)
    spec = get_experiment(EXPERIMENT.get())
    choose_one(_("Images"), _images_for(spec), DATASET)
    select_one(_("Base (rna_base)"), _bases(), BASE)
    choose_number(st, _("Images that the class shares; each run draws a sixth"), _POOLS, SHARED_IMAGES)
    titles = control_titles()
    st.pills(
        _("Students do not see"),
        HIDEABLE,
        selection_mode="multi",
        format_func=titles.__getitem__,
        key=HIDDEN.widget(),
        persist_state="session",
    )
    st.button(_("Open the class"), type="primary", icon=":material/groups:", key="classroom.open", on_click=_begin)
    st.caption(_("Only this browser leads the class. It ends by itself after a day, with all names and guesses in it."))
    return spec


def _begin() -> None:
    plan = ClassPlan(
        experiment=EXPERIMENT.get(),
        dataset=DATASET.get(),
        base=BASE.get(),
        weights=usual_weights(BASE.get()),
        pool=int(SHARED_IMAGES.get()),
        hidden=tuple(HIDDEN.get() or ()),
    )
    code = act(ClassStore().open, owner(), plan)
    if code is not None:
        CODE.set(code)


def _images_for(spec: ExperimentSpec) -> dict[str, str]:
    """Ready sets whose images are here and on which the claim makes sense."""
    names = [name for name in list_datasets() if name not in spec.excluded and get_dataset_spec(name).is_available]
    return {name: _(get_dataset_spec(name).title) for name in names}


def _bases() -> dict[str, str]:
    """Networks whose trained weights are here, with the classifier that claims compare with."""
    sources = {name: source_of(name, usual_weights(name), include_top=True) for name in list_architectures()}
    here = [
        name for name, source in sources.items() if source is not None and source.here and source.weights != "random"
    ]
    return {name: _(get_architecture(name).title) for name in here}
