"""A photo on its way to the network, and what wrong ways change; labels that a base doubts."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from tlcore.datasets import decode_image, load_dataset
from tlcore.datasets.edits import MoveImages
from tlcore.datasets.preparation import prepare_photo, sample_photo
from tlcore.engine.job import JobContext
from tlcore.engine.tasks.editing import edit_dataset
from tlcore.engine.tasks.inspection import inspect_dataset
from tlcore.engine.tasks.references import DatasetReference
from tlcore.engine.tasks.seen import preview_augmentation, show_preparation
from tlcore.engine.tasks.suspects import suspect_labels
from tlcore.errors import DatasetError
from tlcore.store import OwnerStore
from tlcore.store.datasets import write_dataset

OWNER = "an-owner-of-a-test"
HELMETS = DatasetReference(name="helmets", num_images=60, image_size=(64, 64))


@pytest.fixture
def context() -> JobContext:
    return JobContext("job", OWNER, lambda event: None, lambda: False)


def test_each_step_is_a_step_of_the_way_that_every_photo_goes() -> None:
    photo = prepare_photo(sample_photo(), (96, 128))
    sizes = {each.step: (each.width, each.height) for each in photo.steps}
    assert sizes == {"file": (427, 640), "upright": (640, 427), "scaled": (144, 96), "cropped": (128, 96)}
    np.testing.assert_array_equal(photo.pixels, decode_image(sample_photo(), image_size=(96, 128)))
    scaled, cropped = photo.steps[2].picture.astype(int), photo.pixels.astype(int)
    assert np.abs(scaled[:, 8:136] - cropped).mean() < 2, "the middle of what was scaled"
    with Image.open(BytesIO(sample_photo())) as file:
        assert np.abs(photo.steps[0].picture - np.asarray(file.convert("RGB").resize((214, 320)), int)).mean() < 4
    assert photo.lying.shape == photo.squeezed.shape == (96, 128, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_file_is_shown_as_its_pixels_lie(orientation: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (24, 40, 3), np.uint8)
    note, file = Image.Exif(), BytesIO()
    note[0x0112] = orientation
    Image.fromarray(pixels).save(file, "PNG", exif=note)
    photo = prepare_photo(file.getvalue(), (16, 16))
    np.testing.assert_array_equal(photo.steps[0].picture, pixels)
    assert photo.orientation == orientation


def test_what_is_no_photo_is_refused() -> None:
    with pytest.raises(DatasetError, match=r"notes\.txt"):
        prepare_photo(b"not a photo", (32, 32), name="notes.txt")


def test_wrong_ways_change_what_reaches_the_network_and_what_it_says(context: JobContext) -> None:
    shown = show_preparation(context, base="VGG16Slim", weights="embedded", image=None)
    answers = {answer.choice: answer for answer in shown.answers}
    assert list(answers) == ["right", "lying", "squeezed", "bgr", "unit", "raw", "caffe"]
    right = answers["right"]
    assert (answers["raw"].low, answers["raw"].high) == pytest.approx((0, 255), abs=1)
    assert answers["caffe"].low < -50
    assert answers["unit"].high - answers["unit"].low < (right.high - right.low) / 100
    assert answers["bgr"].means == pytest.approx(right.means[::-1], abs=0.6), "but for the means that are subtracted"
    assert [len(answer.predictions) for answer in shown.answers] == [3] * 7
    assert len({tuple(answer.predictions) for answer in shown.answers}) == 7


def test_variants_are_other_pictures_of_the_same_photo(context: JobContext) -> None:
    shown = preview_augmentation(context, image=None, image_size=(64, 64), count=6)
    again = preview_augmentation(context, image=None, image_size=(64, 64), count=6, seed=1)
    with Image.open(BytesIO(shown.sheet)) as sheet:
        assert sheet.size == (640, 320)
        pictures = np.asarray(sheet, int)
    first, second, third = (pictures[:160, start : start + 160] for start in (0, 160, 320))
    assert np.abs(first - second).mean() > 2
    assert np.abs(second - third).mean() > 2
    assert (shown.count, shown.sheet != again.sheet) == (6, True)


def test_a_base_doubts_labels_that_were_planted_and_never_test_images(context: JobContext) -> None:
    data = load_dataset("helmets", num_images=60, image_size=(64, 64))
    with OwnerStore(OWNER).draft("datasets", name="helmets") as draft:
        write_dataset(data, draft.folder)
    brought = DatasetReference(item=draft.item_id)
    wrong = MoveImages(indices=(0, 1), class_names=tuple(data.class_names[1 - data.train.labels[i]] for i in (0, 1)))
    edited = edit_dataset(context, data=brought, edit=wrong).reference
    found = suspect_labels(context, data=edited, base="VGG16Slim", weights="embedded")
    assert found.examined == len(data.train) + len(data.validation)
    assert len(found.suspects) == 10
    assert max(suspect.index for suspect in found.suspects) < found.examined
    assert all(suspect.class_name != suspect.suggested for suspect in found.suspects)
    assert found.now.total == found.as_brought.total == len(data.test)
    assert found.now.low <= found.now.right / found.now.total <= found.now.high
    as_brought = suspect_labels(context, data=brought, base="VGG16Slim", weights="embedded")
    assert as_brought.now == as_brought.as_brought == found.as_brought, "the same labels, the same answer"


def test_a_set_without_faults_is_found_to_have_none(context: JobContext) -> None:
    found = inspect_dataset(context, data=HELMETS)
    assert [each.total for each in found.inspection.classes] == [30, 30]
    assert (found.inspection.dark, found.inspection.flat, found.inspection.files) == ((), (), None)
    assert [probe.trait for probe in found.shortcuts] == ["colour", "border"]
    assert not any(probe.is_trap for probe in found.shortcuts)
