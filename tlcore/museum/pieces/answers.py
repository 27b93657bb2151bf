"""What the answers mean, and what they are tested on."""

from __future__ import annotations

from ...lesson_code.layout import assigned, block, call, comment, keywords, lines, paragraphs, remark
from ...lesson_code.statements import FREEZE, dense_layer
from ...translatable import N_
from ..specification import Difference, Number, Piece, Report, Way
from ..statements import SIDES, base, compiled, features, head, network, odd_or_even, opening, report_test, trained

_NUMPY = "import numpy as np"
_TEST = Number("test_accuracy", N_("accuracy on test images"))


def _softmax_of_one(name: str, way: Way) -> str:
    return paragraphs(
        opening(name, _NUMPY),
        lines(odd_or_even(), base(name), features()),
        lines(
            head(dense_layer(1, "softmax" if way == "broken" else "sigmoid")),
            compiled("binary_crossentropy"),
            trained(15, inputs="features"),
        ),
        lines(
            "outputs = model.predict(test_features)",
            remark("spread = outputs.max() - outputs.min()", N_("how different the answers are")),
            report_test("spread", inputs="features"),
        ),
    )


def _sigmoid_one_hot(name: str, way: Way) -> str:
    activation = "sigmoid" if way == "broken" else "softmax"
    return paragraphs(
        opening(name, _NUMPY),
        lines(odd_or_even(), base(name), features()),
        lines(
            comment(N_("two columns: 1 0 and 0 1")),
            *(f"{split}_labels = keras.utils.to_categorical({split}_labels)" for split in ("train", "val", "test")),
            head(dense_layer(2, activation)),
            compiled("categorical_crossentropy"),
            trained(15, inputs="features"),
        ),
        lines(
            "outputs = model.predict(test_features)",
            "gap = np.abs(outputs.sum(axis=1) - 1).max()",
            remark(
                "unclear = np.mean((outputs > 0.5).sum(axis=1) != 1)", N_("both above one half, or neither of them")
            ),
            report_test("gap", "unclear", inputs="features"),
        ),
    )


def _class_order(name: str, way: Way) -> str:
    size = (SIDES[name], SIDES[name])
    return paragraphs(
        opening(name, _NUMPY, "import tempfile", "from pathlib import Path"),
        lines(
            assigned("words", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]),
            "folder = tempfile.TemporaryDirectory()",
            block(
                "for number, (image, label) in enumerate(zip(train_images, train_labels)):",
                remark("photo = Path(folder.name, words[label], f'{number}.png')", N_("one folder a class")),
                "photo.parent.mkdir(exist_ok=True)",
                "keras.utils.save_img(photo, image)",
            ),
            call(
                "train_set, val_set = keras.utils.image_dataset_from_directory",
                "folder.name",
                *keywords(image_size=size, batch_size=16, validation_split=0.3, subset="both", seed=0, verbose=False),
            ),
        ),
        lines(
            f"class_names = {'words' if way == 'broken' else 'train_set.class_names'}",
            base(name),
            network(),
            FREEZE,
            compiled(),
            "history = model.fit(train_set, epochs=12, validation_data=val_set)",
            "val_loss, val_accuracy = model.evaluate(val_set)",
        ),
        lines(
            "answers = [class_names[index] for index in model.predict(test_images).argmax(axis=1)]",
            "right_names = np.mean([answer == words[label] for answer, label in zip(answers, test_labels)])",
            "print(val_accuracy, right_names)",
            "folder.cleanup()",
        ),
    )


def _near_duplicates(name: str, way: Way) -> str:
    drawn = {"broken": "np.random.rand(len(photos)) < 0.25", "mended": "scene % 4 == 0"}[way]
    return paragraphs(
        opening(name, _NUMPY),
        lines(
            comment(N_("each digit was photographed four times in a row, by a hand that is not quite still")),
            "series = [np.roll(train_images, shift, axis=(1, 2)) for shift in range(4)]",
            "photos, labels = np.concatenate(series), np.tile(train_labels, 4)",
            remark("scene = np.tile(np.arange(len(train_images)), 4)", N_("which digit a photo shows")),
            remark(f"in_test = {drawn}", N_("a quarter of them")),
        ),
        lines(
            base(name),
            "photo_features = base_model.predict(photos)",
            "train_features, train_labels = photo_features[~in_test], labels[~in_test]",
            "val_features, val_labels = photo_features[in_test], labels[in_test]",
            head(),
            compiled(),
            trained(15, inputs="features"),
        ),
        lines(
            "val_loss, val_accuracy = model.evaluate(val_features, val_labels)",
            "test_features = base_model.predict(test_images)",
            report_test("val_accuracy", inputs="features"),
        ),
    )


