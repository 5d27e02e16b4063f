"""BrowseComp's encrypted CSV; questions and answers are decrypted in memory and nowhere else.

Each row has a password of its own, the canary. The key stream is its SHA-256 over and over, and
problem and answer are that stream XOR the text, in base64 (openai/simple-evals, MIT).
"""

import base64
import binascii
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import cycle

from .rows import Row

COLUMNS = frozenset({"problem", "answer", "canary"})
"""Columns that make a CSV one of BrowseComp's."""


def decrypted_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield rows with problem and answer in plain text, and without the canary.

    Raises:
        SuiteError: A row cannot be decrypted with its canary.
    """
    for row in rows:
        values = dict(row.values)
        canary = str(values.pop("canary", ""))
        for name in ("problem", "answer"):
            try:
                values[name] = decrypt(str(values.get(name, "")), canary)
            except (ValueError, binascii.Error) as err:
                raise row.refuse(
                    f"the {name} cannot be decrypted with the row's canary; download the file again"
                ) from err
        yield Row(path=row.path, line=row.line, values=values)


def decrypt(ciphertext: str, password: str) -> str:
    """Return the text of a base64 cipher.

    Raises:
        ValueError: It is no base64, or no text comes out.
    """
    stream = cycle(sha256(password.encode()).digest())
    data = base64.b64decode(ciphertext, validate=True)
    return bytes(left ^ right for left, right in zip(data, stream, strict=False)).decode()
