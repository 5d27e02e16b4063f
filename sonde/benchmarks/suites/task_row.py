"""A row as a task: which fields mean what, and what may stand in them."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from string import ascii_uppercase
from typing import TypeAlias, cast

from ...records.json_types import JsonObject, JsonValue
from .rows import Row
from .suite import Task

FieldMap: TypeAlias = Mapping[str, str]
"""Names of this project's fields to the names that a file has for them."""

KNOWN_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "task_id", "_id", "qid", "question_id", "sample_id", "uid"),
    "input": ("input", "question", "problem", "query", "prompt", "instruction"),
    "target": (
        *("target", "answer", "final answer", "final_answer", "answers", "golden_answers"),
        *("answerkey", "answer_key", "expected", "label"),
    ),
    "choices": ("choices", "options"),
    "files": ("files", "file_name", "file"),
    "level": ("level", "difficulty"),
    "cluster": ("cluster", "group"),
    "metadata": ("metadata",),
}
"""What each field is called in files that are about; case does not count, the first one wins."""


def tasks_of(rows: Iterable[Row], *, base: Path, fields: FieldMap | None = None) -> Iterator[Task]:
    """Yield the tasks of rows.

    Args:
        rows: The rows of one suite, in order; a row without an id gets its number.
        base: Folder that attachments are named from.
        fields: Names of fields that the file calls otherwise, such as `{"target": "gold"}`.

    Raises:
        SuiteError: A row has no question, or a value that cannot be one; an id stands there twice.
    """
    first: dict[str, Row] = {}
    for number, row in enumerate(rows, start=1):
        task = _task(row, base=base, fields=fields or {}, number=number)
        if task.id in first:
            raise row.refuse(
                f"the id {task.id!r} stands at line {first[task.id].line} already; ids must differ"
            )
        first[task.id] = row
        yield task


def texts_of(value: JsonValue) -> tuple[str, ...]:
    """Return the texts of a value: a text, a number, or a list of these; nothing for none.

    Answers as SQuAD has them, `{"text": [...]}`, are read too.
    """
    if isinstance(value, Mapping):
        return texts_of(cast(JsonObject, value).get("text"))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(dict.fromkeys(text for each in value for text in texts_of(each)))
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ()
    text = value if isinstance(value, str) else _written(value)
    return (text,) if text.strip() else ()


def _task(row: Row, *, base: Path, fields: FieldMap, number: int) -> Task:
    values = dict(row.values)
    taken = {field: _take(row, values, field, fields) for field in KNOWN_NAMES}
    choices, labels = _choices(row, taken["choices"])
    return Task(
        id=next(iter(texts_of(taken["id"])), str(number)),
        input=_input(row, taken["input"], fields),
        target=tuple(_targets(taken["target"], choices, labels)),
        choices=choices,
        files=tuple(_files(row, taken["files"], base)),
        level=next(iter(texts_of(taken["level"])), None),
        cluster=next(iter(texts_of(taken["cluster"])), None),
        metadata={**values, **_metadata(row, taken["metadata"])},
    )


def _take(row: Row, values: dict[str, JsonValue], field: str, fields: FieldMap) -> JsonValue:
    """Take a field out of a row's values; what is left in the end is metadata."""
    if field in fields:
        return values.pop(fields[field], None)
    spelled = {name.lower(): name for name in reversed(list(values))}
    for name in KNOWN_NAMES[field]:
        if name in spelled:
            return values.pop(spelled[name])
    return None


def _input(row: Row, value: JsonValue, fields: FieldMap) -> str:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return "\n\n".join(_message(row, each) for each in value)
    wanted = fields.get("input") or "`input` or `question`"
    has = ", ".join(row.values) or "nothing"
    raise row.refuse(f"no question: {wanted} must be a text (the row has: {has})")


def _message(row: Row, value: JsonValue) -> str:
    """Return the text of a message of a chat, as Inspect's inputs may be."""
    content = cast(JsonObject, value).get("content") if isinstance(value, Mapping) else None
    if not isinstance(content, str):
        raise row.refuse("the input is a chat with more than texts; write the question as a text")
    return content


def _choices(row: Row, value: JsonValue) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the choices, and their labels where the file has its own."""
    if isinstance(value, Mapping):
        pair = cast(JsonObject, value)
        return _choices(row, pair.get("text"))[0], texts_of(pair.get("label"))
    if value is None:
        return (), ()
    if isinstance(value, str):
        value = value.split("|")
    if not isinstance(value, Sequence):
        raise row.refuse("choices must be a list of texts, or one text with | between them")
    return tuple(text.strip() for each in value for text in texts_of(each)), ()


def _targets(value: JsonValue, choices: tuple[str, ...], labels: tuple[str, ...]) -> Iterator[str]:
    """Yield the truths; a label or number of a choice becomes its text."""
    for text in texts_of(value):
        if not choices or text in choices:
            yield text
        elif text in labels:
            yield choices[labels.index(text)]
        elif not isinstance(value, str) and text.isdecimal() and int(text) < len(choices):
            yield choices[int(text)]
        elif len(text) == 1 and -1 < ascii_uppercase.find(text) < len(choices):
            yield choices[ascii_uppercase.index(text)]
        else:
            yield text


def _files(row: Row, value: JsonValue, base: Path) -> Iterator[Path]:
    """Yield the attachments: one path, a list, or Inspect's object of names and paths."""
    if isinstance(value, Mapping):
        value = list(cast(JsonObject, value).values())
    for name in texts_of(value):
        if "\n" in name or name.startswith("data:"):
            raise row.refuse("an attachment is written into the row; save it to a file and name it")
        yield (base / name).absolute()


def _metadata(row: Row, value: JsonValue) -> JsonObject:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise row.refuse("metadata must be a JSON object")
    return cast(JsonObject, value)


def _written(value: bool | int | float) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