SOFTMAX_OF_ONE = Piece(
    name="softmax_of_one",
    title=N_("Always sure"),
    mistake=N_("Softmax of a single unit"),
    story=N_(
        "Two classes, so one output unit is enough; and a classifier ends in a softmax. The curves are flat from the "
        "first epoch to the last."
    ),
    program=_softmax_of_one,
    guilty=("model.add(layers.Dense(1, activation='softmax'))",),
    numbers=(_TEST, Number("spread", N_("largest output minus smallest one, over all test images"), "number")),
    symptom="stuck",
    others=("memorised", "reversed", "in_use"),
    hint=N_("Every test image gets the very same answer. Which line makes the answer?"),
    explanation=N_(
        "A softmax divides by the sum of all outputs. With one unit that is itself, so the output is always 1: no "
        "image can change it, and no gradient comes back. Keras 3.15 warns of it; earlier versions are silent."
    ),
    mending=N_("It ends in a sigmoid, which turns one number into a probability."),
    report=Report(
        "https://github.com/keras-team/keras/issues/112",
        "keras-team/keras #112",
        N_(
            "A network for XOR ends in a softmax over one unit: whatever it is given, it answers 1, with other losses "
            "too, and after thousands of epochs."
        ),
    ),
    differences=(Difference("test_accuracy", "lower", 0.2), Difference("spread", "lower", 0.5)),
)

SIGMOID_ONE_HOT = Piece(
    name="sigmoid_one_hot",
    title=N_("Both, or neither"),
    mistake=N_("Sigmoid for classes that exclude each other"),
    story=N_(
        "Labels as two columns, one output for each class, and the accuracy is as good as ever. But the author wants "
        "to show how sure the network is."
    ),
    program=_sigmoid_one_hot,
    guilty=("model.add(layers.Dense(2, activation='sigmoid'))",),
    numbers=(
        _TEST,
        Number("gap", N_("how far the two outputs of an image are from adding up to one, at most"), "number"),
        Number("unclear", N_("test images for which both outputs, or neither, are above one half")),
    ),
    symptom="no_probabilities",
    others=("stuck", "memorised", "nothing_moves"),
    hint=N_("The two outputs know nothing of each other. Which line should have tied them together?"),
    explanation=N_(
        "Two sigmoids answer two separate questions, so both may be high, or both low; the loss looks at their ratio "
        "alone and does not mind. The larger one is usually right; but it is no probability."
    ),
    mending=N_("It ends in a softmax: the two outputs add up to one."),
    report=Report(
        "https://github.com/keras-team/keras/issues/6327",
        "keras-team/keras #6327",
        N_(
            "Two outputs that should be the probabilities of two classes add up to less than one in a hundred. After "
            "hours of searching: a sigmoid stood where the softmax was meant."
        ),
    ),
    differences=(Difference("test_accuracy", "same", 0.1), Difference("gap", "higher", 0.05)),
)

CLASS_ORDER = Piece(
    name="class_order",
    title=N_("The wrong way round"),
    mistake=N_("Classes in another order than the folders"),
    story=N_(
        "Images in ten folders, read by Keras; validation is fine. Then the program says the name of what it sees on "
        "new photos, and is wrong nearly every time."
    ),
    program=_class_order,
    guilty=("class_names = ",),
    numbers=(
        Number("val_accuracy", N_("accuracy in validation")),
        Number("right_names", N_("test images that are called by their right name")),
    ),
    symptom="reversed",
    others=("stuck", "memorised", "no_probabilities"),
    hint=N_("Who says which class is number 0? Two places do, and they disagree."),
    explanation=N_(
        "Keras numbers the folders in alphabetical order, so that `eight` is class 0 and `zero` is class 9. The author "
        "counts from zero to nine. Loss and accuracy only ever see numbers, so nothing tells."
    ),
    mending=N_("It asks the set itself for the names, in the order that it uses."),
    report=Report(
        "https://github.com/udacity/dog-project/issues/4",
        "udacity/dog-project #4",
        N_(
            "A course's network recognises dogs and calls them by the wrong breed: the list of names is in the order "
            "in which a file system happens to give folders. Sorting it mends it."
        ),
    ),
    differences=(Difference("val_accuracy", "same", 0.1), Difference("right_names", "lower", 0.4)),
)

NEAR_DUPLICATES = Piece(
    name="near_duplicates",
    title=N_("Too good"),
    mistake=N_("Near-duplicates on both sides of the split"),
    story=N_(
        "Four photos of each digit, taken one after the other; a quarter of the photos is put aside for validation. It "
        "does splendidly there. On digits that were photographed later it does not."
    ),
    program=_near_duplicates,
    guilty=("in_test = ",),
    numbers=(
        Number("val_accuracy", N_("accuracy in validation")),
        Number("test_accuracy", N_("accuracy on really new digits")),
    ),
    symptom="too_good",
    others=("stuck", "reversed", "nothing_moves"),
    hint=N_(
        "How much does a validation photo differ from the nearest training photo? Which line decides who goes where?"
    ),
    explanation=N_(
        "Photos are drawn one by one, so that of nearly every digit some copies are trained on and others are the "
        "validation. It measures how well the head remembers, not how well it recognises."
    ),
    mending=N_("It draws digits, not photos: all copies of one are on the same side. The number is lower, and true."),
    report=Report(
        "https://github.com/stefyste/RIAWELC/issues/2",
        "stefyste/RIAWELC #2",
        N_(
            "In a published set of X-ray images of welds, cut from few photographs with overlap, every test image is "
            "also a training image. Split by photograph, 93 % become about 82 %."
        ),
    ),
    differences=(Difference("val_accuracy", "higher", 0.05), Difference("test_accuracy", "same", 0.15)),
)
