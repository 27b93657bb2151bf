"""What may learn, when, and how fast."""

from __future__ import annotations

from ...lesson_code.layout import lines, paragraphs, remark
from ...lesson_code.statements import FREEZE
from ...translatable import N_
from ..specification import Difference, Number, Piece, Report, Way
from ..statements import (
    base,
    compiled,
    count_moved,
    network,
    opening,
    remember_weights,
    report_test,
    trained,
    unfreeze_last_block,
)

_NUMPY = "import numpy as np"
_TEST = Number("test_accuracy", N_("accuracy on test images"))
_MOVED = Number("moved", N_("how far the base's weights moved, all changes added up"), "number")
_TENSORS = Number("num_trained", N_("tensors that Keras counts as trainable"), "count")
_COUNTED = "num_trained = len(model.trainable_weights)"


def _compiled_before_freezing(name: str, way: Way) -> str:
    broken = way == "broken"
    return paragraphs(
        opening(name, _NUMPY),
        lines(base(name), network()),
        lines(
            "" if broken else remark(FREEZE, N_("freeze, then compile")),
            compiled(),
            remark(trained(1, result=""), N_("a first try")),
        ),
        lines(
            FREEZE if broken else "",
            _COUNTED,
            remember_weights(),
            trained(2, result="history"),
            count_moved(),
            report_test("num_trained", "moved"),
        ),
    )


def _no_second_compile(name: str, way: Way) -> str:
    return paragraphs(
        opening(name, _NUMPY),
        lines(base(name), network(), FREEZE, compiled(), trained(4, result="")),
        lines(
            unfreeze_last_block(name),
            "" if way == "broken" else compiled(rate=1e-4),
            remember_weights(),
            trained(4, result="fine_tuning_history"),
            _COUNTED,
            count_moved(),
            report_test("num_trained", "moved"),
        ),
    )


def _forgot_to_freeze(name: str, way: Way) -> str:
    return paragraphs(
        opening(name, _NUMPY),
        lines(base(name), network(), remember_weights()),
        lines(
            "" if way == "broken" else remark(FREEZE, N_("freeze, then compile")),
            compiled(),
            _COUNTED,
            trained(3, result=""),
            count_moved(),
            report_test("num_trained", "moved"),
        ),
    )


def _batch_norm_free(name: str, way: Way) -> str:
    statistics = "[weight.numpy() for weight in base_model.weights if 'moving' in weight.path]"
    return paragraphs(
        opening(name, _NUMPY),
        lines(base(name), network(), FREEZE, compiled(), trained(4, result="")),
        lines(
            unfreeze_last_block(name, batch_norm=way == "broken"),
            compiled(rate=1e-4),
            remark(f"statistics_before = {statistics}", N_("means and variances")),
            trained(5, result="fine_tuning_history"),
            f"pairs = zip({statistics}, statistics_before)",
            "moved = sum(np.abs(now - before).sum() for now, before in pairs)",
            report_test("moved"),
        ),
    )


def _rate_100x(name: str, way: Way) -> str:
    return paragraphs(
        opening(name, _NUMPY),
        lines(base(name), network(), FREEZE, compiled(), trained(4, result="")),
        lines(
            unfreeze_last_block(name),
            f"rate = {0.01 if way == 'broken' else 0.0001}",
            compiled(rate="rate"),
            remember_weights(),
            trained(5, result="fine_tuning_history"),
            count_moved(),
            report_test("moved"),
        ),
    )


FORGOT_TO_FREEZE = Piece(
    name="forgot_to_freeze",
    title=N_("The base that forgot"),
    mistake=N_("The base was never frozen"),
    story=N_(
        "A trained base, a new head on top, Keras's usual learning rate. With so good a base, its author thinks, the "
        "head will have learned the task in a few epochs."
    ),
    program=_forgot_to_freeze,
    guilty=("model.compile(",),
    numbers=(_TEST, _TENSORS, _MOVED),
    symptom="destroyed",
    others=("nothing_moves", "reversed", "too_good"),
    hint=N_("Look at how many tensors are trained. Which line decides it, and what should have happened before it?"),
    explanation=N_(
        "Nothing was frozen before this line, so every layer of the base learns along with a head that still answers "
        "at random. Its errors are large, so are the gradients, and they flow through the whole base: the lecture's "
        "“destroying what had been learned”."
    ),
    mending=N_("It freezes the base first: only the head's tensors are trained, and the base does not move at all."),
    report=Report(
        "https://datascience.stackexchange.com/questions/113936/weird-consequence-of-not-freezing-layers-in-neural-network",
        "Data Science Stack Exchange 113936",
        N_(
            "Somebody asks why anything is frozen at all, since on similar images the mistakes would be small. The "
            "answer: a new head has large gradients in its first epochs, and they destroy what the base had learned."
        ),
    ),
    differences=(
        Difference("test_accuracy", "lower", 0.1),
        Difference("num_trained", "higher", 20),
        Difference("moved", "higher", 1),
    ),
)

