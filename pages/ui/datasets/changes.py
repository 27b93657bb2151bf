"""Changes to the chosen images: each is a job, its result the chosen set from then on, and there is a way back."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from pages.ui.common.class_words import task_word
from pages.ui.common.dataset_words import class_title
from pages.ui.common.i18n import _, as_plain_text, ngettext, number
from pages.ui.common.jobs import is_running, job_of, start
from pages.ui.common.state import DATASETS_JOB
from pages.ui.datasets.contact_sheet import SheetAction
from pages.ui.datasets.state import NEW_NAME, RENAMED
from tlcore.datasets.edits import DatasetEdit, DeleteImages, MoveImages, RenameClass
from tlcore.engine.tasks.datasets import DatasetPreview


def is_busy() -> bool:
    """Whether the images are being prepared or changed right now."""
    return is_running(job_of(DATASETS_JOB))


def change(data: DatasetPreview, edit: DatasetEdit, *, test_locked: bool = False) -> None:
    """Callback: asks for a change of the images as they are shown."""
    start(DATASETS_JOB, "edit_dataset", {"data": data.reference, "edit": edit, "test_locked": test_locked})


def edit_of(action: SheetAction, suggestions: Mapping[int, str]) -> DatasetEdit:
    """What a person did with some images of a sheet, as an edit.

    Args:
        action: What was done.
        suggestions: Class that is suggested for an image, by its number; where suggestions can be taken.
    """
    if action.action == "delete":
        return DeleteImages(indices=action.indices)
    if action.action == "accept":
        return MoveImages(indices=action.indices, class_names=tuple(suggestions[index] for index in action.indices))
    return MoveImages(indices=action.indices, class_names=(str(action.class_name),) * len(action.indices))


def class_words(data: DatasetPreview) -> dict[str, str]:
    """Name of a class, as edits have it, -> what it is called on the page."""
    return {data.class_titles[label]: class_title(data, label) for label in range(data.num_classes)}


def undo_line(data: DatasetPreview) -> None:
    """What was changed last, and the way back; nothing where nothing was changed."""
    if not data.edits:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="datasets-undo-line"):
        st.button(
            _("Undo"),
            icon=":material/undo:",
            key="datasets.undo",
            disabled=is_busy(),
            on_click=_undo,
            args=(data,),
        )
        count = ngettext("{count} change", "{count} changes", len(data.edits)).format(count=number(len(data.edits)))
        st.caption(_("{count}; the last: {change}").format(count=count, change=_in_words(data.edits[-1])))


def _undo(data: DatasetPreview) -> None:
    """Callback."""
    start(DATASETS_JOB, "undo_edit", {"data": data.reference})


def _in_words(edit: DatasetEdit) -> str:
    if isinstance(edit, RenameClass):
        names = {"old": task_word(edit.class_name), "new": task_word(edit.new_name)}
        return _("“{old}” is now “{new}”.").format(**{key: as_plain_text(name) for key, name in names.items()})
    count = len(edit.indices)
    if isinstance(edit, DeleteImages):
        text = ngettext("{count} image deleted.", "{count} images deleted.", count)
    else:
        text = ngettext("{count} image moved to another class.", "{count} images moved to another class.", count)
    return text.format(count=number(count))


def classes_form(data: DatasetPreview) -> None:
    """Folded away: another name for a class, or two classes made one."""
    titles = class_words(data)
    with st.expander(_("Rename or merge classes"), icon=":material/label:"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox(
                _("Class"),
                list(titles),
                format_func=titles.__getitem__,
                key=RENAMED.widget(titles),
                persist_state="session",
            )
            st.text_input(_("New name"), key=NEW_NAME.widget(), max_chars=60, persist_state="session")
            st.button(_("Rename"), key="datasets.rename", disabled=is_busy(), on_click=_rename, args=(data,))
        st.caption(_("With the name of another class, both become one."))


def _rename(data: DatasetPreview) -> None:
    """Callback: from the widgets as they are at the press."""
    old, written = str(RENAMED.get()), NEW_NAME.get().strip()
    by_title = {title: name for name, title in class_words(data).items()}
    new = by_title.get(written, written)  # a ready set's class, as it is called in the language in use
    if new and new != old:
        change(data, RenameClass(class_name=old, new_name=new))
        NEW_NAME.set("")
