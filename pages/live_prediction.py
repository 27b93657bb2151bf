"""Live prediction: show the network a photo and see what it says, how sure it is, and where it looked."""

from __future__ import annotations

from pages.ui.common.code import code_panel
from pages.ui.common.i18n import _
from pages.ui.common.messages import page_head, photo_note
from pages.ui.common.url import read_url, write_url
from pages.ui.live_prediction.answer import answer_view, why_view
from pages.ui.live_prediction.code import answer_code
from pages.ui.live_prediction.question import ask, model_control, photo_control
from pages.ui.live_prediction.state import KEYS, LivePredictionLink

page_head(
    _("Live prediction"),
    _("Show the network a photo: what does it say, how sure is it, and where did it look?"),
    ("images", "answers"),
)

read_url("live_prediction", LivePredictionLink, KEYS)
model = model_control()
photo = photo_control(model)
photo_note()
answer = ask(model, photo)
if answer is not None:
    answer_view(answer, photo)
    why_view(answer)
code_panel(answer_code(model))
write_url("live_prediction", KEYS)
