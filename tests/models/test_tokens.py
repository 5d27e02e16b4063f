"""Counting tokens without a network."""

import hashlib
from base64 import b64encode
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sonde.models.token_estimate import estimate_tokens
from sonde.models.tokens import ESTIMATE, TokenTable, count_tokens_for, counter_from

_RANKS = b"".join(
    b64encode(token) + b" " + str(rank).encode() + b"\n"
    for rank, token in enumerate([*(bytes([byte]) for byte in range(256)), b"th", b"the"])
)
_TINY = TokenTable(
    name="tiny",
    file_name="tiny-ranks",
    sha256=hashlib.sha256(_RANKS).hexdigest(),
    pattern=r"\S+|\s+(?!\S)|\s+",
)


def test_a_table_counts_as_its_tokenizer_does(tmp_path: Path) -> None:
    (tmp_path / "tiny-ranks").write_bytes(_RANKS)

    counter = counter_from(_TINY, [tmp_path])

    assert counter is not None
    assert (counter.name, counter.is_estimate) == ("tiny", False)
    assert counter("the cat") == 5  # the| |c|a|t
    assert counter("") == 0


def test_a_run_of_a_million_spaces_is_counted(tmp_path: Path) -> None:
    (tmp_path / "tiny-ranks").write_bytes(_RANKS)

    counter = counter_from(_TINY, [tmp_path])

    assert counter is not None
    assert counter(" " * 1_000_000) == 1_000_000


def test_a_table_with_a_wrong_sum_is_passed_over_and_left_alone(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad", tmp_path / "good"
    for folder, content in ((bad, _RANKS[:-1]), (good, _RANKS)):
        folder.mkdir()
        (folder / "tiny-ranks").write_bytes(content)

    assert counter_from(_TINY, [bad]) is None
    assert counter_from(_TINY, [bad, good]) is not None
    assert (bad / "tiny-ranks").read_bytes() == _RANKS[:-1]


def test_a_missing_table_gives_no_counter(tmp_path: Path) -> None:
    assert counter_from(_TINY, [tmp_path, tmp_path / "nowhere"]) is None


def test_a_model_without_a_known_tokenizer_is_estimated() -> None:
    for model in (None, "", "some-local-model", "vendor/some-local-model"):
        counter = count_tokens_for(model, environ={})
        assert counter is ESTIMATE
        assert counter.is_estimate


def test_the_estimate_is_near_the_count_of_a_known_tokenizer() -> None:
    cases = {  # counted once with the table of o200k_base
        "Auguste Piccard designed the bathyscaphe Trieste, which reached the Challenger Deep "
        "on 23 January 1960 with Jacques Piccard and Don Walsh aboard.": 34,
        '{"tool": "search", "arguments": {"queries": ["deepest trench"], "limit": 10}}': 23,
        "def mean(values: list[float]) -> float:\n    return sum(values) / len(values)\n": 20,
        "今天天气很好，我们去公园散步吧。": 12,
        "Привет мир, как дела?": 7,
        "Ελληνική γλώσσα και πολιτισμός": 10,
    }

    for text, tokens in cases.items():
        assert 0.7 * tokens <= estimate_tokens(text) <= 1.45 * tokens, text


@given(st.text(min_size=1), st.text())
def test_the_estimate_is_positive_and_never_falls_as_a_text_grows(text: str, more: str) -> None:
    assert 1 <= estimate_tokens(text) <= estimate_tokens(text + more)


def test_an_empty_text_has_no_tokens() -> None:
    assert estimate_tokens("") == 0


def test_a_lone_surrogate_can_be_counted() -> None:
    assert estimate_tokens("broken \ud800 text") >= 2
