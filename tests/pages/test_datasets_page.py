"""Images that people bring: what the page keeps of them, and the split that their folders name."""

from __future__ import annotations

import io
import zipfile

from streamlit.testing.v1 import AppTest

from pages.ui.datasets.found_split import names_in_zip


def _stored_on_a_press() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from pages.ui.common.uploads import let_go
    from pages.ui.datasets.state import UPLOADS_TAKEN, box_key

    file = st.file_uploader("photos", key=box_key("zip"))
    if st.button("store") and file is not None:
        UPLOADS_TAKEN.set(UPLOADS_TAKEN.get() + 1)
        let_go([file])
        st.rerun()
    context = get_script_run_ctx()
    st.text(len(context.uploaded_file_mgr.file_storage.get(context.session_id, {})))


def test_what_is_stored_is_not_kept_in_the_web_process() -> None:
    app = AppTest.from_function(_stored_on_a_press).run()
    app.file_uploader[0].upload("photos.zip", b"PK" * 1000, "application/zip").run()
    assert app.text[0].value == "1"
    app.button[0].click().run()
    assert not app.exception
    assert app.text[0].value == "0"
    assert not app.file_uploader[0].value


def _offered() -> None:
    import streamlit as st

    from pages.ui.datasets.found_split import keep_split_choice

    st.text(keep_split_choice(["x/Training/a/1.jpg", "x/Test/b/1.jpg", "__MACOSX/x/Training/a/._1.jpg"]))
    keep_split_choice(["a/1.jpg", "b/1.jpg"])


def test_a_split_that_folders_name_is_offered_to_be_kept() -> None:
    app = AppTest.from_function(_offered).run()
    assert not app.exception
    assert len(app.toggle) == 1
    assert "Test, Training" in app.toggle[0].label
    assert app.text[0].value == "False"
    app.toggle[0].set_value(True).run()
    assert app.text[0].value == "True"


def test_names_are_read_of_what_is_a_zip_alone() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("train/a/1.jpg", b"")
        archive.mkdir("test")
    assert names_in_zip(packed) == ["train/a/1.jpg"]
    assert names_in_zip(io.BytesIO(b"no ZIP")) == names_in_zip(None) == []
