"""`runs export`: a run's journal, evidence and result in one file."""

import os
import sqlite3
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from ..memory.home import Home, RunFolder
from ..memory.journal import read_journal
from ..records.errors import SetupError
from .render_json import render_json
from .run_entry import result_in
from .screen import check_can_write, say


def export_stored(run_id: str, output: Path, *, may_replace: bool) -> None:
    """Pack a run into a .zip or .tar.gz file; half a file is never left behind.

    Raises:
        SetupError: There is no such run, or the file cannot be written or stands there already.
    """
    folder = Home.of(os.environ).run(run_id)
    is_zip = output.name.endswith(".zip")
    if not is_zip and not output.name.endswith((".tar.gz", ".tgz")):
        raise SetupError(f"{str(output)!r} names no archive; let it end in .zip or .tar.gz")
    check_can_write(output)
    if output.exists() and not may_replace:
        raise SetupError(f"{str(output)!r} exists; give another name, or --force to replace it")
    try:
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=".sonde-export-") as scratch:
            files = _gather(folder, Path(scratch))
            packed = Path(scratch) / "packed"
            (_zip if is_zip else _tar)(packed, files, folder.run_id)
            packed.replace(output)
    except OSError as err:
        raise SetupError(f"cannot write {str(output)!r}: {err.strerror or err}") from err
    say(f"run {folder.run_id} is in {output}")


def _gather(folder: RunFolder, scratch: Path) -> list[Path]:
    """Return the files to pack: databases as whole copies, whatever another process does."""
    contents = read_journal(folder.journal)
    files = [scratch / folder.journal.name]
    files[0].write_bytes(folder.journal.read_bytes())
    result = result_in(contents.events)
    if result is not None:
        files.append(scratch / "result.json")
        files[-1].write_text(render_json(result), encoding="utf-8", errors="backslashreplace")
    if folder.evidence.is_file():
        files.append(scratch / folder.evidence.name)
        _copy_database(folder.evidence, files[-1])
    return files


def _copy_database(source: Path, target: Path) -> None:
    address = f"{source.resolve().as_uri()}?mode=ro"
    with (
        closing(sqlite3.connect(address, uri=True, timeout=10)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)


def _zip(packed: Path, files: Sequence[Path], run_id: str) -> None:
    with zipfile.ZipFile(packed, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"{run_id}/{file.name}")


def _tar(packed: Path, files: Sequence[Path], run_id: str) -> None:
    with tarfile.open(packed, "w:gz") as archive:
        for file in files:
            archive.add(file, f"{run_id}/{file.name}", recursive=False)