COMPILED_BEFORE_FREEZING = Piece(
    name="compiled_before_freezing",
    title=N_("Frozen, and yet it moves"),
    mistake=N_("Frozen after it was compiled"),
    story=N_(
        "After a first try the author remembers to freeze the base. Keras agrees: it counts only the head's tensors as "
        "trainable. And yet the base is not what it was."
    ),
    program=_compiled_before_freezing,
    guilty=(FREEZE, "model.compile("),
    numbers=(_TEST, _TENSORS, _MOVED),
    symptom="moves",
    others=("nothing_moves", "too_good", "no_probabilities"),
    hint=N_("Two lines stand in the wrong order. Which line says what may learn, and when does Keras read it?"),
    explanation=N_(
        "What learns is settled when the training step is made: with the first `fit` after `compile`. Freezing later "
        "changes what Keras counts, not what it does. Keras 3.15 at least warns; earlier versions are silent."
    ),
    mending=N_("It freezes, then compiles: the base moves by exactly nothing."),
    report=Report(
        "https://github.com/keras-team/keras/issues/6405",
        "keras-team/keras #6405",
        N_(
            "Somebody finds that changing `trainable` leaves training as it was although the list of trainable weights "
            "changes. Keras's author answers that this is meant: after such a change, compile again."
        ),
    ),
    differences=(Difference("num_trained", "same", 0), Difference("moved", "higher", 1)),
)

NO_SECOND_COMPILE = Piece(
    name="no_second_compile",
    title=N_("Fine-tuning without effect"),
    mistake=N_("No compile after unfreezing"),
    story=N_(
        "The lecture's five steps: freeze, train the head, unfreeze the last block, train on. Fine-tuning runs "
        "through, and the author wonders why it brings nothing new."
    ),
    program=_no_second_compile,
    guilty=("fine_tuning_history = model.fit(",),
    numbers=(_TEST, _TENSORS, _MOVED),
    symptom="nothing_moves",
    others=("moves", "destroyed", "explodes"),
    hint=N_("Everything that stands there is right. Something is missing: before which line?"),
    explanation=N_(
        "The last block was unfrozen, but the training step is still the one that was made for the frozen base. Only "
        "the head goes on learning, at its old rate; the base moves by exactly nothing, however many tensors count as "
        "trainable."
    ),
    mending=N_("It compiles again after unfreezing, with a smaller rate: the last block learns."),
    report=Report(
        "https://github.com/keras-team/keras/issues/9940",
        "keras-team/keras #9940",
        N_(
            "Somebody unfreezes VGG16 after some epochs and doubts whether it is trained at all. The answer: without "
            "another `compile` the weights stay as they are."
        ),
    ),
    differences=(Difference("num_trained", "same", 0), Difference("moved", "lower", 1)),
)

RATE_100X = Piece(
    name="rate_100x",
    title=N_("Two zeros"),
    mistake=N_("A learning rate 100 times too large"),
    story=N_(
        "The head is trained and does well. Now the last block is unfrozen, properly, with a second `compile`, to win "
        "the last few points."
    ),
    program=_rate_100x,
    guilty=("rate = ",),
    numbers=(_TEST, _MOVED),
    symptom="destroyed",
    others=("nothing_moves", "reversed", "no_probabilities"),
    hint=N_("Where does the curve break, and which number came into play there?"),
    explanation=N_(
        "The rate of fine-tuning is 0.01 where 0.0001 was meant. With such steps the unfrozen layers are somewhere "
        "else after a few batches, and what they had learned is lost."
    ),
    mending=N_("It fine-tunes with 0.0001: the block moves a little, and nothing is lost."),
    report=Report(
        "https://datascience.stackexchange.com/questions/51280/default-value-of-learning-rate-in-adam-optimizer-keras",
        "Data Science Stack Exchange 51280",
        N_(
            "Transfer learning with Adam stays at 50 % with the default rate of 0.001 and reaches 90 % in its first "
            "epoch with a tenth of it. The answers: steps that are too large throw the weights far away."
        ),
    ),
    differences=(Difference("test_accuracy", "lower", 0.1), Difference("moved", "higher", 1)),
)

BATCH_NORM_FREE = Piece(
    name="batch_norm_free",
    title=N_("Statistics of sixteen images"),
    mistake=N_("BatchNormalization set free"),
    story=N_(
        "Fine-tuning by the book: a trained head, the last block unfrozen, compiled again with a small rate. Only its "
        "beginning is odd."
    ),
    program=_batch_norm_free,
    guilty=("layer.trainable = set_trainable",),
    numbers=(_TEST, Number("moved", N_("how far means and variances of the base moved"), "number")),
    symptom="breaks_off",
    others=("nothing_moves", "reversed", "no_probabilities"),
    hint=N_("Not every layer of a block should learn. Which line lets them all?"),
    explanation=N_(
        "This line also unfreezes the block's BatchNormalization. In training it then normalises with the means of "
        "each batch of 16 images, in validation with an average that moves slowly away from ImageNet's: two different "
        "networks. Here it costs little in the end; in the report below, everything."
    ),
    mending=N_(
        "It leaves BatchNormalization frozen, which for Keras means: in inference mode, with the means and variances "
        "of the base's own training."
    ),
    report=Report(
        "https://github.com/keras-team/keras/issues/9214",
        "keras-team/keras #9214",
        N_(
            "The same program works with VGG16 and fails with InceptionV3 and ResNet50: good in training, at chance in "
            "validation. The suspicion, BatchNormalization, leads to the rule that Keras follows today."
        ),
    ),
    differences=(Difference("moved", "higher", 1),),
    spared={"VGG16Slim": N_("VGG16 has no BatchNormalization: here both programs do the same.")},
)
