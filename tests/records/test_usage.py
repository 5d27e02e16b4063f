"""Buckets are disjoint, and unknown spreads."""

from sonde.records.unknown import add_known
from sonde.records.usage import Usage, sum_usage


def test_buckets_add_up_without_counting_twice() -> None:
    usage = Usage(uncached_input=10, cache_read=90, cache_write=5, output=7, reasoning=3)
    assert (usage.prompt, usage.completion, usage.total) == (105, 10, 115)


def test_an_unknown_bucket_makes_its_sums_unknown_and_no_others() -> None:
    total = Usage(uncached_input=None, output=4) + Usage(uncached_input=10, output=6)
    assert total.uncached_input is None
    assert total.output == 10
    assert total.total is None
    assert total.completion == 10


def test_no_calls_are_known_to_take_nothing() -> None:
    assert sum_usage([]) == Usage.zero()
    assert Usage.zero().total == 0
    assert Usage.unknown().total is None


def test_an_estimate_marks_the_sum() -> None:
    estimate = Usage(uncached_input=1, output=1, is_estimate=True)
    assert (estimate + Usage.zero()).is_estimate


def test_adding_nothing_is_unknown_only_where_a_part_is() -> None:
    assert add_known(0, 0) == 0
    assert add_known(0.5, None) is None
