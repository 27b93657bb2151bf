"""Images: a ready set or one's own, and what is in it."""

from __future__ import annotations

import streamlit as st

from pages.ui.common.code import code_panel
from pages.ui.common.dataset_line import take_up_images
from pages.ui.common.focus import arrived
from pages.ui.common.i18n import _
from pages.ui.common.jobs import is_running, progress_bar, watch
from pages.ui.common.messages import Stage, old_mark, page_head, status_line
from pages.ui.common.navigation import link_to
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB
from pages.ui.common.url import read_url, write_url
from pages.ui.datasets.code import chosen_images_code
from pages.ui.datasets.forms import ready_form
from pages.ui.datasets.own_images import upload_form
from pages.ui.datasets.sources import choose_source
from pages.ui.datasets.state import KEYS, SHOWN, UPLOAD, DatasetsLink, ready_reference
from pages.ui.datasets.view import dataset_view

page_head(
    _("Datasets"),
    _("Choose what the network learns from: a ready set, or photographs of your own."),
    ["images"],
)
read_url("datasets", DatasetsLink, KEYS)

source = choose_source()
if source == UPLOAD:
    upload_form()
else:
    ready_form(source)

view = watch(DATASETS_JOB, progress_bar)
take_up_images()
chosen = DATASETS_CHOSEN.get()
stage: Stage = "preparing" if is_running(view) else "done" if chosen else "needs data"
status_line(stage, trains=False)

if chosen is not None:
    with st.container(key=SHOWN):
        if view is None or view.state == "done":  # what was refused is said above
            arrived(SHOWN)
        old_mark(stale=chosen.reference.name == source and chosen.reference != ready_reference(source))
        link_to("feature_extraction", "**" + _("Train with these images") + "**")
        dataset_view(chosen)
code_panel(chosen_images_code())
write_url("datasets", KEYS)
