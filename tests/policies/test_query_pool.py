"""Pools keep each query once and never renumber."""

import pytest

from sonde.policies.query_pool import QueryPool


def test_a_closed_pool_is_what_it_was_given() -> None:
    pool = QueryPool.closed(["Is it black?", "Is it white?"])
    assert pool.queries == ("Is it black?", "Is it white?")
    with pytest.raises(ValueError, match="this pool is closed"):
        pool.with_proposals(["Is it blue?"])


@pytest.mark.parametrize("queries", [[], ["Is it black?", "Is it black?"], [" "]])
def test_a_closed_pool_needs_queries_each_once(queries: list[str]) -> None:
    with pytest.raises(ValueError, match="query"):
        QueryPool.closed(queries)


def test_proposals_in_other_words_are_left_out_and_numbers_stay() -> None:
    pool = QueryPool.proposed(["Does it live in water?", "", "Is it living in the water?"])
    more = pool.with_proposals(["Does it  eat\nfish?", "Do fish eat it?", "Does it live in water?"])
    assert pool.queries == ("Does it live in water?",)
    assert more.queries == ("Does it live in water?", "Does it eat fish?", "Do fish eat it?")


def test_no_more_proposals_are_taken_than_asked_for() -> None:
    pool = QueryPool.proposed(["one red apple"]).with_proposals(
        ["one red apple", "two green pears", "three plums"], limit=1
    )
    assert pool.queries == ("one red apple", "two green pears")


def test_queries_of_stop_words_alone_are_told_apart() -> None:
    assert len(QueryPool.proposed(["Who is it?", "Where is it?", "Who is it"]).queries) == 2


def test_the_facts_of_a_case_become_questions() -> None:
    pool = QueryPool.of_facts(["Fever for two days.", "No cough", "fever for 2 days", "No coughs"])
    assert pool.queries == (
        "Is this so: Fever for two days?",
        "Is this so: No cough?",
        "Is this so: fever for 2 days?",
    )
    assert not pool.is_open
    with pytest.raises(ValueError, match="at least one query"):
        QueryPool.of_facts([])
