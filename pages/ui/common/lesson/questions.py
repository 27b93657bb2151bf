"""Questions that the guided lesson asks; most of them stand on the page of their step too."""

from __future__ import annotations

from pages.ui.common.questions import Choice, Question
from tlcore.translatable import N_

HOME = Question(
    "home",
    N_("You have 60 photographs. Why not train a network like VGG16 on them from scratch?"),
    (
        Choice(
            N_("60 photographs cannot determine millions of parameters"),
            N_("A base brings what millions of photographs taught it, so that few are enough for what is new."),
            right=True,
        ),
        Choice(
            N_("A network cannot be trained on photographs of helmets"),
            N_("It can, with enough of them. It is their number that is too small for so many parameters."),
        ),
        Choice(
            N_("It would only take longer, with the same result"),
            N_("It takes longer, and the result is worse: the page Experiments measures by how much."),
        ),
    ),
)
EXPLORER = Question(
    "explorer",
    N_("VGG16 without its dense layers gives (4, 4, 512) for an image of 150 × 150. Where do the 4 come from?"),
    (
        Choice(
            N_("Five poolings halve 150, rounding down: 75, 37, 18, 9, 4"),
            N_("Convolutions with padding keep the size; only the five poolings halve it. A larger image gives more."),
            right=True,
        ),
        Choice(
            N_("The last layer has 4 × 4 filters"),
            N_("All filters of VGG16 are 3 × 3, and there are 512 in the last layer. Follow the sizes in the table."),
        ),
        Choice(
            N_("It is always 4, whatever the image"),
            N_("Try another size above the table: 224 gives 7. The size follows from the image."),
        ),
    ),
)
DATASETS = Question(
    "datasets",
    N_("If every helmet were yellow and nothing else, what would the network learn?"),
    (
        Choice(
            N_("What a helmet looks like, as in the photographs"),
            N_("Nothing makes it look at the shape where the colour alone already gives the right answer."),
        ),
        Choice(
            N_("That yellow means helmet"),
            N_(
                "Colour alone would be enough to be right, so it need not learn what a helmet is, and would be wrong "
                "on a yellow machine. A good set has distractors."
            ),
            right=True,
        ),
        Choice(
            N_("Nothing: the task would be too easy"),
            N_("It would learn the easiest thing that works, and look excellent in the test with the same yellow."),
        ),
    ),
)
EXTRACTION = Question(
    "extraction",
    N_("The head learns for many epochs. Why does the base have to look at each image only once?"),
    (
        Choice(
            N_("It is frozen: it would give the same numbers every time"),
            N_("So they are computed once and kept. That is why training the head again takes seconds."),
            right=True,
        ),
        Choice(
            N_("The head needs the base only in the first epoch"),
            N_("It needs its numbers in every epoch. They are the same ones, though, as nothing in the base changes."),
        ),
        Choice(
            N_("The base learns faster than the head"),
            N_("The base does not learn at all here: its weights stay exactly as they came."),
        ),
    ),
)
CHANNELS = Question(
    "channels",
    N_("What do the first layers of a base answer to, and what the last ones?"),
    (
        Choice(
            N_("First: whole objects. Last: edges and colours"),
            N_(
                "Look again at an early layer: its maps are fine lines. The later a layer, the more of the image it "
                "sees."
            ),
        ),
        Choice(
            N_("Both to the same things, only in other sizes"),
            N_("Each layer combines what the one before it has found, so that what it answers to changes in kind."),
        ),
        Choice(
            N_("First: edges and colours. Last: parts of things"),
            N_("That is why the first layers serve any task, and the last ones are what fine-tuning adjusts."),
            right=True,
        ),
    ),
)
FINE_TUNING = Question(
    "fine_tuning",
    N_("VGG16 has 13 convolutional layers and the head has 2 dense ones. Why 30 → 4 → 10?"),
    (
        Choice(
            N_("These are the epochs of the three phases"),
            N_("They are counts of trainable tensors, as Keras lists them. How many tensors has one layer?"),
        ),
        Choice(
            N_("Kernel and bias: 15 layers, then 2, then 5"),
            N_(
                "Each layer has two tensors, kernel and bias: 15 layers make 30. With the base frozen, the 2 dense "
                "layers are left: 4. Unfreezing the three convolutions of block 5 adds 6: 10."
            ),
            right=True,
        ),
        Choice(
            N_("Layers: all, then the head, then the last block"),
            N_("There are only 15 layers with weights. Each of them has two tensors: a kernel and a bias."),
        ),
    ),
)
LIVE = Question(
    "live_prediction",
    N_("It says 98% on a photo of a dog, though its classes are “helmet” and “no helmet”. Is it broken?"),
    (
        Choice(
            N_("Yes: it should have said that it does not know"),
            N_("It has no way to say so: its probabilities always add up to 100% over the classes that it has."),
        ),
        Choice(
            N_("No: it must choose among its own classes"),
            N_(
                "No. It has no word for “something else”: the probabilities are shared out among its classes only "
                "and always add up to 100%. They say which class fits better, not whether one fits."
            ),
            right=True,
        ),
        Choice(
            N_("No: dogs do look like helmets to a base"),
            N_("It would be as sure about a picture of nothing. Look at what the percentages are shared among."),
        ),
    ),
)
EXPERIMENTS = Question(
    "experiments",
    N_("Why does the takeaway sometimes say that the data do not decide the claim?"),
    (
        Choice(
            N_("The claim is then wrong"),
            N_("“Fails” says that. Here the difference is too small to tell from luck, in either direction."),
        ),
        Choice(
            N_("The difference is smaller than what chance alone makes"),
            N_(
                "With 60 test images, one more right or wrong is 1.7 points. Two networks count as different here only "
                "if their accuracies differ by more than two standard errors; fewer images, or fewer repetitions, "
                "allow no more."
            ),
            right=True,
        ),
        Choice(
            N_("Something went wrong in the measurement"),
            N_("All of it was measured. With so few test images, an honest answer may be that one cannot tell."),
        ),
    ),
)
CLASSROOM = Question(
    "classroom",
    N_("Each of you measured the same claim. Why did you not all find the same number?"),
    (
        Choice(
            N_("Some computers compute more exactly than others"),
            N_("The same seed gives the same number on all of them. What does a seed decide?"),
        ),
        Choice(
            N_("Some of you made a mistake"),
            N_("Nobody did: each drew other images, and a few test images make the number jump."),
        ),
        Choice(
            N_("Another seed draws other images"),
            N_(
                "Another seed draws other images to learn from and to be tested on: with 40 test images, one more "
                "right or wrong is 2.5 points. The mean of n runs varies less than one run by the root of n, so that "
                "thirty runs tell apart what one cannot."
            ),
            right=True,
        ),
    ),
)
MUSEUM = Question(
    "museum",
    N_("A program ran without an error. What tells you that the base was really frozen?"),
    (
        Choice(
            N_("`base_model.trainable` is False"),
            N_("Set after the first `fit`, without another `compile`, it changes what Keras counts, not what it does."),
        ),
        Choice(
            N_("The accuracy is high"),
            N_("A base that moves may do well in training, and a frozen one badly. Accuracy does not tell them apart."),
        ),
        Choice(
            N_("Its weights are the same before and after training"),
            N_("Exactly the same. Settings say what should have happened; the weights say what did."),
            right=True,
        ),
    ),
)
