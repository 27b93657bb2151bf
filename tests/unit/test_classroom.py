"""The state of a class on disk: who may do what, what many do at once, and what becomes of strange input."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from tlcore.classroom import MOST_MEMBERS, ClassPlan, ClassStore, class_claims
from tlcore.errors import InvalidArgumentError
from tlcore.settings import Settings
from tlcore.store import expire

TEACHER, OTHER = "t" * 32, "u" * 32
PLAN = ClassPlan(experiment="dense_layers", dataset="digits", base="VGG16Slim", weights="embedded")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def store(settings: Settings) -> ClassStore:
    return ClassStore(settings)


@pytest.fixture
def code(store: ClassStore) -> str:
    return store.open(TEACHER, PLAN)


def student(number: int) -> str:
    return f"{number:032d}"


def test_a_class_is_found_however_its_code_is_typed(store: ClassStore, code: str) -> None:
    typed = f" {code[:2].lower()} {code[2:]}-"
    assert store.get(typed) == store.get(code)
    assert store.get(code).settings.pool == 1200
    assert (store.get(code).paused, store.get(code).shown, store.get(code).revealed) == (False, False, False)


@pytest.mark.parametrize("wrong", ["", "ABCDE", "BBBBB", "../..", "x" * 300, "🎓"])
def test_a_wrong_code_is_a_sentence(store: ClassStore, wrong: str) -> None:
    with pytest.raises(InvalidArgumentError, match="no class with the code"):
        store.get(wrong)


def test_what_takes_minutes_or_makes_no_sense_is_no_class(store: ClassStore) -> None:
    assert "three_ways" not in {spec.name for spec in class_claims()}
    with pytest.raises(InvalidArgumentError, match="take seconds"):
        store.open(TEACHER, PLAN.model_copy(update={"experiment": "three_ways"}))
    with pytest.raises(ValidationError):
        ClassPlan(experiment="dense_layers", dataset="digits", base="VGG16Slim", weights="/etc/passwd")


def test_a_browser_is_one_student_of_a_class_and_keeps_its_place(store: ClassStore, code: str) -> None:
    ana = store.join(code, student(1), "Ana")
    store.note_guess(code, student(1), 2)
    store.note_start(code, student(1))
    again = store.join(code, student(1), "somebody else")
    assert (again.member_id, again.nickname, again.number, again.guess) == (ana.member_id, "Ana", 1, 2)
    assert again.started_s is not None
    assert store.member(code, student(1)) == again
    assert store.member(code, student(2)) is None
    assert store.join(code, student(2), "Bia").seed == ana.seed + 1


@pytest.mark.parametrize("nickname", ["ana", " ANA ", "a\u200bna", "ａｎａ"])
def test_a_nickname_is_there_once(store: ClassStore, code: str, nickname: str) -> None:
    store.join(code, student(1), "Ana")
    with pytest.raises(InvalidArgumentError, match="is called"):
        store.join(code, student(2), nickname)
    other = store.open(OTHER, PLAN)
    assert store.join(other, student(2), nickname).number == 1, "another class has names of its own"


@pytest.mark.parametrize(
    ("nickname", "kept"),
    [("  Zé   da  Silva\n", "Zé da Silva"), ("<b>**x**</b>", "<b>**x**</b>"), ("a\u202eb\x00c", "abc"), ("🦊", "🦊")],
)
def test_a_nickname_is_kept_as_it_is_but_for_what_cannot_be_seen(
    store: ClassStore, code: str, nickname: str, kept: str
) -> None:
    assert store.join(code, student(1), nickname).nickname == kept


@pytest.mark.parametrize("nickname", ["", "   ", "\u200b", "x" * 200])
def test_no_nickname_and_a_long_one_are_refused_and_take_no_seat(store: ClassStore, code: str, nickname: str) -> None:
    with pytest.raises(InvalidArgumentError, match="nickname"):
        store.join(code, student(1), nickname)
    assert store.join(code, student(1), "Ana").number == 1


def test_only_the_browser_of_the_teacher_leads(store: ClassStore, code: str, settings: Settings) -> None:
    ana = store.join(code, student(1), "Ana")
    forbidden: list[Callable[[], None]] = [
        lambda: store.change(code, OTHER, revealed=True),
        lambda: store.rename(code, student(1), ana.member_id, "Zé"),
        lambda: store.erase(code, OTHER),
    ]
    for attempt in forbidden:
        with pytest.raises(InvalidArgumentError, match="Only the browser"):
            attempt()
    assert [found.code for found in store.classes_of(TEACHER)] == [code]
    assert store.classes_of(OTHER) == []
    on_disk = "".join(path.read_text() + str(path) for path in settings.home.rglob("*") if path.is_file())
    assert TEACHER not in on_disk
    assert student(1) not in on_disk


def test_a_teacher_gives_a_student_another_name_whatever_the_student_does_meanwhile(
    store: ClassStore, code: str
) -> None:
    rude = store.join(code, student(1), "rude word")
    store.join(code, student(2), "Bia")
    store.rename(code, TEACHER, rude.member_id, "Student 1")
    store.note_guess(code, student(1), 0)
    assert [(member.nickname, member.guess) for member in store.members(code)] == [("Student 1", 0), ("Bia", None)]
    with pytest.raises(InvalidArgumentError, match="is called"):
        store.rename(code, TEACHER, rude.member_id, "bia")
    store.rename(code, TEACHER, rude.member_id, "STUDENT 1")
    store.rename(code, TEACHER, rude.member_id, "Ana")
    assert store.join(code, student(3), "Student 1").nickname == "Student 1", "the name is free again"


def test_two_teachers_at_once_do_not_meet(store: ClassStore, code: str) -> None:
    other = store.open(OTHER, PLAN)
    store.change(code, TEACHER, paused=True)
    assert (store.get(code).paused, store.get(other).paused) == (True, False)
    assert abs(store.get(code).first_seed - store.get(other).first_seed) > MOST_MEMBERS


def test_who_comes_at_the_same_moment_is_not_lost(settings: Settings, code: str) -> None:
    def come(number: int) -> int:
        store = ClassStore(settings)  # as another replica has it
        member = store.join(code, student(number), f"student {number}")
        store.note_guess(code, student(number), number % 3)
        store.note_start(code, student(number))
        return member.number

    with ThreadPoolExecutor(12) as pool:
        numbers = list(pool.map(come, range(40)))
    members = ClassStore(settings).members(code)
    assert sorted(numbers) == list(range(1, 41)) == [member.number for member in members]
    assert {member.nickname: member.guess for member in members} == {f"student {n}": n % 3 for n in range(40)}


def test_of_many_with_one_nickname_one_has_it(settings: Settings, code: str) -> None:
    def come(number: int) -> bool:
        try:
            ClassStore(settings).join(code, student(number), "Ana")
        except InvalidArgumentError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(come, range(8))) == 1


def test_one_browser_opens_no_more_classes_than_it_can_lead(store: ClassStore) -> None:
    codes = [store.open(TEACHER, PLAN) for _ in range(10)]
    with pytest.raises(InvalidArgumentError, match="You lead 10 classes"):
        store.open(TEACHER, PLAN)
    assert store.open(OTHER, PLAN)
    store.erase(codes[0], TEACHER)
    assert store.open(TEACHER, PLAN)


def test_a_full_class_says_so(store: ClassStore, code: str) -> None:
    for number in range(MOST_MEMBERS):
        store.join(code, student(number), f"student {number}")
    with pytest.raises(InvalidArgumentError, match="full"):
        store.join(code, student(MOST_MEMBERS), "one more")


def test_what_is_erased_is_gone_and_who_is_still_there_is_told(
    store: ClassStore, code: str, settings: Settings
) -> None:
    store.join(code, student(1), "Ana")
    store.erase(code, TEACHER)
    assert not (settings.home / "classes" / code).exists()
    for late in (store.note_guess, lambda code, owner, _guess: store.join(code, owner, "Bia")):
        with pytest.raises(InvalidArgumentError, match="no class with the code"):
            late(code, student(1), 0)


def test_a_class_ends_by_itself_after_a_day(
    store: ClassStore, code: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, now_s = settings.home / "classes" / code, time.time()
    expire(settings, now_s=now_s + 23 * 3600)
    assert store.get(code)
    monkeypatch.setattr(time, "time", lambda: now_s + 25 * 3600)
    with pytest.raises(InvalidArgumentError, match="after a day"):
        store.get(code)
    assert expire(settings) == [folder]
    assert not folder.exists()


def test_a_damaged_file_is_as_none_and_what_comes_late_into_an_erased_class_expires(
    store: ClassStore, code: str, settings: Settings
) -> None:
    folder = settings.home / "classes" / code
    store.change(code, TEACHER, revealed=True)
    (folder / "stage.json").write_text('{"revealed": "perhaps", "more": 1}')
    assert not store.get(code).revealed
    (folder / "class.json").write_text("{")
    with pytest.raises(InvalidArgumentError, match="no class"):
        store.get(code)
    (folder / "class.json").unlink()
    os.utime(folder, (0, 0))
    assert expire(settings) == [folder]
