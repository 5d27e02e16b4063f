"""Stdout and stderr: text goes out whole, or the failure is told once."""

import io
import os
import sys
from pathlib import Path

from ..records.errors import SetupError
from .exits import OutputClosed


def write_out(text: str) -> None:
    """Write text to stdout, with an end of line, and flush it.

    Raises:
        SetupError: It cannot be written, since a disk is full for example.
        OutputClosed: Nobody reads it any more.
    """
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError as err:
        _silence_stdout()
        raise OutputClosed from err
    except OSError as err:
        _silence_stdout()
        raise SetupError(
            f"cannot write to stdout: {err.strerror or err}; what was asked for is kept, "
            "see `sonde runs list`"
        ) from err


def write_file(path: Path, text: str) -> None:
    """Write text into a file.

    Raises:
        SetupError: It cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a device or a pipe
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
            return
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_text(text, encoding="utf-8", errors="backslashreplace")
        beside.replace(path)
    except OSError as err:
        raise SetupError(f"cannot write {str(path)!r}: {err.strerror or err}") from err


def write_bytes(path: Path, data: bytes) -> None:
    """Write bytes into a file: whole, or not at all.

    Raises:
        SetupError: They cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as err:
        raise SetupError(f"cannot write {str(path)!r}: {err.strerror or err}") from err


def check_can_write(path: Path) -> None:
    """Find out before the work whether its outcome can be written here; nothing is changed.

    Raises:
        SetupError: It cannot.
    """
    if path.is_dir():
        raise SetupError(f"{str(path)!r} is a folder; name a file in it")
    folder = path.parent
    if not folder.is_dir():
        raise SetupError(f"there is no folder {str(folder)!r} to write {path.name!r} into; make it")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise SetupError(f"{str(path)!r} may not be written; check its permissions")


def say(line: str) -> None:
    """Write one line to stderr; where that is gone, there is nobody left to tell."""
    try:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()
    except OSError:
        return


def _silence_stdout() -> None:
    """Send what is still buffered nowhere, so that the end of the process does not trip over it."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, io.UnsupportedOperation):
        return
