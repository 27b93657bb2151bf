"""The guided lesson as data: its steps in their order, each on a page, with what to do there and what ticks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pages.ui.common.lesson import questions
from pages.ui.common.lesson.progress import progress
from pages.ui.common.questions import Question
from tlcore.store.lesson import LessonProgress
from tlcore.translatable import N_


@dataclass(frozen=True)
class Step:
    """One step of the lesson; all texts are translatable.

    Attributes:
        name: Under which the place in the lesson is kept.
        page: Where it is done.
        title: A few words, for the strip.
        objective: What one can do afterwards.
        task: What to do.
        notice: What to look at.
        question: What it lets one answer.
        waits_for: What has to have really happened, see `progress.happened`; "" where reading is all.
        link: What the page is opened with.
    """

    name: str
    page: str
    title: str
    objective: str
    task: str
    notice: str
    question: Question
    waits_for: str = ""
    link: Mapping[str, str] = field(default_factory=dict)

    def has_happened(self, kept: LessonProgress) -> bool:
        """Whether the app has seen what the step asks for; always, where it asks for nothing but reading."""
        return not self.waits_for or any(what.split()[0] == self.waits_for for what in kept.done)

    def is_done(self, kept: LessonProgress) -> bool:
        """Whether it has happened and the question is answered right."""
        return self.has_happened(kept) and self.is_answered()

    def is_answered(self) -> bool:
        """Whether its question is answered right."""
        choice = self.question.answered()
        return choice is not None and choice.right


STEPS = (
    Step(
        "home",
        "home",
        N_("Why transfer"),
        N_("Say what a base brings, and what is left for a head to learn."),
        N_("Look at the network above the pictures: images go in on the left, the answer comes out on the right."),
        N_("Two parts. The base has learned to see from other images; only the head is new."),
        questions.HOME,
    ),
    Step(
        "explorer",
        "architecture_explorer",
        N_("Take VGG16 apart"),
        N_("Work out the parameters of a layer, and where the shape (4, 4, 512) comes from."),
        N_("Open a layer of the table, guess how many parameters it has, and reveal the formula."),
        N_("The image size is in no formula of a convolution: that is why the base can be used for other sizes."),
        questions.EXPLORER,
        waits_for="formula",
        link={"network": "VGG16", "size": "150", "top": "0", "tab": "table", "layer": "block5_conv1"},
    ),
    Step(
        "datasets",
        "datasets",
        N_("Look at the images"),
        N_("Say what is in a set of images, and why its test images are put aside."),
        N_("Prepare the drawn hard hats or images of your own, then look at those of the test."),
        N_("What is yellow and no helmet? Such distractors keep a network from taking the easy way."),
        questions.DATASETS,
        waits_for="images",
    ),
    Step(
        "extraction",
        "feature_extraction",
        N_("Extract, then train a head"),
        N_("Train a network of your own, and say why it takes only seconds."),
        N_("Guess how many of 100 test images it will name right, then press “Train”."),
        N_("The base runs once over each image. Then look at the mistakes: what do they have in common?"),
        questions.EXTRACTION,
        waits_for="extracted",
    ),
    Step(
        "channels",
        "feature_extraction",
        N_("See what the base sees"),
        N_("Tell a general feature from a special one."),
        N_(
            "Press “Look at all images with this base” further down, and compare the channels of an early layer with "
            "those of the last one."
        ),
        N_("Fine lines become coarse patches: the later a layer, the more of the image one number sums up."),
        questions.CHANNELS,
        waits_for="channels",
        link={"view": "channels"},
    ),
    Step(
        "fine_tuning",
        "fine_tuning",
        N_("Freeze, then fine-tune"),
        N_("Name the five steps in their order, and say why the head comes first."),
        N_("Press “Start” and watch the counts of trainable tensors and the drift of each layer."),
        N_("Frozen layers drift by exactly 0; the unfrozen ones by very little, as the rate is small."),
        questions.FINE_TUNING,
        waits_for="fine_tuned",
        link={"base": "VGG16Slim", "weights": "embedded", "method": "fine_tuning", "unfreeze": "block5_conv1"},
    ),
    Step(
        "live_prediction",
        "live_prediction",
        N_("Show it a photo"),
        N_("Read an answer: what a probability says, and what it does not."),
        N_("Choose a network of yours and show it a test image or a photo, best one that shows something else."),
        N_("Where did it look? A right answer for a wrong reason will be wrong on the next photo."),
        questions.LIVE,
        waits_for="answered",
    ),
    Step(
        "experiments",
        "experiments",
        N_("Put a claim to the test"),
        N_("Tell a claim that was measured from one that is only repeated."),
        N_("Open a claim, commit to a guess, and look at what was measured; or measure it here."),
        N_("Some claims are unclear on few images. That is a result, too."),
        questions.EXPERIMENTS,
        waits_for="claim",
    ),
    Step(
        "museum",
        "museum",
        N_("Find the bug"),
        N_("Recognise a mistake by what it shows, since nothing reports it."),
        N_("Choose a piece, name its symptom, point at the guilty line, and run the mended program."),
        N_("Every one of these programs runs to its end. Only the numbers say that something is wrong."),
        questions.MUSEUM,
        waits_for="mistake",
    ),
    Step(
        "classroom",
        "classroom",
        N_("Measure together"),
        N_("Say why one run proves nothing, and what many of them add up to."),
        N_("Join the class of your teacher, or open one and look at it from a second window."),
        N_("Each run is another draw; their mean settles as they become more."),
        questions.CLASSROOM,
        waits_for="class",
    ),
)


def present_step() -> Step | None:
    """Where the lesson stands; None before it was begun."""
    return next((step for step in STEPS if step.name == progress().step), None)


def place_of(step: Step) -> int:
    """Which one it is, the first being 1."""
    return STEPS.index(step) + 1
