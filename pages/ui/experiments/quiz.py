"""A question to each claim whose answer the result lets one give."""

from __future__ import annotations

from pages.ui.common.i18n import _
from tlcore.translatable import N_

_GENERAL = (
    N_("Why does the takeaway sometimes say that the data do not decide the claim?"),
    N_(
        "With 60 test images, one more right or wrong is 1.7 points. Two networks count as different here only if "
        "their accuracies differ by more than two standard errors; fewer images, or fewer repetitions, allow no more."
    ),
)
QUIZZES = {
    "tensor_counts": (
        N_("After freezing, 4 tensors are trainable. Which ones?"),
        N_("Kernel and bias of the two dense layers of the head. All tensors of the base are still there, but fixed."),
    ),
    "same_result": (
        N_("If both ways give the same result, why is one of them so much faster?"),
        N_(
            "A frozen base gives the same features in every epoch. Extraction computes them once; frozen training "
            "computes them anew each time."
        ),
    ),
    "three_ways": (
        N_("Why does training from scratch begin lower than the other two?"),
        N_("Its first layers have learned nothing yet: a few dozen images have to teach it even what an edge is."),
    ),
    "break_it": (
        N_("Why does unfreezing before the head is trained harm the base?"),
        N_("An untrained head answers at random, so its errors and gradients are large, and they flow into the base."),
    ),
    "generality": (
        N_("Your images are X-rays. Would you take the base's last layers or its first ones?"),
        N_("The first ones: edges and textures are in X-rays too; the last layers know parts of dogs and cars."),
    ),
    "unfreeze_depth": (
        N_("Why does unfreezing everything seldom pay with few images?"),
        N_("Millions of parameters may then change by a few images: they learn these by heart, and it takes longer."),
    ),
    "data_efficiency": (
        N_("Where is the lead of transfer largest: with few images or with many?"),
        N_("With few. The more images there are, the more of what the base brought along can be learned from them."),
    ),
    "learning_rates": (
        N_("The drift of the base grows with the learning rate. Is a larger drift better?"),
        N_("Not by itself: a little adjusts the layers to the task; too much erases what they had learned."),
    ),
    "regularisation": (
        N_("The training accuracy is 100% and the validation accuracy 85%. What would dropout change?"),
        N_("It makes learning by heart harder: training gets a little worse, and the gap between the two smaller."),
    ),
    "which_base": (
        N_("Does the base with the most parameters give the best features?"),
        N_("Not as a rule: a newer, smaller network often beats VGG16 with a twentieth of its parameters."),
    ),
    "zero_training": (
        N_("Why does one of the 1,000 classes do so well on a task that the base was never trained for?"),
        N_("It looks for something that tells your classes apart. Chosen as the best of a thousand, it is lucky too."),
    ),
    "shortcuts": (
        N_("The network is still right with the helmet covered. Is that good news?"),
        N_("No: it goes by something else, such as the background, and will be wrong where that differs."),
    ),
    "dense_layers": (
        N_("Why does VGG16 with its dense layers refuse images of another size?"),
        N_("A dense layer has one weight for each number that comes in; another size gives another number of them."),
    ),
}


def quiz(experiment: str) -> tuple[str, str]:
    """Question and answer that fit a claim; those of the board for "" or a claim without its own."""
    question, answer = QUIZZES.get(experiment, _GENERAL)
    return _(question), _(answer)
