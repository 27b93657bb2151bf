"""What becomes of the pixels on their way to the base."""

from __future__ import annotations

from ...lesson_code.layout import comment, function, lines, paragraphs, remark
from ...lesson_code.statements import dense_layer
from ...translatable import N_
from ..specification import Difference, Number, Piece, Report, Way
from ..statements import (
    bare_base,
    base,
    compiled,
    features,
    head,
    on_all_sets,
    opening,
    prepared,
    report_test,
    trained,
    use_accuracy,
)

_TEST = Number("test_accuracy", N_("accuracy on test images"))
_FIRST_LOSS = Number("first_loss", N_("loss in the first epoch"), "number")
_LAST_LOSS = Number("last_loss", N_("loss in the last epoch"), "number")
_USED = Number("used_accuracy", N_("accuracy on the photos of use"))


def _twice(name: str, way: Way) -> str:
    scaled = lines(comment(N_("the pixels from 0 to 1, as one always does")), on_all_sets("{images} / 255.0"))
    return paragraphs(
        opening(name),
        base(name),
        scaled if way == "broken" else comment(N_("raw pixels: the base prepares them itself")),
        lines(
            features(),
            head(),
            compiled(),
            trained(15, inputs="features"),
            "first_loss, last_loss = history.history['loss'][0], history.history['loss'][-1]",
            report_test("first_loss", "last_loss", inputs="features"),
        ),
    )


def _never(name: str, way: Way) -> str:
    return _prepared_in_training(name, "photos" if way == "broken" else prepared(name, "photos"))


def _of_another_network(name: str, way: Way) -> str:
    if way == "mended":
        return _prepared_in_training(name, prepared(name, "photos"))
    imported = "from keras.applications.vgg16 import preprocess_input"
    return _prepared_in_training(name, "preprocess_input(photos.astype('float32'))", imported)


def _prepared_in_training(name: str, in_use: str, *imports: str) -> str:
    """A base that leaves the pixels to others; `in_use` says what it is given where it is used."""
    return paragraphs(
        opening(name, *imports),
        bare_base(name),
        on_all_sets(prepared(name, "{images}")),
        lines(
            features(),
            head(),
            compiled(),
            trained(15, inputs="features"),
            report_test(inputs="features"),
        ),
        lines(
            remark("photos = data.test.images", N_("the same digits, as the app gets them")),
            use_accuracy(in_use),
            "print(used_accuracy)",
        ),
    )


def _bgr(name: str, way: Way) -> str:
    turned = "camera_images" if way == "broken" else "camera_images[..., ::-1]"
    return paragraphs(
        opening(name, "import numpy as np"),
        lines(
            comment(N_("the task: which pen wrote it, the red one or the blue one?")),
            "pens = np.array([[210, 30, 30], [30, 30, 210]])",
            function(
                "written(images)",
                "labels = np.arange(len(images)) % 2",
                "ink = (255 - images) / 255 * (255 - pens[labels][:, np.newaxis, np.newaxis])",
                "return (255 - ink).astype('uint8'), labels",
            ),
            *(f"{split}_images, {split}_labels = written({split}_images)" for split in ("train", "val", "test")),
        ),
        lines(
            base(name),
            features(),
            head(dense_layer(1, "sigmoid")),
            compiled("binary_crossentropy"),
            trained(8, inputs="features"),
            report_test(inputs="features"),
        ),
        lines(
            remark("camera_images = test_images[..., ::-1]", N_("the same digits, as OpenCV's camera gives them: BGR")),
            use_accuracy(turned),
            "print(used_accuracy)",
        ),
    )


def _exif(name: str, way: Way) -> str:
    opened = "Image.open(phone_file(image))"
    upright = opened if way == "broken" else f"ImageOps.exif_transpose({opened})"
    return paragraphs(
        opening(name, "import io", "import numpy as np", "from PIL import Image, ImageOps"),
        lines(base(name), features(), head(), compiled(), trained(15, inputs="features")),
        report_test(inputs="features"),
        function(
            "phone_file(image)",
            comment(N_("a phone stores the picture as its sensor lies, and beside it how to turn it")),
            "exif = Image.Exif()",
            remark("exif[0x0112] = 6", N_("a quarter turn to the right makes it upright")),
            "file = io.BytesIO()",
            "Image.fromarray(np.rot90(image)).save(file, 'JPEG', quality=95, exif=exif)",
            "return file",
        ),
        lines(
            f"photos = [{upright} for image in test_images]",
            use_accuracy("np.stack(photos)"),
            "print(used_accuracy)",
        ),
    )


TWICE = Piece(
    name="preprocessing_twice",
    title=N_("Fog"),
    mistake=N_("Preprocessed twice"),
    story=N_(
        "Every tutorial divides pixels by 255, and so does this program. The base is a good one; and still the head "
        "hardly learns anything."
    ),
    program=_twice,
    guilty=("train_images = ", "val_images = ", "test_images = "),
    numbers=(_TEST, _FIRST_LOSS, _LAST_LOSS),
    symptom="stuck",
    others=("explodes", "reversed", "too_good"),
    hint=N_("Follow the pixels from the file to the first convolution. How often are they scaled?"),
    explanation=N_(
        "This base prepares the pixels itself, as EfficientNet does in Keras: it expects 0 to 255. Given 0 to 1, it "
        "scales once more, and every image becomes nearly the same black."
    ),
    mending=N_("It gives raw pixels, and leaves the rest to the base."),
    report=Report(
        "https://github.com/mrdbourke/tensorflow-deep-learning/issues/14",
        "mrdbourke/tensorflow-deep-learning #14",
        N_(
            "With the same data, one EfficientNet learns and another does not. The finding: the one from "
            "keras.applications scales by itself, so images must not be scaled before."
        ),
    ),
    differences=(Difference("test_accuracy", "lower", 0.1), Difference("last_loss", "higher", 0.1)),
)

