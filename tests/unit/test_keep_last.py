"""What is kept of a function's results, by number and by memory."""

from __future__ import annotations

from tlcore.keep_last import keep_last


def test_the_last_results_stay_as_long_as_they_are_few_and_small() -> None:
    made: list[str] = []

    @keep_last(3, len, most_bytes=10)
    def repeat(text: str, times: int = 1) -> str:
        made.append(text)
        return text * times

    for text in ("a", "b", "a", "c", "a"):
        repeat(text)
    assert made == ["a", "b", "c"]
    repeat("d")
    repeat("b")
    assert made == ["a", "b", "c", "d", "b"], "of four the one that was used last longest ago has gone"
    repeat("d", times=9)
    repeat("a")
    assert made[5:] == ["d", "a"], "beside nine bytes there is room for one more"
    repeat("e", times=99)
    repeat("e", times=99)
    assert made[7:] == ["e"], "what alone is too much is kept while it is used"
    repeat("a")
    repeat("d", times=9)
    assert made[8:] == ["a", "d"]
