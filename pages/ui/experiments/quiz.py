"""A question to each claim whose answer the result lets one give."""

from __future__ import annotations

from pages.ui.common.lesson.questions import EXPERIMENTS
from pages.ui.common.questions import Choice, Question
from tlcore.translatable import N_


def _question(claim: str, text: str, *choices: Choice) -> Question:
    return Question(f"experiments-{claim}", text, choices)


QUIZZES = {
    "tensor_counts": _question(
        "tensor_counts",
        N_("After freezing, 4 tensors are trainable. Which ones?"),
        Choice(
            N_("The last four layers of the base"),
            N_("The base is frozen as a whole. Only what was added after it is still trained."),
        ),
        Choice(
            N_("Kernel and bias of the head's two dense layers"),
            N_(
                "Kernel and bias of the two dense layers of the head. All tensors of the base are still there, but "
                "fixed."
            ),
            right=True,
        ),
        Choice(
            N_("The four dense layers of the head"),
            N_("The head has two dense layers. A layer is not one tensor: each has a kernel and a bias."),
        ),
    ),
    "same_result": _question(
        "same_result",
        N_("If both ways give the same result, why is one of them so much faster?"),
        Choice(
            N_("Extraction computes the base's features once, frozen training in every epoch"),
            N_(
                "A frozen base gives the same features in every epoch. Extraction computes them once; frozen training "
                "computes them anew each time."
            ),
            right=True,
        ),
        Choice(
            N_("Extraction uses a smaller base"),
            N_("Base, head and images are the same in both, otherwise the result would differ."),
        ),
        Choice(
            N_("Frozen training also computes how the base would have to change"),
            N_("Nothing is changed in a frozen base. But every image still has to run through it, epoch after epoch."),
        ),
    ),
    "three_ways": _question(
        "three_ways",
        N_("Why does training from scratch begin lower than the other two?"),
        Choice(
            N_("Its learning rate is smaller"),
            N_("A larger rate would not give it what it lacks: think of what its first layers know at the start."),
        ),
        Choice(
            N_("It has fewer parameters"),
            N_("It is the same network. What differs is what its weights hold at the start."),
        ),
        Choice(
            N_("Its layers have not learned anything yet, not even edges"),
            N_("Its first layers have learned nothing yet: a few dozen images have to teach it even what an edge is."),
            right=True,
        ),
    ),
    "break_it": _question(
        "break_it",
        N_("Why does unfreezing before the head is trained harm the base?"),
        Choice(
            N_("Large errors of the untrained head flow into the base"),
            N_(
                "An untrained head answers at random, so its errors and gradients are large, and they flow into the "
                "base."
            ),
            right=True,
        ),
        Choice(
            N_("An unfrozen base forgets all it knows at once"),
            N_("Unfreezing alone changes nothing: weights move with the gradients, and those depend on the errors."),
        ),
        Choice(
            N_("Keras then trains only the base and not the head"),
            N_("Both are trained. It is what the head sends back to the base that does the harm."),
        ),
    ),
    "generality": _question(
        "generality",
        N_("Your images are X-rays. Would you take the base's last layers or its first ones?"),
        Choice(
            N_("The last ones: they know most"),
            N_("They know most about dogs and cars, which are in no X-ray. What do both kinds of images share?"),
        ),
        Choice(
            N_("The first ones: edges and textures are everywhere"),
            N_("The first ones: edges and textures are in X-rays too; the last layers know parts of dogs and cars."),
            right=True,
        ),
        Choice(
            N_("None: a base trained on photographs is of no use here"),
            N_("X-rays have edges and textures as well, and a base has learned to see these."),
        ),
    ),
    "unfreeze_depth": _question(
        "unfreeze_depth",
        N_("Why does unfreezing everything seldom pay with few images?"),
        Choice(
            N_("Few images cannot pin down millions of parameters"),
            N_(
                "Millions of parameters may then change by a few images: they learn these by heart, and it takes "
                "longer."
            ),
            right=True,
        ),
        Choice(
            N_("Keras does not allow it"),
            N_("It does, and the result above shows what came of it."),
        ),
        Choice(
            N_("The first layers cannot learn at all"),
            N_("They can, but what they know is already general: edges and colours need no new images."),
        ),
    ),
    "data_efficiency": _question(
        "data_efficiency",
        N_("Where is the lead of transfer largest: with few images or with many?"),
        Choice(
            N_("With many: there is more to transfer to"),
            N_("With many images a network can learn for itself what the base would have brought. Compare both ends."),
        ),
        Choice(
            N_("It is the same everywhere"),
            N_("Compare the distance between the curves at the left and at the right end."),
        ),
        Choice(
            N_("With few"),
            N_(
                "With few. The more images there are, the more of what the base brought along can be learned from them."
            ),
            right=True,
        ),
    ),
    "learning_rates": _question(
        "learning_rates",
        N_("The drift of the base grows with the learning rate. Is a larger drift better?"),
        Choice(
            N_("Yes: more drift, more learned"),
            N_("Look at the accuracy where the drift is largest: what the base knew has been lost there."),
        ),
        Choice(
            N_("Not by itself"),
            N_("Not by itself: a little adjusts the layers to the task; too much erases what they had learned."),
            right=True,
        ),
        Choice(
            N_("No: drift is always harmful"),
            N_("Without any drift nothing was fine-tuned. A little of it is what the method is for."),
        ),
    ),
    "regularisation": _question(
        "regularisation",
        N_("The training accuracy is 100% and the validation accuracy 85%. What would dropout change?"),
        Choice(
            N_("The gap between the two becomes smaller"),
            N_("It makes learning by heart harder: training gets a little worse, and the gap between the two smaller."),
            right=True,
        ),
        Choice(
            N_("Both become 100%"),
            N_("Dropout teaches nothing new. It keeps the head from leaning on single features of single images."),
        ),
        Choice(
            N_("The validation accuracy falls, as units are missing"),
            N_("Units are left out during training only; for validation all of them are there."),
        ),
    ),
    "which_base": _question(
        "which_base",
        N_("Does the base with the most parameters give the best features?"),
        Choice(
            N_("Yes: more parameters know more"),
            N_(
                "Compare VGG16 and VGG19 with the small ones in the table: parameters on one side, accuracy on the "
                "other."
            ),
        ),
        Choice(
            N_("No: the smallest one is always best"),
            N_("Not either: what counts is how it is built and on what it was trained."),
        ),
        Choice(
            N_("Not as a rule"),
            N_("Not as a rule: a newer, smaller network often beats VGG16 with a twentieth of its parameters."),
            right=True,
        ),
    ),
    "zero_training": _question(
        "zero_training",
        N_("Why does one of the 1,000 classes do so well on a task that the base was never trained for?"),
        Choice(
            N_("It goes by something that tells your classes apart, and was picked from a thousand"),
            N_(
                "It looks for something that tells your classes apart. Chosen as the best of a thousand, it is lucky "
                "too."
            ),
            right=True,
        ),
        Choice(
            N_("Your images were in the training of the base"),
            N_(
                "Not as what you call them: the class means something else. It answers to something that your images "
                "have, too."
            ),
        ),
        Choice(
            N_("It is pure chance"),
            N_("Luck has a part in it, as the best of a thousand was chosen, but it does answer to something real."),
        ),
    ),
    "shortcuts": _question(
        "shortcuts",
        N_("The network is still right with the helmet covered. Is that good news?"),
        Choice(
            N_("Yes: it does not need every detail"),
            N_("The helmet is no detail, it is the whole task. What else could tell the two classes apart?"),
        ),
        Choice(
            N_("No: it goes by something else"),
            N_("No: it goes by something else, such as the background, and will be wrong where that differs."),
            right=True,
        ),
        Choice(
            N_("It says nothing: covered images are not fair"),
            N_("Covering is how one finds out what an answer hangs on. If the helmet is not it, something else is."),
        ),
    ),
    "dense_layers": _question(
        "dense_layers",
        N_("Why does VGG16 with its dense layers refuse images of another size?"),
        Choice(
            N_("Its convolutions only fit 224 × 224"),
            N_("A convolution slides its small window over any size. Look at what comes after the last one."),
        ),
        Choice(
            N_("Keras only checks the size to be safe"),
            N_("It has no choice: count the inputs of the first dense layer for 224 × 224 and for 150 × 150."),
        ),
        Choice(
            N_("A dense layer has one weight for each number that comes in"),
            N_(
                "A dense layer has one weight for each number that comes in; another size gives another number of them."
            ),
            right=True,
        ),
    ),
}


def quiz(claim: str) -> Question:
    """The question that fits a claim; that of the board for "" or a claim without its own."""
    return QUIZZES.get(claim, EXPERIMENTS)
