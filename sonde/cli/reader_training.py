"""Teaching the reader, and telling what came of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..models.extractive.reader_file import VARIABLE
from ..models.extractive.refining import SETTINGS, Marks, refine
from ..models.extractive.scorer import default_weights, save_weights
from ..models.extractive.squad_file import read_lessons
from .figures import percent
from .screen import check_can_write, say, write_bytes, write_out


def train(
    files: Sequence[Path], *, output: Path, limit: int, passes: int, seed: int, is_quiet: bool
) -> None:
    """Teach the weights that ship some questions, and write the new ones.

    Raises:
        SetupError: A file cannot be used, or the weights cannot be written.
    """
    check_can_write(output)
    lessons = read_lessons(files)
    refined = refine(
        lessons,
        default_weights(),
        limit=limit,
        settings=replace(SETTINGS, epochs=passes, seed=seed),
        on_step=(lambda _: None) if is_quiet else say,
    )
    write_bytes(output, save_weights(refined.weights))
    lines = [
        f"learned {refined.learned:,} of {len(lessons):,} questions; on {refined.after.questions:,}"
        " questions of other articles:",
        f"before: {_marks_in_words(refined.before)}",
        f"after:  {_marks_in_words(refined.after)}",
        f"written to {output}; use it: {VARIABLE}={output} sonde ask ...",
    ]
    write_out("\n".join(lines))
    if (refined.after.f1 or 0.0) < (refined.before.f1 or 0.0):
        say("it does worse on articles that it has not learned; more questions, or none, do better")


def _marks_in_words(marks: Marks) -> str:
    parts = [
        ("exact match", marks.exact_match),
        ("F1", marks.f1),
        ("unanswerable ones declined", marks.declined),
    ]
    return ", ".join(f"{name} {percent(share)}" for name, share in parts if share is not None)
