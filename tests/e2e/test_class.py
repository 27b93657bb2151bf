"""A class at once: ten people who speak the browser's protocol prepare images, run a base over them and train."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from benchmarks.load.lesson import Pace, prepare, run_base, train
from benchmarks.load.person import ProtocolPerson

PEOPLE, TRAININGS = 10, 2
LOOK_S = 3.0  # longer than a page that polls would wait
#: A small base and few epochs: it is about the many, not about the networks.
FEATURES = "lang=en&base=LeNet5Modern&weights=random&units=16&epochs=3"


async def _lesson(person: ProtocolPerson, together: asyncio.Barrier, ended: list[str]) -> None:
    await prepare(person, Pace(0.0, 0))
    await person.follow("feature extraction", "feature_extraction", FEATURES)
    await run_base(person)
    await together.wait()
    for _ in range(TRAININGS):
        await train(person)
        ended.append(person.name)


async def _class(address: str) -> tuple[list[ProtocolPerson], list[str]]:
    people = [ProtocolPerson(address, f"person {number}") for number in range(PEOPLE)]
    together, ended = asyncio.Barrier(PEOPLE), []
    await asyncio.gather(*(_lesson(person, together, ended) for person in people))
    await asyncio.sleep(LOOK_S)  # the last results are drawn
    asked = [person.page.sent["timer"] for person in people]
    await asyncio.sleep(LOOK_S)
    assert [person.page.sent["timer"] for person in people] == asked, "nothing polls for nothing"
    await asyncio.gather(*(person.close() for person in people))
    return people, ended


def test_every_lesson_of_a_class_ends_and_nobody_is_starved(app_address: str) -> None:
    with ThreadPoolExecutor(1) as another_thread:  # playwright keeps a loop running on this one
        people, ended = another_thread.submit(asyncio.run, _class(app_address)).result()
    assert [error for person in people for error in person.errors] == []
    assert {person.name: ended.count(person.name) for person in people} == dict.fromkeys(ended, TRAININGS)
    assert len(set(ended)) == PEOPLE
    first_with_all = next(at for at, name in enumerate(ended) if ended[: at + 1].count(name) == TRAININGS)
    assert set(ended[:first_with_all]) == {person.name for person in people}, "each has one before anybody has two"
