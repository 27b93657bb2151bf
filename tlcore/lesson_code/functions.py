"""What experiments do several times, as functions of the shown code; each is made of the lesson's statements."""

from __future__ import annotations

from ..models.head import HeadSpec
from ..translatable import N_
from .layout import call, comment, function, lines, remark
from .statements import (
    FREEZE,
    NEW_MODEL,
    Number,
    Size,
    add_base_and_head,
    compile_model,
    falling_rate,
    fit,
    load_base,
    unfreeze_from,
)

#: In the order of the lecture: freezing counts only if it comes before compile.
FREEZE_FIRST = remark(FREEZE, N_("freeze, then compile"))

PROBE_IMPORTS = lines(
    "from sklearn.linear_model import LogisticRegression",
    "from sklearn.metrics import balanced_accuracy_score",
    "from sklearn.pipeline import make_pipeline",
    "from sklearn.preprocessing import StandardScaler",
)


def define_new_base(name: str, weights: str, input_shape: Size) -> str:
    """`new_base()`: a base with its weights as they were before any training."""
    return function(f"new_base(weights={weights!r})", load_base(repr(name), "weights", input_shape, result="return"))


def define_new_model(head: HeadSpec) -> str:
    """`new_model(base_model)`: the base with a new head on top."""
    return function("new_model(base_model)", NEW_MODEL, add_base_and_head(head), "return model")


def define_train_model(num_classes: int) -> str:
    """`train_model(model, rate, epochs)`: compile and fit, on all training images or on `images`."""
    return function(
        "train_model(model, rate, epochs, images=train_images, labels=train_labels)",
        compile_model("rate", num_classes),
        fit("epochs", trained_on=("images", "labels")),
    )


def define_unfreeze() -> str:
    """`unfreeze(base_model, first_layer)`: from that layer on."""
    return function("unfreeze(base_model, first_layer)", unfreeze_from("first_layer"))


def define_falling_rate() -> str:
    """`falling_rate(rate, epochs)`, for `train_model`."""
    return function(
        "falling_rate(rate, epochs, images=train_images)",
        comment(N_("a rate that falls to zero along a cosine")),
        falling_rate("rate", "epochs", images="images", result="return"),
    )


def fine_tune_new_model(
    layer: str,
    head: tuple[Number, Number],
    fine_tuning: tuple[Number, Number],
    *on: str,
    in_inference: bool = False,
) -> str:
    """A new model, trained as in the lecture's five steps with the functions above.

    Args:
        layer: To unfreeze from, as code.
        head: Rate and epochs of the head.
        fine_tuning: Rate and epochs after unfreezing.
        on: Names of images and labels; all of the training set without them.
        in_inference: The base runs in inference mode, also where it is unfrozen; needs `define_in_inference`.
    """
    return lines(
        train_new_head(*head, *on, in_inference=in_inference),
        f"unfreeze(base_model, {layer})",
        train(*fine_tuning, *on),
    )


def train_new_head(rate: Number, epochs: Number, *on: str, in_inference: bool = False) -> str:
    """A new model whose head is trained on its frozen base; `in_inference` as in `fine_tune_new_model`."""
    model = model_on("base_model", in_inference=in_inference)
    return lines("base_model = new_base()", model, FREEZE_FIRST, train(rate, epochs, *on))


def train_from_scratch(rate: Number, epochs: Number, *on: str, base: str = "new_base(weights=None)") -> str:
    """A new model with random weights, all of it trained; `base` is code that gives its base."""
    return lines(model_on(base), train(rate, epochs, *on))


def model_on(base: str, *, in_inference: bool = False) -> str:
    """`model`: a new head on a base, which is given as code; `in_inference` as in `fine_tune_new_model`."""
    return f"model = new_model(InInference({base}))" if in_inference else f"model = new_model({base})"


def train(rate: Number, epochs: Number, *on: str) -> str:
    """Compile and fit, with the function above."""
    return call("train_model", "model", str(rate), str(epochs), *on)


def falling(rate: Number, epochs: Number, *images: str) -> tuple[str, Number]:
    """Rate and epochs for `train`, where the rate falls over these epochs."""
    return f"falling_rate({', '.join(map(str, (rate, epochs, *images)))})", epochs


def mean_features(*splits: str, model: str = "model") -> str:
    """The mean over the positions of what a network says of each image."""
    first, *others = (f"{split}_features = {model}.predict({split}_images).mean(axis=(1, 2))" for split in splits)
    return lines(remark(first, N_("(N, channels)")), *others)


def fit_probe(told: str) -> str:
    """A straight line between the classes in the features of the training images, and how well it does on the test.

    Args:
        told: What is printed before the accuracy, as code.
    """
    return lines(
        "probe = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=1000))",
        "probe.fit(train_features, train_labels)",
        f"print({told}, balanced_accuracy_score(test_labels, probe.predict(test_features)))",
    )
