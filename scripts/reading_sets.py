"""Questions with passages and answers, read from a folder of public reading sets."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from zlib import crc32

from sonde.models.extractive.paragraph_index import Paragraph as Page

_SPACED = re.compile(r"\s+([.,;:!?)%\]])|([(\[$])\s+|(?<=\w)\s+(?='s\b)|(?<=\w)\s-\s(?=\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question with its answers, its own page where one is known, and its article."""

    question: str
    answers: tuple[str, ...]
    page: Page | None
    article: str
    kind: str = ""


def fold_of(article: str, folds: int) -> int:
    """Return the fold of an article: the same in every set, so that no article is in two."""
    return crc32(article.lower().encode()) % folds


def read_natural_questions(folder: Path) -> list[Item]:
    """Return Natural Questions with their gold paragraph."""
    items: list[Item] = []
    for line in (folder / "nq_oracle.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        context = row["ctxs"][0]
        page = Page(title=context["title"], text=context["text"])
        items.append(
            Item(
                question=row["question"],
                answers=tuple(row["answers"]),
                page=page,
                article=page.title,
            )
        )
    return items


def read_qed(folder: Path) -> list[Item]:
    """Return QED with its paragraphs, spacing mended."""
    items: list[Item] = []
    for line in (folder / "qed-dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answers = {mend(span["string"]) for spans in row["original_nq_answers"] for span in spans}
        page = Page(title=row["title_text"], text=mend(row["paragraph_text"]))
        items.append(
            Item(
                question=row["question_text"],
                answers=tuple(sorted(answers)),
                page=page,
                article=page.title,
            )
        )
    return items


def mend(text: str) -> str:
    """Return a tokenised text with its usual spacing."""
    text = text.replace("``", '"').replace("''", '"').replace(" -- ", "–")
    text = _SPACED.sub(
        lambda m: m.group(1) or m.group(2) or ("-" if "-" in m.group() else ""), text
    )
    return text.replace(" 's", "'s")


def read_qamr(folder: Path, names: Iterable[str] = ("qamr_dev.tsv", "qamr_test.tsv")) -> list[Item]:
    """Return QAMR: questions over single sentences."""
    items: list[Item] = []
    for name in names:
        sentence, article = "", ""
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                article, sentence = line, ""
            elif line.strip() and not sentence:
                sentence = mend(line)
            elif "\t" in line or "   " in line:
                parts = [part.strip() for part in re.split(r"\t|\s{3,}", line) if part.strip()]
                if len(parts) >= 2 and parts[0] != parts[1]:
                    items.append(
                        Item(
                            question=parts[0],
                            answers=tuple(parts[1:]),
                            page=Page(title="", text=sentence),
                            article=article,
                        )
                    )
    return items


def read_hotpot(folder: Path) -> tuple[list[Item], list[Page]]:
    """Return HotpotQA questions and the pages that they are asked over."""
    data = json.loads((folder / "hotpot_open.json").read_text(encoding="utf-8"))
    pages = [_page(text) for text in data["corpus"]]
    items = [
        Item(
            question=row["question"],
            answers=(row["answer"],),
            page=None,
            article=_article(row),
            kind=row["type"],
        )
        for row in data["questions"]
    ]
    return items, pages


def _page(text: str) -> Page:
    title, _, body = text.partition("\n")
    return Page(title=title, text=body)


def _article(row: dict[str, object]) -> str:
    """Return the title of the page that most likely holds the answer, to fold by."""
    found = [_page(text) for text in cast(list[str], row["ret"])]
    answer = str(row["answer"]).lower()
    holding = [page for page in found if answer in page.text.lower()]
    return (holding or found)[0].title
