"""The text layer of a PDF, page by page."""

from collections.abc import Iterator
from typing import BinaryIO

from .file_kind import Unreadable


def pdf_pages(handle: BinaryIO) -> Iterator[str]:
    """Yield the text of each page, with a blank line after it.

    Raises:
        Unreadable: The file is encrypted, or no page holds text.
    """
    from pypdf import PdfReader  # most corpora hold no PDF

    reader = PdfReader(handle)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("the PDF is locked with a password; save it without one")
    has_text = False
    for page in reader.pages:
        text = page.extract_text().strip().encode("utf-8", "replace").decode()  # lone surrogates
        if text:
            has_text = True
            yield text + "\n\n"
    if not has_text:
        raise Unreadable("the PDF has no text layer; run OCR first")
