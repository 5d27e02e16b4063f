"""A person's own prices, and what is said where they are none."""

from pathlib import Path

import pytest

from sonde.costs.overrides import read_overrides, with_overrides
from sonde.costs.pricing import ModelPrice, PriceBook
from sonde.records.errors import SetupError

_MINE = ModelPrice(input_per_mtok=1.0, output_per_mtok=2.0)
_BOTH = "input_per_mtok = 1\noutput_per_mtok = 2\n"


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "prices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_of_a_price_can_be_given(tmp_path: Path) -> None:
    text = f'[models."a/b:c"]\n{_BOTH}cache_read_per_mtok = 0.1\ncache_write_per_mtok = 1.25\n'
    text += f"reasoning_per_mtok = 3\nper_call_usd = 0.01\n[models.plain]\n{_BOTH}"
    assert read_overrides(_file(tmp_path, text)) == {
        "a/b:c": ModelPrice(
            input_per_mtok=1.0,
            output_per_mtok=2.0,
            cache_read_per_mtok=0.1,
            cache_write_per_mtok=1.25,
            reasoning_per_mtok=3.0,
            per_call_usd=0.01,
        ),
        "plain": _MINE,
    }


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    book = PriceBook(book_id="b")
    assert with_overrides(book, read_overrides(_file(tmp_path, ""))) is book


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "[models.m]\ninput_per_mtok = -1\noutput_per_mtok = 2",
            "input_per_mtok must be 0 or more",
        ),
        ("[models.m]\ninput_per_mtok = nan\noutput_per_mtok = 2", "not nan"),
        ('[models.m]\ninput_per_mtok = "1"\noutput_per_mtok = 2', "a number of dollars, not '1'"),
        ("[models.m]\ninput_per_mtok = true\noutput_per_mtok = 2", "not True"),
        ("[models.m]\ninput_per_mtok = 1", "output_per_mtok is missing"),
        (f"[models.m]\n{_BOTH}cached = 1", "'cached' is not known; known are input_per_mtok"),
        (f"[models.m]\n{_BOTH}tiers = []", "'tiers' is not known"),
        ("[model.m]\ninput_per_mtok = 1", "'model' is not known"),
        ("models = 3", "must be a table"),
        ("[models]\nm = 3", "model 'm' must be a table"),
        ("[models.m", "are no TOML"),
    ],
)
def test_nonsense_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = _file(tmp_path, text)
    with pytest.raises(SetupError) as caught:
        read_overrides(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"missing\.toml: No such file"):
        read_overrides(tmp_path / "missing.toml")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(SetupError, match="no TOML"):
        read_overrides(binary)


def test_the_id_follows_the_prices_and_not_their_order() -> None:
    book = PriceBook(book_id="b")
    other = ModelPrice(input_per_mtok=1.0, output_per_mtok=2.5)
    one = with_overrides(book, {"x": _MINE, "y": other})
    assert one.book_id == with_overrides(book, {"y": other, "x": _MINE}).book_id
    assert one.book_id != with_overrides(book, {"x": other, "y": other}).book_id
    assert book.price("x") is None
