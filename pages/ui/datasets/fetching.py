"""A public set that is not on this server yet: what it is, whether it can be had, and the button that fetches it."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from pages.ui.common.i18n import _, number
from pages.ui.common.jobs import answer_to, is_running, job_of, progress_bar, start, watch
from pages.ui.datasets.state import CHECK_ASKED, check_key, fetch_key
from tlcore.datasets.specification import DatasetSpec, Download

_MEGABYTE = 10**6
_WAIT_S = 1.0  # for an answer of the server that has it, before the page is drawn without


def fetch_form(spec: DatasetSpec, wanted: Download) -> None:
    """Whether the set can be had is found out here; where not, the reason stands in the button's place."""
    fetching = watch(fetch_key(spec.name), progress_bar)
    if not is_running(fetching):
        if answer_to(check_key(spec.name), CHECK_ASKED, "check_dataset", {"name": spec.name}, wait_s=_WAIT_S):
            st.button(
                _("Fetch these images ({size} MB)").format(size=number(round(wanted.num_bytes / _MEGABYTE))),
                type="primary",
                icon=":material/download:",
                key="datasets.fetch",
                on_click=_fetch,
                args=(spec.name,),
            )
        elif not is_running(job_of(check_key(spec.name))):
            st.button(
                _("Ask again"),
                icon=":material/refresh:",
                key="datasets.ask_again",
                on_click=CHECK_ASKED.set,
                args=("",),
            )
    st.caption(
        _("{size} MB from {host}, fetched once for everybody on this server. Licence: {licence}.").format(
            size=number(round(wanted.num_bytes / _MEGABYTE)),
            host=urlsplit(wanted.files[0].url).hostname,
            licence=_(spec.licence),
        )
    )


def _fetch(name: str) -> None:
    """Callback: the images are on their way."""
    start(fetch_key(name), "fetch_dataset", {"name": name})
