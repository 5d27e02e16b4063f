"""Price books on the disk: written once, read back to the bit."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sonde.costs.frozen_book import freeze, read_book
from sonde.costs.naming import Listing, NameIndex, NameRule, Provider, RuleKind
from sonde.costs.price_book import default_book
from sonde.costs.pricing import ModelPrice, PriceBook, PriceTier
from sonde.records.errors import SetupError

_PRICE = ModelPrice(
    input_per_mtok=0.1,
    output_per_mtok=2,
    tiers=(
        PriceTier(
            above_prompt_tokens=100, price=ModelPrice(input_per_mtok=1 / 3, output_per_mtok=4)
        ),
    ),
)
_NAMES = NameIndex(
    providers=(
        Provider(
            provider_id="p",
            url_pattern="https://p",
            listings=(Listing(key="p/m", rule=NameRule(kind=RuleKind.EQUALS, text="m")),),
        ),
    )
)
_BOOK = PriceBook(
    book_id="mine 1/2",
    prices={"own": ModelPrice(input_per_mtok=0, output_per_mtok=0)},
    listed={"p/m": _PRICE},
    names=_NAMES,
    since=date(2026, 1, 2),
)


_WITH_SERVICES = replace(
    _BOOK, book_id="services", services={"seller": 1 / 3}, services_on=date(2026, 1, 3)
)
_OF_FORMAT_1 = (
    b'{"format":1,"book_id":"own","sha256":'
    b'"066328f5a66904bac3a8136da29cb8435a7ce11676d3a12c78134d3c82f447b6","content":'
    b'{"since":null,"prices":{"m":{"input_per_mtok":1.0,"output_per_mtok":2.0}},"listed":{},'
    b'"names":{}}}\n'
)


@pytest.mark.parametrize("book", [_BOOK, _WITH_SERVICES, PriceBook(book_id="none")])
def test_a_book_is_read_back_as_it_was(tmp_path: Path, book: PriceBook) -> None:
    path = freeze(book, tmp_path / "books")
    assert read_book(path) == book
    assert freeze(read_book(path), tmp_path / "again").read_bytes() == path.read_bytes()
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_the_whole_list_is_read_back_as_it_was(tmp_path: Path) -> None:
    book = default_book(on=date(2026, 11, 20))
    path = freeze(book, tmp_path)
    assert path.name == f"{book.book_id}.json"
    assert read_book(path) == book
    assert read_book(path).price("gpt-5-mini-20250807") == book.price("gpt-5-mini")


def test_an_older_book_is_read_and_written_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_bytes(_OF_FORMAT_1)
    book = read_book(path)
    assert book.services is None
    assert freeze(book, tmp_path) == path
    later = freeze(replace(book, book_id="later", services={}), tmp_path)
    assert later.read_bytes().startswith(b'{"format":2,')
    assert read_book(later).services == {}


def test_the_endpoint_is_no_part_of_the_file(tmp_path: Path) -> None:
    path = freeze(_BOOK.for_endpoint("http://127.0.0.1:1/v1"), tmp_path)
    assert read_book(path) == _BOOK


def test_a_frozen_book_is_left_alone(tmp_path: Path) -> None:
    path = freeze(_BOOK, tmp_path)
    before = path.stat()
    assert freeze(_BOOK, tmp_path) == path
    assert path.stat().st_ino == before.st_ino
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_other_prices_under_the_same_id_are_refused(tmp_path: Path) -> None:
    path = freeze(_BOOK, tmp_path)
    before = path.read_bytes()
    with pytest.raises(SetupError, match="other prices under the id 'mine 1/2'"):
        freeze(replace(_BOOK, prices={}), tmp_path)
    assert path.read_bytes() == before


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    path = freeze(_BOOK, tmp_path)
    path.write_bytes(path.read_bytes().replace(b'"input_per_mtok":0.1', b'"input_per_mtok":0.2'))
    with pytest.raises(SetupError, match="was changed after it was written"):
        read_book(path)


def test_what_is_no_book_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    with pytest.raises(SetupError, match="No such file"):
        read_book(path)
    for text in ("", "[]", '{"format": 2}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SetupError, match="is no price book"):
            read_book(path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    with pytest.raises(SetupError, match="cannot keep the price book"):
        freeze(_BOOK, blocked / "books")
