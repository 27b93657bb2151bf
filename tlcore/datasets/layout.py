"""Finds out which folders name the classes, and which only say what part of a split their images belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from .file_kinds import IMAGE_ENDINGS
from .folder_words import UNLABELLED, SplitPart, holds_annotations, holds_images, is_version, split_part

_Path = tuple[str, ...]


@dataclass(frozen=True)
class FolderLayout:
    """What the folders around images mean.

    Attributes:
        class_names: For each path the folder that names its class; None where none does.
        parts: For each path the part of a split that its folders name: "train", "validation", "test" or None.
        split_folders: Names of folders that were looked through because they name parts of a split.
        versions: Names of folders that hold the same classes once more in another way; the classes are then not found.
    """

    class_names: tuple[str | None, ...]
    parts: tuple[str | None, ...]
    split_folders: tuple[str, ...]
    versions: tuple[str, ...] = ()


def find_layout(paths: Sequence[_Path]) -> FolderLayout:
    """Which folder of each path names its class.

    A single folder around all images is looked through. So are folders named after parts of a split (`train`,
    `Test_Set`, `seg_pred`, `validação`, ...) where all folders of a level are, or where two different parts hold
    folders of their own, and a folder that holds the folders around it once more, as some archives do. One `train`
    among other folders is a class like them. Of `train_cats` and `test_cats` the class is `cats`.

    Args:
        paths: Folder names and file name of each file; an empty one has no class.
    """
    images = {index for index, path in enumerate(paths) if path and _is_image(path)} or set(range(len(paths)))
    walk = _Walk(paths, images)
    walk.run()
    class_names = [walk.class_of(index) for index in range(len(paths))]
    parts = [walk.parts.get(index) or walk.part_below(index) for index in range(len(paths))]
    return FolderLayout(tuple(class_names), tuple(parts), tuple(walk.split_folders), walk.versions)


def _is_image(path: _Path) -> bool:
    return PurePosixPath(path[-1]).suffix.lower() in IMAGE_ENDINGS


@dataclass
class _Folder:
    """One folder name of a level: the names of the folders in it, and whether images lie in it directly."""

    below: set[str] = field(default_factory=set)
    has_images: bool = False


_Level = Mapping[str, _Folder]


@dataclass
class _Walk:
    """The way down from the outermost folders to those that name classes.

    Attributes:
        paths: All of them.
        images: Indices of the paths whose folders decide.
        inside: Index -> depth at which its class is looked for; without those that have none.
        parts: Index -> part of the split that a folder on the way named.
        topics: Index -> class that such a folder named beside its part.
    """

    paths: Sequence[_Path]
    images: set[int]
    inside: dict[int, int] = field(default_factory=dict)
    parts: dict[int, str | None] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    split_folders: dict[str, None] = field(default_factory=dict)
    versions: tuple[str, ...] = ()

    def run(self) -> None:
        self.inside = dict.fromkeys((index for index, path in enumerate(self.paths) if len(path) > 1), 0)
        while level := self._level():
            self._drop(_beside_images(level, in_split=bool(self.split_folders)))
            level = self._level()
            if copies := _copies(level):
                self._step_into(dict.fromkeys(copies, 1))
            elif topics := _topics(level):
                self._take_topics(topics)
                return
            elif looked_through := _without_class(level):
                self._look_through(level, looked_through)
            else:
                self._check_last(level)
                return

    def class_of(self, index: int) -> str | None:
        if index in self.topics:
            return self.topics[index]
        at = self.inside.get(index)
        return None if at is None else self.paths[index][at]

    def part_below(self, index: int) -> str | None:
        """The part that a folder inside the class names, as in `cats/train/1.jpg`."""
        at = self.inside.get(index)
        found = split_part(self.paths[index][at + 1]) if at is not None and len(self.paths[index]) > at + 2 else None
        return found.kind if found and not found.about and found.kind != UNLABELLED else None

    def _level(self) -> dict[str, _Folder]:
        level: dict[str, _Folder] = defaultdict(_Folder)
        for index, at in self.inside.items():
            if index in self.images:
                name, *below = self.paths[index][at:-1]
                level[name].below.update(below[:1])
                level[name].has_images |= not below
        return dict(level)

    def _drop(self, names: set[str]) -> None:
        self.inside = {index: at for index, at in self.inside.items() if self.paths[index][at] not in names}

    def _step_into(self, steps: Mapping[str, int]) -> None:
        stepped = {index: at + steps.get(self.paths[index][at], 0) for index, at in self.inside.items()}
        self.inside = {index: at for index, at in stepped.items() if len(self.paths[index]) > at + 1}

    def _look_through(self, level: _Level, names: set[str]) -> None:
        self._drop({self.paths[index][at] for index, at in self.inside.items()} - names)
        parts = {name: part for name in sorted(names) if (part := split_part(name))}
        self._note_parts(parts)
        again = {
            name for name in parts if level[name].below == {name} and not level[name].has_images
        }  # seg_train/seg_train
        self._step_into({name: 2 if name in again else 1 for name in names})

    def _take_topics(self, parts: Mapping[str, SplitPart]) -> None:
        """Takes the class from folders such as `train_cats`."""
        self._note_parts(parts)
        spelled = {part.topic: part.about for part in parts.values()}
        self.topics = {
            index: spelled[parts[self.paths[index][at]].topic]
            for index, at in self.inside.items()
            if self.paths[index][at] in parts
        }
        self.inside = {}

    def _note_parts(self, parts: Mapping[str, SplitPart]) -> None:
        self.split_folders.update(dict.fromkeys(parts))
        for index, at in self.inside.items():
            if part := parts.get(self.paths[index][at]):
                self.parts[index] = None if part.kind == UNLABELLED else part.kind

    def _check_last(self, level: _Level) -> None:
        shared = set.intersection(*(folder.below for folder in level.values())) if len(level) > 1 else set()
        if all(map(is_version, level)) and len(shared) > 1:
            self.versions = tuple(sorted(level))
            self.inside = {}
        elif len(level) == 1 and all(map(holds_images, level)):
            self.inside = {}


def _beside_images(level: _Level, *, in_split: bool) -> set[str]:
    """Folders that name no class beside the others: masks beside images, loose images of a part beside its classes."""
    if any(holds_images(name) for name in level):
        annotations = {name for name in level if holds_annotations(name)}
        others = set(level) - annotations
        if annotations and all(holds_images(name) or split_part(name) for name in others):
            return annotations
        if in_split and len(others) > 1:
            return {name for name in level if holds_images(name)}
    return set()


def _copies(level: _Level) -> set[str]:
    """Folders that hold nothing but the folders beside them once more: `chest_xray` beside `train` and `test`."""
    return {
        name
        for name, folder in level.items()
        if len(folder.below) > 1 and not folder.has_images and folder.below <= set(level) - {name}
    }


def _topics(level: _Level) -> dict[str, SplitPart]:
    """Parts of a split whose names say the class as well: `train_cats`, `train_dogs`, `test_cats`, `test_dogs`."""
    parts = {name: part for name in level if (part := split_part(name)) and part.kind != UNLABELLED}
    topics: dict[str, set[str]] = defaultdict(set)
    for part in parts.values():
        topics[part.kind].add(part.topic)
    first, *others = topics.values() or [set()]
    agree = len(parts) == len(level) and bool(others) and all(other == first for other in others)
    return parts if agree and len(first) > 1 and "" not in first else {}


def _without_class(level: _Level) -> set[str]:
    """The folders of a level to look through for classes; none where they are the classes."""
    names = set(level)
    parts = {name: part for name in names if (part := split_part(name))}
    if len(names) == 1:
        return names if any(folder.below for folder in level.values()) or _is_bare_part(parts) else set()
    topic = _topic_of_split(parts)
    if topic is None:
        return set()  # "crash test" and "train station" are things, not parts
    main = {name for name, part in parts.items() if part.topic == topic or part.kind == UNLABELLED}
    kinds = {parts[name].kind for name in main}
    nested = any(level[name].below for name in main)
    if main == names:
        return names if len(kinds - {UNLABELLED}) > 1 or nested else set()
    if len(kinds) > 1 and nested:
        classes = set().union(*(level[name].below for name in main))
        return main | {name for name in names if level[name].below and level[name].below <= classes}
    return set()


def _is_bare_part(parts: Mapping[str, SplitPart]) -> bool:
    return bool(parts) and all(not part.about for part in parts.values())


def _topic_of_split(parts: Mapping[str, SplitPart]) -> str | None:
    """What the parts of one split are about; the barest where several would do, None where they are of none."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for part in parts.values():
        if part.kind != UNLABELLED:
            kinds[part.topic].add(part.kind)
    if len(kinds) <= 1:
        return next(iter(kinds), None)
    return next((topic for topic in sorted(kinds, key=len) if len(kinds[topic]) > 1), None)
