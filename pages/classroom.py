"""A class as an experiment: everybody measures the same claim with another seed, and one answer grows."""

from __future__ import annotations

from pages.ui.classroom.acts import current_class, show_fault
from pages.ui.classroom.start import start_section
from pages.ui.classroom.state import KEYS, ClassroomLink
from pages.ui.classroom.student import student_section
from pages.ui.classroom.teacher import teacher_section
from pages.ui.classroom.words import claim_of
from pages.ui.common.code import code_panel
from pages.ui.common.i18n import _
from pages.ui.common.lesson.questions import CLASSROOM
from pages.ui.common.messages import page_head
from pages.ui.common.owner import owner
from pages.ui.common.questions import check_yourself
from pages.ui.common.url import read_url, write_url
from tlcore.classroom import ClassStore

page_head(
    _("Class"),
    _("One run proves nothing, thirty do: everybody measures the same claim, each with another seed."),
    ("last block", "head", "answers"),
    trained=1,
)
read_url("classroom", ClassroomLink, KEYS)
classroom = current_class()
leads = classroom is not None and ClassStore().is_teacher(classroom.code, owner())
if classroom is None:
    show_fault()
    code_panel(start_section())
elif leads:
    teacher_section(classroom)
    code_panel(claim_of(classroom).code(classroom.settings), name="run", title=_("Code of one run"))
else:
    student_section(classroom)
    if "code" not in classroom.plan.hidden:
        code_panel(claim_of(classroom).code(classroom.settings), name="run", title=_("Code of one run"))
check_yourself(CLASSROOM)
write_url("classroom", KEYS)
