"""The classes of this lab, on disk, where all replicas of the app and all workers see them.

```
TLCORE_HOME/classes/<code>/class.json            what it is; written once
                           stage.json            paused, shown, revealed; by the teacher
                           seats/<number>        taken by whoever makes the file
                           names/<digest>        taken likewise, so that no nickname is there twice
                           members/<id>.json     by the student
                           called/<id>.json      another name for a student, by the teacher
```

Tokens of browsers are not on disk: who can list it cannot become a student or the teacher.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from fsspec.implementations.local import LocalFileSystem
from pydantic import BaseModel, ValidationError

from ..errors import InvalidArgumentError
from ..experiments import get_experiment
from ..files import write_atomically
from ..settings import Settings, get_settings
from ..store.lifetimes import CLASS_LIFETIME_S
from ..translatable import N_
from .documents import ClassDocument, ClassPlan, MemberDocument, NameDocument, StageDocument
from .mirrored import MirroredClasses
from .names import checked_nickname, folded, is_code, new_code, normalized_code
from .state import Classroom, Member

D = TypeVar("D", bound=BaseModel)

MOST_MEMBERS = 60
_MOST_OF_A_TEACHER = 10
#: Seeds of one class are these many apart from those of another, so that a class does not recall another's runs.
_SEEDS_APART, _MOST_CLASSES = 100, 2**20


class ClassStore:
    """All classes; each method reads or writes the disk, nothing is remembered here.

    Args:
        settings: Home; that of this process without it.

    Example:
        ```python
        store = ClassStore()
        code = store.open(teacher, ClassPlan(experiment="dense_layers", dataset="digits", ...))
        student = store.join(code, owner, "Ana")
        ```
    """

    def __init__(self, settings: Settings | None = None) -> None:
        settings = settings or get_settings()
        self._root = settings.home.absolute() / "classes"
        self._mirrored = MirroredClasses(settings)
        self._files = LocalFileSystem(auto_mkdir=True)

    def open(self, teacher: str, plan: ClassPlan) -> str:
        """Begins a class; returns its code.

        Args:
            teacher: Token of the teacher's browser, which alone may lead it.
            plan: What is measured.

        Raises:
            InvalidArgumentError: The claim is none for a class, or makes no sense on these images; or this browser
                leads many classes already.
        """
        plan.settings()
        if len(self.classes_of(teacher)) >= _MOST_OF_A_TEACHER:
            raise InvalidArgumentError(
                N_("You lead {most} classes already. Erase one of them, or go on with it."), most=_MOST_OF_A_TEACHER
            )
        first_seed = _SEEDS_APART * secrets.randbelow(_MOST_CLASSES)
        while not self._take(self._root / (code := new_code()) / "seats" / "0"):
            pass
        document = ClassDocument(plan=plan, teacher=_key(teacher, code), first_seed=first_seed, created_s=time.time())
        self._write(code, "class", document)
        return code

    def get(self, code: str) -> Classroom:
        """The class of a code, however it is typed.

        Raises:
            InvalidArgumentError: There is none, or it has ended.
        """
        code = normalized_code(code)
        document = self._read(code, "class", ClassDocument) if is_code(code) else None
        if document is None or time.time() > document.created_s + CLASS_LIFETIME_S:
            raise InvalidArgumentError(
                N_(
                    "There is no class with the code “{value}”. Compare it with the teacher's screen; a class ends "
                    "when its teacher erases it, or by itself after a day."
                ),
                value=code[:20],
            )
        stage = self._read(code, "stage", StageDocument) or StageDocument()
        return Classroom(
            code=code,
            plan=document.plan,
            settings=document.plan.settings(),
            first_seed=document.first_seed,
            created_s=document.created_s,
            ends_s=document.created_s + CLASS_LIFETIME_S,
            **stage.model_dump(),
        )

    def is_teacher(self, code: str, owner: str) -> bool:
        """Whether a browser is the one that began the class."""
        document = self._read(code, "class", ClassDocument)
        return document is not None and secrets.compare_digest(document.teacher, _key(owner, code))

    def classes_of(self, teacher: str) -> list[Classroom]:
        """The classes that a browser has begun and that have not ended, newest first."""
        codes = {path.name for path in self._root.iterdir()} if self._root.is_dir() else set()
        found = []
        for code in codes | self._mirrored.codes():
            with suppress(InvalidArgumentError):
                if self.is_teacher(code, teacher):
                    found.append(self.get(code))
        return sorted(found, key=lambda classroom: classroom.created_s, reverse=True)

    def change(self, code: str, teacher: str, **stage: bool) -> None:
        """Pauses or goes on, shows or hides, reveals or not; see `StageDocument`.

        Raises:
            InvalidArgumentError: Somebody else leads the class, or it has ended.
        """
        self._check_teacher(code, teacher)
        now = self._read(code, "stage", StageDocument) or StageDocument()
        self._write(code, "stage", now.model_copy(update=stage))

    def erase(self, code: str, teacher: str) -> None:
        """Deletes the class with all names and guesses.

        Raises:
            InvalidArgumentError: Somebody else leads the class, or it has ended.
        """
        self._check_teacher(code, teacher)
        self._mirrored.delete(code)
        self._files.rm(str(self._root / code / "class.json"))  # first: from here on nobody joins
        self._files.rm(str(self._root / code), recursive=True)

    def join(self, code: str, owner: str, nickname: str) -> Member:
        """Makes a browser a student of the class; one that is there already stays who it is.

        Raises:
            InvalidArgumentError: There is no such class, it is full, or the nickname cannot be or is taken.
        """
        classroom = self.get(code)
        known = self.member(classroom.code, owner)
        if known is not None:
            return known
        nickname, member_id = checked_nickname(nickname), _key(owner, classroom.code)
        self._take_name(classroom.code, nickname)
        number = self._take_seat(classroom.code)
        document = MemberDocument(nickname=nickname, number=number, joined_s=time.time())
        self._write(classroom.code, f"members/{member_id}", document)
        return _member(classroom.first_seed, member_id, document, None)

    def member(self, code: str, owner: str) -> Member | None:
        """The student that a browser is in a class; None before it has joined."""
        member_id = _key(owner, code)
        document = self._read(code, f"members/{member_id}", MemberDocument)
        return None if document is None else self._member_of(code, member_id, document)

    def members(self, code: str) -> tuple[Member, ...]:
        """All students in the order in which they came."""
        self._mirrored.fetch(code)
        folder = self._root / code / "members"
        found = []
        for path in folder.glob("*.json"):
            document = self._read(code, f"members/{path.stem}", MemberDocument)
            if document is not None:
                found.append(self._member_of(code, path.stem, document))
        return tuple(sorted(found, key=lambda member: member.number))

    def note_guess(self, code: str, owner: str, guess: int) -> None:
        """Keeps what a student guesses.

        Raises:
            InvalidArgumentError: There is no such class or option, or the browser has not joined.
        """
        options = get_experiment(self.get(code).plan.experiment).guess.options
        if not 0 <= guess < len(options):
            raise InvalidArgumentError(N_("Expected one of the answers that are offered. Choose one of them."))
        self._update(code, owner, guess=guess)

    def note_start(self, code: str, owner: str) -> None:
        """Keeps that a student has asked for their run.

        Raises:
            InvalidArgumentError: There is no such class, or the browser has not joined.
        """
        self.get(code)
        self._update(code, owner, started_s=time.time())

    def rename(self, code: str, teacher: str, member_id: str, nickname: str) -> None:
        """Calls a student something else, whatever they called themselves.

        Raises:
            InvalidArgumentError: Somebody else leads the class, it has no such student, or the name cannot be.
        """
        self._check_teacher(code, teacher)
        before = next((member for member in self.members(code) if member.member_id == member_id), None)
        if before is None:
            raise InvalidArgumentError(N_("This class has no such student any more. Load the page again."))
        nickname = checked_nickname(nickname)
        if folded(nickname) != folded(before.nickname):
            self._take_name(code, nickname)
            free = self._name_path(code, before.nickname)
            self._mirrored.release(free.relative_to(self._root).as_posix())
            with suppress(FileNotFoundError):
                self._files.rm_file(str(free))
        self._write(code, f"called/{member_id}", NameDocument(nickname=nickname))

    def _update(self, code: str, owner: str, **changes: Any) -> None:
        path = f"members/{_key(owner, code)}"
        document = self._read(code, path, MemberDocument)
        if document is None:
            raise InvalidArgumentError(N_("This browser is in no class with this code. Join it with a nickname."))
        self._write(code, path, document.model_copy(update=changes))

    def _member_of(self, code: str, member_id: str, document: MemberDocument) -> Member:
        name = self._read(code, f"called/{member_id}", NameDocument)
        about = self._read(code, "class", ClassDocument)
        return _member(0 if about is None else about.first_seed, member_id, document, name)

    def _check_teacher(self, code: str, owner: str) -> None:
        self.get(code)
        if not self.is_teacher(code, owner):
            raise InvalidArgumentError(N_("Only the browser in which a class was opened can lead it."))

    def _take_name(self, code: str, nickname: str) -> None:
        if not self._take(self._name_path(code, nickname)):
            raise InvalidArgumentError(
                N_("Somebody in this class is called “{nickname}” already. Take another nickname, “{nickname} 2” say."),
                nickname=nickname,
            )

    def _name_path(self, code: str, nickname: str) -> Path:
        return self._root / code / "names" / hashlib.sha256(folded(nickname).encode()).hexdigest()

    def _take_seat(self, code: str) -> int:
        for number in range(1, MOST_MEMBERS + 1):
            if self._take(self._root / code / "seats" / str(number)):
                return number
        raise InvalidArgumentError(
            N_("This class is full: it has {most} students. The teacher can open another."), most=MOST_MEMBERS
        )

    def _take(self, path: Path) -> bool:
        """Makes an empty file; False if somebody else has made it, at this very moment for example."""
        path.parent.mkdir(parents=True, exist_ok=True)
        taken = None if path.exists() else self._mirrored.take(path.relative_to(self._root).as_posix())
        try:
            path.touch(exist_ok=False)  # by the system in one step; fsspec's "create" looks first, and then writes
        except FileExistsError:
            return taken is True
        return taken is not False

    def _write(self, code: str, name: str, document: BaseModel) -> None:
        write_atomically(self._root / code / f"{name}.json", document.model_dump_json())
        self._mirrored.keep(code, f"{name}.json")

    def _read(self, code: str, name: str, model: type[D]) -> D | None:
        """The document; None where there is none, or none that can be read."""
        if not is_code(code):
            return None
        self._mirrored.fetch(code)
        with suppress(OSError, ValueError, ValidationError):
            return model.model_validate(json.loads(self._files.cat_file(str(self._root / code / f"{name}.json"))))
        return None


def _key(owner: str, code: str) -> str:
    """What stands for a browser in one class: nobody can tell the token from it, nor whether two classes share it."""
    return hashlib.sha256(f"{code} {owner}".encode()).hexdigest()[:32]


def _member(first_seed: int, member_id: str, document: MemberDocument, name: NameDocument | None) -> Member:
    return Member(
        member_id=member_id,
        nickname=document.nickname if name is None else name.nickname,
        number=document.number,
        seed=first_seed + document.number,
        joined_s=document.joined_s,
        guess=document.guess,
        started_s=document.started_s,
    )
