"""Frames of a camera on their way into a set: kept once, found again, split by bursts."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tlcore.datasets.recording import Frame, burst_groups, recorded_dataset
from tlcore.errors import DatasetError, InvalidArgumentError
from tlcore.settings import Settings
from tlcore.store import OwnerStore, new_owner
from tlcore.store.recordings import Recording

NAMES = ("mug", "no mug")


@pytest.fixture
def store(tmp_path: Path) -> OwnerStore:
    return OwnerStore(new_owner(), Settings(home=tmp_path))


@pytest.fixture
def recording(store: OwnerStore) -> Recording:
    return Recording(store, NAMES)


def jpeg(brightness: int = 90) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (32, 32), (brightness, 40, 160)).save(file, "JPEG")
    return file.getvalue()


def counts(recording: Recording) -> dict[str, int]:
    return {recorded.name: len(recorded.frames) for recorded in recording.classes()}


def test_a_batch_that_is_told_twice_is_kept_once_and_found_again(store: OwnerStore, recording: Recording) -> None:
    assert recording.item_id is None, "looking at the page keeps nothing"
    for _ in range(2):
        recording.add_frames("0", 1_700_000_000_000, 0, [jpeg(), jpeg(91)])
    recording.add_frames("0", 1_700_000_000_000, 2, [jpeg(92)])
    recording.add_frames("0", 1_700_000_009_000, 0, [jpeg(93)])
    again = Recording(store, ["other", "words"])
    assert counts(again) == {"mug": 4, "no mug": 0}
    mug = again.classes()[0]
    assert [len(burst.frames) for burst in mug.bursts] == [3, 1]
    assert again.read(mug.frames[3]) == jpeg(93)


def test_classes_are_named_added_emptied_and_removed(recording: Recording) -> None:
    recording.name_class("1", "cup ")
    recording.name_class("7f", "spoon")
    recording.name_class("7f", "spoon")
    recording.add_frames("7f", 5, 0, [jpeg()])
    recording.add_frames("1", 6, 0, [jpeg()])
    recording.empty_class("1")
    assert counts(recording) == {"mug": 0, "cup": 0, "spoon": 1}
    recording.remove_class("7f")
    recording.remove_class("7f")
    assert counts(recording) == {"mug": 0, "cup": 0}


def test_what_may_not_be_kept_is_refused(tmp_path: Path) -> None:
    recording = Recording(OwnerStore(new_owner(), Settings(home=tmp_path, owner_quota_bytes=2000)), NAMES)
    with pytest.raises(InvalidArgumentError, match="id of a class"):
        recording.add_frames("nobody", 5, 0, [jpeg()])
    with pytest.raises(InvalidArgumentError, match="id of a class"):
        recording.name_class("../up", "x")
    with pytest.raises(InvalidArgumentError, match="store at most"):
        recording.add_frames("0", 5, 0, [jpeg()] * 8)
    assert sum(counts(recording).values()) == 0, "of a batch that is too much nothing is kept"


@pytest.mark.parametrize(
    ("lengths", "pieces"),
    [
        ([50], [30, 10, 10]),
        ([3], [1, 1, 1]),
        ([40, 10], [30, 10, 10]),
        ([25, 25], [25, 13, 12]),
        ([20, 15, 15], [20, 15, 15]),
        ([100, 1, 1], [61, 20, 19, 1, 1]),
        ([1, 1, 1, 1], [1, 1, 1, 1]),
    ],
)
def test_bursts_stay_whole_unless_one_is_most_of_its_class(lengths: list[int], pieces: list[int]) -> None:
    bursts = np.repeat(np.arange(len(lengths)), lengths)
    groups = burst_groups(np.zeros(len(bursts), np.int64), bursts.tolist())
    assert sorted(np.bincount(groups), reverse=True) == sorted(pieces, reverse=True)
    assert np.all(np.diff(groups) >= 0), "each piece is one stretch of time"


def test_a_recording_of_a_thing_that_stands_still_is_a_set(tmp_path: Path) -> None:
    """All frames of a class are near-duplicates: what an import would refuse."""
    frames = [
        Frame(name, burst, f"{name}-{burst}-{number}", lambda brightness=10 * label + burst: jpeg(brightness))
        for label, name in enumerate(NAMES)
        for burst in range(3)
        for number in range(8)
    ]
    data = recorded_dataset(
        [*frames, Frame("mug", 0, "broken", lambda: b"\xff\xd8\xff no")], name="camera", image_size=(32, 32)
    )
    assert data.class_names == NAMES
    assert [len(split) for split in data.splits.values()] == [16, 16, 16]
    seen = [{source.rsplit("-", 1)[0] for source in split.sources} for split in data.splits.values()]
    assert not seen[0] & seen[2], "the test images come from bursts that nothing was learned from"
    assert [file.name for file in data.rejected] == ["broken"]
    assert data.notes == ()
    one_go = [frame for frame in frames if frame.class_name == "mug" or frame.burst == 0]
    (note,) = recorded_dataset(one_go, name="camera", image_size=(32, 32)).notes
    assert "three goes: no mug." in str(note)


def test_too_little_is_said_by_class(tmp_path: Path) -> None:
    frames = [Frame(name, 0, name, jpeg) for name in ("mug",) * 4 + ("no mug",) * 2]
    with pytest.raises(DatasetError, match="'no mug' has 2"):
        recorded_dataset(frames, name="camera", image_size=(32, 32))
    with pytest.raises(DatasetError, match="Two classes"):
        recorded_dataset(frames[:4], name="camera", image_size=(32, 32))
