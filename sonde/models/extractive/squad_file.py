"""Questions with their paragraphs, from files in the format of SQuAD 1.1 and 2.0."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from ...records.errors import SetupError

_MOST_BYTES = 500_000_000
_SHAPE = '{"data": [{"title": ..., "paragraphs": [{"context": ..., "qas": [{"question": ...}]}]}]}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A question with the paragraph that it is asked about."""

    question: str
    """The question."""
    answers: tuple[str, ...]
    """Right answers; none where the paragraph holds none."""
    title: str
    """Title of the article."""
    text: str
    """The paragraph."""
    article: str
    """What the article is told apart by: no article is both learned and tried."""


class _Answer(BaseModel):
    text: str


class _Question(BaseModel):
    question: str
    answers: list[_Answer] = []
    is_impossible: bool = False


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Article(BaseModel):
    title: str = ""
    paragraphs: list[_Paragraph]


class _File(BaseModel):
    data: list[_Article]


def read_lessons(paths: Sequence[Path]) -> list[Lesson]:
    """Return the questions of some files, each once.

    A question of an article without a title belongs to its paragraph. An answer that does not
    stand in the paragraph is left out; a question all of whose answers are left out, too.

    Raises:
        SetupError: A file cannot be read, or is not of the format; the message says where.
    """
    found = [lesson for path in paths for lesson in _lessons(_read(path))]
    lessons = list(dict.fromkeys(found))
    if not lessons:
        names = ", ".join(map(str, paths))
        raise SetupError(f"there is no usable question in {names}; the format is {_SHAPE}")
    return lessons


def _read(path: Path) -> _File:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise SetupError(f"{str(path)!r} is larger than 500 MB; split it and give the parts")
        return _File.model_validate_json(path.read_bytes())
    except OSError as err:
        raise SetupError(f"cannot read {str(path)!r}: {err.strerror or err}") from err
    except ValidationError as err:
        fault = err.errors()[0]
        place = ".".join(map(str, fault["loc"])) or "the file"
        raise SetupError(
            f"{str(path)!r} is no SQuAD file: {place}: {fault['msg']}; the format is {_SHAPE}"
        ) from None


def _lessons(file: _File) -> list[Lesson]:
    lessons: list[Lesson] = []
    for article in file.data:
        for paragraph in article.paragraphs:
            for asked in paragraph.qas:
                given = [answer.text.strip() for answer in asked.answers]
                answers = [a for a in dict.fromkeys(given) if a and a in paragraph.context]
                is_usable = bool(answers) or asked.is_impossible or not asked.answers
                if not is_usable or not asked.question.strip() or not paragraph.context.strip():
                    continue
                lessons.append(
                    Lesson(
                        question=asked.question.strip(),
                        answers=() if asked.is_impossible else tuple(answers),
                        title=article.title.replace("_", " ").strip(),
                        text=paragraph.context,
                        article=article.title.strip() or paragraph.context,
                    )
                )
    return lessons