NEVER = Piece(
    name="preprocessing_never",
    title=N_("From another scale"),
    mistake=N_("Never preprocessed where it is used"),
    story=N_(
        "The base comes as most networks in keras.applications come. The images of training, validation and test are "
        "prepared, and all goes well. Then the network moves into an app."
    ),
    program=_never,
    guilty=("used_features = ",),
    numbers=(_TEST, _USED),
    symptom="in_use",
    others=("memorised", "stuck", "nothing_moves"),
    hint=N_("Everything that was prepared in training has to be prepared in use. Which line does without?"),
    explanation=N_(
        "The base was trained on pixels from -1 to 1, and so was the head; the app gives it 0 to 255. The features are "
        "then others altogether. Forgotten in training as well, it costs less: the head gets used to what it is given."
    ),
    mending=N_("It prepares the photos of the app as those of training."),
    report=Report(
        "https://github.com/keras-team/keras/issues/13293",
        "keras-team/keras #13293",
        N_(
            "MobileNetV2 with trained weights names next to nothing right. The cause: pixels from 0 to 255 where the "
            "network wants them prepared by its own `preprocess_input`."
        ),
    ),
    differences=(Difference("test_accuracy", "same", 0.05), Difference("used_accuracy", "lower", 0.15)),
)

OF_ANOTHER_NETWORK = Piece(
    name="preprocessing_of_another",
    title=N_("The wrong recipe"),
    mistake=N_("Preprocessed as another network wants it"),
    story=N_(
        "Whoever wrote the app knew that photos have to be prepared, and took Keras's own function for it. No error, "
        "and in training everything had been fine."
    ),
    program=_of_another_network,
    guilty=("from keras.applications", "used_features = "),
    numbers=(_TEST, _USED),
    symptom="in_use",
    others=("memorised", "stuck", "no_probabilities"),
    hint=N_("There is one such function for each network. Whose is it?"),
    explanation=N_(
        "`preprocess_input` of VGG16 subtracts the mean and swaps red and blue: values from -124 to 151. This base was "
        "trained on -1 to 1, in RGB. The name of the function is the same for all networks; what it does is not."
    ),
    mending=N_("It prepares the photos as this base was trained."),
    report=Report(
        "https://github.com/keras-team/keras/issues/10279",
        "keras-team/keras #10279",
        N_(
            "Photographs of cats come out as lampshades: the images of a DenseNet were prepared by the function that "
            "belongs to VGG and ResNet. Each network has its own, in its own module."
        ),
    ),
    differences=(Difference("test_accuracy", "same", 0.05), Difference("used_accuracy", "lower", 0.15)),
)

BGR = Piece(
    name="bgr",
    title=N_("Good at the desk, bad at the camera"),
    mistake=N_("BGR for RGB"),
    story=N_(
        "Was it written with the red pen or the blue one? Training, validation and test are fine. Then the network "
        "gets the pictures of a camera, read with OpenCV, of the very same digits."
    ),
    program=_bgr,
    guilty=("used_features = ",),
    numbers=(_TEST, _USED),
    symptom="in_use",
    others=("memorised", "stuck", "nothing_moves"),
    hint=N_("The digits are the same; what is different in the arrays, and which line should have undone it?"),
    explanation=N_(
        "OpenCV gives blue, green, red. The network was trained on red, green, blue: to it, what the red pen wrote is "
        "blue. Where colour does not decide alone, it is just some points worse, and nobody is warned."
    ),
    mending=N_("It turns the channels round before the base sees the pictures."),
    report=Report(
        "https://github.com/datitran/object_detector_app/issues/29",
        "datitran/object_detector_app #29",
        N_(
            "A detector finds less through OpenCV's camera than in the notebook that it comes from. Turning BGR into "
            "RGB before the network mends it."
        ),
    ),
    differences=(Difference("test_accuracy", "same", 0.03), Difference("used_accuracy", "lower", 0.05)),
)

EXIF = Piece(
    name="exif",
    title=N_("Photos from a phone"),
    mistake=N_("EXIF orientation ignored"),
    story=N_(
        "Trained and tested on upright pictures. In use, the same things are photographed with a phone, and the "
        "network fails on photos that look perfectly upright in every viewer."
    ),
    program=_exif,
    guilty=("photos = ",),
    numbers=(_TEST, _USED),
    symptom="in_use",
    others=("memorised", "stuck", "nothing_moves"),
    hint=N_("How does a viewer know which way is up? Which line opens the files, and does it know?"),
    explanation=N_(
        "A phone stores the picture as its sensor lies and writes into EXIF how to turn it. Viewers do; `Image.open`, "
        "`tf.image.decode_jpeg` and Keras's `load_img` do not. The network sees everything lying on its side."
    ),
    mending=N_("It turns each photo as EXIF says, right after opening it."),
    report=Report(
        "https://github.com/tensorflow/tensorflow/issues/8430",
        "tensorflow/tensorflow #8430",
        N_(
            "A service whose users upload photos from phones notices that `decode_jpeg` leaves EXIF's orientation "
            "aside, and asks for support of it. The answer: write it yourself."
        ),
    ),
    differences=(Difference("test_accuracy", "same", 0.03), Difference("used_accuracy", "lower", 0.05)),
)
