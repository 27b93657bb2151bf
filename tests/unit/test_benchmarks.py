"""What benchmarks make from a seed is the same for the same seed."""

from __future__ import annotations

from benchmarks.chaos.faults import faults
from benchmarks.hostile import links, projects, uploads


def test_a_seed_makes_the_same_again_and_another_one_something_else() -> None:
    cheap = [number for number, sort in enumerate(uploads.SORTS) if "bomb" not in sort.__name__][:8]
    zips = [[uploads.SORTS[number](uploads.Random(f"{seed} {number}")) for number in cheap] for seed in (1, 1, 2)]
    made = (
        [faults(20, seed) for seed in (1, 1, 2)],
        [list(links.bad_links(20, seed)) for seed in (1, 1, 2)],
        [list(projects.bad_projects(len(projects.SORTS), seed, None)) for seed in (1, 1, 2)],
        zips,
    )
    for first, again, other in made:
        assert first == again
        assert first != other


def test_twenty_faults_are_of_every_sort_and_at_moments_of_a_training() -> None:
    chosen = faults(20, 0)
    assert len({fault.name for fault in chosen}) == 10
    assert all(0 <= fault.moment < 1 for fault in chosen)


def test_a_name_in_a_zip_has_the_byte_that_ends_names() -> None:
    made = [uploads.SORTS[3](uploads.Random(seed)) for seed in range(5)]
    assert any(b"nul\0byte" in content for content in made)
