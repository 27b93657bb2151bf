"""Images: a ready set or one's own, and what is in it."""

from __future__ import annotations

from pages.ui.common.code import code_panel
from pages.ui.common.controls import choose_one
from pages.ui.common.dataset_line import take_up_images
from pages.ui.common.i18n import _
from pages.ui.common.jobs import is_running, progress_bar, watch
from pages.ui.common.messages import Stage, check_yourself, notice, page_head, status_line
from pages.ui.common.navigation import link_to
from pages.ui.common.state import DATASETS_CHOSEN, DATASETS_JOB
from pages.ui.common.url import read_url, write_url
from pages.ui.datasets.code import chosen_images_code
from pages.ui.datasets.forms import ready_form, upload_form
from pages.ui.datasets.state import KEYS, SOURCE, UPLOAD, DatasetsLink
from pages.ui.datasets.view import dataset_view
from tlcore.datasets import get_dataset_spec, list_datasets

page_head(
    _("Datasets"),
    _(
        "A network learns from examples, so look at them first. Choose a ready set or bring your own photographs; the "
        "lab splits them into training, validation and test."
    ),
    _("transfer of learning is used above all when the available dataset is small."),
)
read_url("datasets", DatasetsLink, KEYS)

sources = {**{name: _(get_dataset_spec(name).title) for name in list_datasets()}, UPLOAD: _("My own images")}
source = choose_one(_("Where the images come from"), sources, SOURCE)
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
    dataset_view(chosen)
    notice(
        _(
            "The test images are put aside: the network never learns from them, and they are looked at once, at the "
            "end. Near-duplicates stay on the same side, or the result would flatter the network."
        )
    )
    link_to("feature_extraction", "**" + _("Go on: extract features from these images") + "**")

check_yourself(
    _("Why would a set in which every helmet is yellow and nothing else is yellow teach the network the wrong thing?"),
    _(
        "Colour alone would be enough to be right, so the network need not learn what a helmet is. On a real "
        "photograph with a yellow machine it would then be wrong. A good set has distractors."
    ),
    key="datasets",
)
code_panel(chosen_images_code())
write_url("datasets", KEYS)
