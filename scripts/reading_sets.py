"""Questions with passages and answers, read from a folder of public reading sets."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from zlib import crc32

import numpy as np

from sonde.text.words import content_stems

_SPACED = re.compile(r"\s+([.,;:!?)%\]])|([(\[$])\s+|(?<=\w)\s+(?='s\b)|(?<=\w)\s-\s(?=\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A paragraph with its title."""

    title: str
    text: str


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
    found = [_page(str(text)) for text in row["ret"]]  # type: ignore[attr-defined]
    answer = str(row["answer"]).lower()
    holding = [page for page in found if answer in page.text.lower()]
    return (holding or found)[0].title


class Bm25:
    """A small ranked index in memory."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages = list(pages)
        postings: dict[str, list[tuple[int, int]]] = {}
        lengths: list[int] = []
        for number, page in enumerate(self.pages):
            counts = Counter(content_stems(f"{page.title} {page.title} {page.text}"))
            lengths.append(sum(counts.values()))
            for stem, count in counts.items():
                postings.setdefault(stem, []).append((number, count))
        norm = np.array(lengths, np.float32) / (np.mean(lengths) or 1)
        self._postings = {
            stem: _impact(rows, norm, len(self.pages)) for stem, rows in postings.items()
        }

    def search(self, query: str, *, limit: int) -> list[tuple[int, float]]:
        """Return numbers and scores of the best pages."""
        scores = np.zeros(len(self.pages), np.float32)
        for stem in set(content_stems(query)):
            if stem in self._postings:
                numbers, impact = self._postings[stem]
                scores[numbers] += impact
        limit = min(limit, len(scores))
        top = np.argpartition(-scores, limit - 1)[:limit]
        top = top[np.argsort(-scores[top], kind="stable")]
        return [(int(n), float(scores[n])) for n in top if scores[n] > 0]


def _impact(
    rows: list[tuple[int, int]], norm: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray]:
    numbers = np.array([number for number, _ in rows])
    counts = np.array([count for _, count in rows], np.float32)
    rarity = log(1 + (size - len(rows) + 0.5) / (len(rows) + 0.5))
    impact = rarity * counts * 2.2 / (counts + 1.2 * (0.25 + 0.75 * norm[numbers]))
    return numbers, impact.astype(np.float32)


def write_open_corpus(path: Path, pages: Sequence[str]) -> None:
    """Write pages, a title and a text each on lines of their own, as a corpus of JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for number, page in enumerate(pages):
            title, _, text = page.partition("\n")
            record = {"doc_id": f"p{number}", "title": title, "text": text}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
