"""What breaking it has shown, in words: the broken ways, and a sentence for each from its numbers."""

from __future__ import annotations

from ...translatable import N_
from ..measuring.aggregate import Average, compare
from ..specification import Quantity, Text

WAYS = {
    "right": N_("the right way"),
    "untrained_head": N_("unfrozen with an untrained head"),
    "large_rate": N_("rate 100× too large"),
    "wrong_preprocessing": N_("wrong preprocessing (pixels / 255)"),
    "no_recompile": N_("forgot to compile again"),
    "untrained_head_small_rate": N_("untrained head, but the small rate"),
    "batch_norm_free": N_("BatchNorm set free"),
}

#: Measured on bases that have BatchNorm only.
OPTIONAL = {"batch_norm_free"}

#: The ways that the lecture says destroy the base. Of the others two are silent mistakes, and one is a control: whoever
#: forgets to freeze trains everything at the head's rate, so that the untrained head and the rate act together; the
#: control has the untrained head alone.
DESTRUCTIVE = ("untrained_head", "large_rate")


def way_name(way: str) -> Text:
    """What a way is called on the screen."""
    return Text(WAYS[way])


def takeaway_of(accuracies: dict[str, Average], drifts: dict[str, Average]) -> tuple[Text, ...]:
    """One sentence a way, from means over the seeds."""
    return (
        *(_destroyed(way, accuracies, drifts) for way in DESTRUCTIVE),
        _head_alone(drifts),
        _preprocessing(accuracies),
        _recompile(accuracies, drifts),
        *((_batch_norm(accuracies),) if "batch_norm_free" in accuracies else ()),
    )


def _destroyed(way: str, accuracies: dict[str, Average], drifts: dict[str, Average]) -> Text:
    params = {
        "way": way_name(way),
        "drift": Quantity(drifts[way].mean, "number"),
        "right_drift": Quantity(drifts["right"].mean, "number"),
        "accuracy": Quantity(accuracies[way].mean, "percent"),
        "right": Quantity(accuracies["right"].mean, "percent"),
    }
    if drifts[way].mean <= drifts["right"].mean:
        return Text(
            N_(
                "“{way}” moved the base no more than the right way did ({drift} against {right_drift}): not as claimed."
            ),
            params,
        )
    costs = {
        "holds": N_(
            "“{way}” moved the base by {drift} (the right way: {right_drift}) and cost accuracy: {accuracy} instead of "
            "{right}."
        ),
        "unclear": N_(
            "“{way}” moved the base by {drift} (the right way: {right_drift}), yet on these data the accuracy did not "
            "clearly suffer: {accuracy} against {right}."
        ),
        "fails": N_(
            "“{way}” moved the base by {drift} (the right way: {right_drift}), and was even better on these data: "
            "{accuracy} against {right}. The claim does not hold here."
        ),
    }
    return Text(costs[compare(accuracies["right"], accuracies[way])], params)


def _head_alone(drifts: dict[str, Average]) -> Text:
    """Whether it was the untrained head or the rate that moved the base."""
    both, alone = drifts["untrained_head"].mean, drifts["untrained_head_small_rate"].mean
    params = {"both": Quantity(both, "number"), "alone": Quantity(alone, "number")}
    if alone < both / 2:
        return Text(
            N_(
                "With an untrained head but the small rate of fine-tuning, everything unfrozen moved by {alone} "
                "instead of {both}: most of the damage was done by the rate. RMSprop divides each gradient by its "
                "usual size, so that large errors alone do not make large steps."
            ),
            params,
        )
    return Text(
        N_(
            "With an untrained head and the small rate of fine-tuning, everything unfrozen still moved by {alone} "
            "({both} at the head's rate): the untrained head does the damage by itself."
        ),
        params,
    )


def _preprocessing(accuracies: dict[str, Average]) -> Text:
    params = {
        "accuracy": Quantity(accuracies["wrong_preprocessing"].mean, "percent"),
        "right": Quantity(accuracies["right"].mean, "percent"),
    }
    if compare(accuracies["right"], accuracies["wrong_preprocessing"]) == "holds":
        return Text(
            N_("With the wrong preprocessing nothing complains, and the accuracy is {accuracy} instead of {right}."),
            params,
        )
    return Text(
        N_("The wrong preprocessing did not clearly cost accuracy on these data: {accuracy} against {right}."), params
    )


def _recompile(accuracies: dict[str, Average], drifts: dict[str, Average]) -> Text:
    drift = drifts["no_recompile"].mean
    params = {
        "drift": Quantity(drift, "number"),
        "accuracy": Quantity(accuracies["no_recompile"].mean, "percent"),
        "right": Quantity(accuracies["right"].mean, "percent"),
    }
    if drift == 0.0:
        return Text(
            N_(
                "Without compiling again the unfrozen layers did not move at all (drift 0): the epochs of fine-tuning "
                "only trained the head on ({accuracy} against {right})."
            ),
            params,
        )
    return Text(
        N_("Without compiling again the unfrozen layers moved by {drift} all the same ({accuracy} against {right})."),
        params,
    )


def _batch_norm(accuracies: dict[str, Average]) -> Text:
    """What it costs that the few images of fine-tuning overwrite the base's means and variances."""
    params = {
        "accuracy": Quantity(accuracies["batch_norm_free"].mean, "percent"),
        "right": Quantity(accuracies["right"].mean, "percent"),
    }
    found = {
        "holds": N_(
            "With BatchNorm set free your images overwrote the means and variances of the unfrozen layers, and the "
            "accuracy is {accuracy} instead of {right}."
        ),
        "unclear": N_(
            "With BatchNorm set free your images overwrote the means and variances of the unfrozen layers, which did "
            "not clearly change the accuracy on these data: {accuracy} against {right}."
        ),
        "fails": N_(
            "With BatchNorm set free your images overwrote the means and variances of the unfrozen layers, and on "
            "these data that was even better: {accuracy} against {right}."
        ),
    }
    return Text(found[compare(accuracies["right"], accuracies["batch_norm_free"])], params)
