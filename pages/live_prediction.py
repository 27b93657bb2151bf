"""Live prediction: show the network a photo and see what it says, how sure it is, and where it looked."""

from __future__ import annotations

from pages.ui.common.code import code_panel
from pages.ui.common.i18n import _
from pages.ui.common.messages import check_yourself, lecture_says, notice, page_head, photo_note
from pages.ui.live_prediction.answer import answer_view, why_view
from pages.ui.live_prediction.code import answer_code
from pages.ui.live_prediction.question import ask, model_control, photo_control

page_head(
    _("Live prediction"),
    _("Show the network a photo: what does it say, how sure is it, and where did it look?"),
    ("images", "answers"),
)

model = model_control()
photo = photo_control()
photo_note()
answer = ask(model, photo)
if answer is not None:
    answer_view(answer, photo)
    why_view(answer)

lecture_says(_("with transfer, a network becomes good at a new task even when there are few images."))
notice(
    _(
        "The network can only answer with the classes that it was taught. Shown anything else, it still chooses one of "
        "them, sometimes with great confidence: it has no word for “something else”."
    )
)
check_yourself(
    _("The network says 98% on a photo of a dog, though its classes are “helmet” and “no helmet”. Is it broken?"),
    _(
        "No. The probabilities are shared out among its classes only and always add up to 100%. They say which of the "
        "classes fits better, not whether one of them fits."
    ),
    key="live_prediction",
)
code_panel(answer_code(model))
