"""The symptoms that a learner chooses from."""

from __future__ import annotations

from ..translatable import N_
from .specification import Symptom

SYMPTOMS = {
    "stuck": Symptom(
        N_("It learns nothing: the accuracy stays where guessing is."),
        N_("the accuracy of training would be as flat as that of validation, near what guessing reaches"),
    ),
    "explodes": Symptom(
        N_("The loss is far too large: tens or hundreds instead of less than one."),
        N_("the loss would be tens or hundreds"),
    ),
    "destroyed": Symptom(
        N_("It loses what the base knew: it ends far below what the same images allow."),
        N_("the curve would fall, or never rise, once the base's layers learn"),
    ),
    "memorised": Symptom(
        N_("Good in training, bad in validation."),
        N_("the curve of training would lie far above that of validation"),
    ),
    "breaks_off": Symptom(
        N_("Training breaks off where a phase begins, and validation does not follow."),
        N_("the curve of training would fall where validation goes on, as if they were two networks"),
    ),
    "too_good": Symptom(
        N_("The test is better than what comes later on really new images."),
        N_("the number of the test would lie far above the one on new images"),
    ),
    "nothing_moves": Symptom(
        N_("A phase that should change the base changes nothing."),
        N_("the base's weights would be exactly what they were before that phase"),
    ),
    "moves": Symptom(
        N_("What was frozen has moved all the same."),
        N_("the base's weights would differ from what they were, though it counts as frozen"),
    ),
    "reversed": Symptom(
        N_("The numbers are right and the names are not: answers come out the wrong way round."),
        N_("the accuracy would be high, and the share of right names as far below one half"),
    ),
    "in_use": Symptom(
        N_("Good in validation, bad on the photos that it is used on."),
        N_("the accuracy in use would lie far below that of validation, though the images show the same"),
    ),
    "no_probabilities": Symptom(
        N_("The classes are right, but the outputs are no probabilities: they do not add up to one."),
        N_("the outputs of an image would add up to something else than one"),
    ),
}
