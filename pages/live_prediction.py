"""Live prediction: show the network a photo and see what it says, how sure it is, and where it looked."""

from __future__ import annotations

from pages.ui.common.code import code_panel
from pages.ui.common.i18n import _
from pages.ui.common.messages import page_head
from pages.ui.common.url import read_url, write_url
from pages.ui.live_prediction.answer import answer_view
from pages.ui.live_prediction.batch import batch_view
from pages.ui.live_prediction.believable import believable_view
from pages.ui.live_prediction.code import answer_code
from pages.ui.live_prediction.photo import photo_control
from pages.ui.live_prediction.question import ask, model_control, source_control
from pages.ui.live_prediction.state import KEYS, LivePredictionLink
from pages.ui.live_prediction.why import why_view

page_head(
    _("Live prediction"),
    _("Show the network a photo: what does it say, how sure is it, and where did it look?"),
    ("images", "answers"),
)

read_url("live_prediction", LivePredictionLink, KEYS)
model = model_control()
source = source_control()
photo = batch_view(model) if source == "batch" else photo_control(source, model)
if source != "batch" or photo is not None:
    answer = ask(model, photo)
    if answer is not None:
        answer_view(answer, photo)
        why_view(answer)
believable_view(model)
code_panel(answer_code(model))
write_url("live_prediction", KEYS)
