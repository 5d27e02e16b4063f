"""Price books as files: written once under the book's id, read back to the bit."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from ..records.errors import SetupError
from .naming import NameIndex
from .pricing import ModelPrice, PriceBook


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What a book says, without its name and the endpoint that it is asked for."""

    since: date | None
    prices: dict[str, ModelPrice]
    listed: dict[str, ModelPrice]
    names: NameIndex
    services: dict[str, float] | None = None
    services_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A book as it stands on the disk."""

    format: Literal[1, 2]
    """2 where it tells what services cost, which a book of format 1 does not."""
    book_id: str
    sha256: str
    content: _Content


def digest(book: PriceBook) -> str:
    """Return the SHA-256 of everything that a book says, in hexadecimal digits.

    Its id and the endpoint that it is asked for are left out.
    """
    return _digest(_content(book))


def book_path(book_id: str, folder: Path) -> Path:
    """Return the file of a frozen book."""
    return folder / f"{quote(book_id, safe='+')}.json"


def freeze(book: PriceBook, folder: Path) -> Path:
    """Write a book into a folder, unless it is there, and return its file.

    The file is named by the book's id and never overwritten: a second book of the same id must say
    the same. The endpoint that the book is asked for is not kept.

    Raises:
        SetupError: Another book stands under the id, or the folder cannot be written.
    """
    path = book_path(book.book_id, folder)
    data = _encode(book)
    try:
        if not path.exists():
            _write_once(path, data)
        found = path.read_bytes()
    except OSError as err:
        raise SetupError(
            f"cannot keep the price book {path}: {err.strerror or err}; "
            "set SONDE_HOME to a folder that you may write to"
        ) from err
    if found != data:
        raise SetupError(
            f"{path} holds other prices under the id {book.book_id!r}, and runs refer to them; "
            "give the new book an id of its own"
        )
    return path


def read_book(path: Path) -> PriceBook:
    """Read a book that `freeze` wrote.

    Raises:
        SetupError: The file cannot be read, or is not as it was written.
    """
    try:
        file = _door().validate_json(path.read_bytes())
    except OSError as err:
        raise SetupError(f"cannot read the price book {path}: {err.strerror or err}") from err
    except ValidationError as err:
        raise SetupError(f"{path} is no price book: {err.errors()[0]['msg']}") from err
    if _digest(file.content) != file.sha256:
        raise SetupError(f"{path} was changed after it was written; restore it from a copy")
    content = file.content
    return PriceBook(
        book_id=file.book_id,
        prices=content.prices,
        listed=content.listed,
        names=content.names,
        since=content.since,
        services=content.services,
        services_on=content.services_on,
    )


def _content(book: PriceBook) -> _Content:
    return _Content(
        since=book.since,
        prices=dict(book.prices),
        listed=dict(book.listed),
        names=book.names,
        services=None if book.services is None else dict(book.services),
        services_on=book.services_on,
    )


def _encode(book: PriceBook) -> bytes:
    content = _content(book)
    file = _File(
        format=1 if content.services is None else 2,
        book_id=book.book_id,
        sha256=_digest(content),
        content=content,
    )
    return _door().dump_json(file, exclude_defaults=True) + b"\n"


def _digest(content: _Content) -> str:
    data = _content_door().dump_json(content, exclude_defaults=True)
    return hashlib.sha256(data).hexdigest()


@cache  # not made at import, which would slow down every start
def _door() -> TypeAdapter[_File]:
    return TypeAdapter(_File)


@cache
def _content_door() -> TypeAdapter[_Content]:
    return TypeAdapter(_Content)


def _write_once(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and leave one that is there as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".book-", delete=False) as file:
        file.write(data)
    unfinished = Path(file.name)
    try:
        os.link(unfinished, path)
    except FileExistsError:
        pass  # written by another process since; the caller compares
    except OSError:  # a file system without links
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
