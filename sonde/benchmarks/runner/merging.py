"""Shards as one run: their journals side by side under one manifest."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from ...records.errors import SetupError
from .bench_journal import read_log
from .manifest import MANIFEST, Manifest, continued, new_bench_id, read_manifest, write_manifest
from .places import FOREIGN, agents_home, journal_paths


def merge_runs(folders: Sequence[Path], out: Path) -> Manifest:
    """Write the runs of several folders into a new one, and return its manifest.

    Args:
        folders: Folders of one suite, whose attempts do not overlap.
        out: A folder that holds no run yet.

    Raises:
        SetupError: They belong to several suites, agents of one name differ, attempts overlap, or
            a folder cannot be read or written.
    """
    if len(folders) < 2:
        raise SetupError("there is nothing to merge; name two folders or more")
    if (out / MANIFEST).exists():
        raise SetupError(f"{out} holds a run already; name a new folder")
    _check_apart(folders)
    manifest = read_manifest(folders[0])
    for folder in folders[1:]:
        manifest = continued(manifest, read_manifest(folder), folder=folders[0])
    manifest = manifest.model_copy(update={"bench_id": new_bench_id()})
    try:
        out.mkdir(parents=True, exist_ok=True)
        for number, folder in enumerate(folders, start=1):
            _copy(folder, out, number)
    except OSError as err:
        raise SetupError(f"cannot write {out}: {err.strerror or err}; name another folder") from err
    write_manifest(out, manifest)  # last: without it the folder is no run
    return manifest


def _check_apart(folders: Sequence[Path]) -> None:
    """Refuse attempts that stand in two folders: one of them would be counted twice, or not."""
    owner: dict[str, Path] = {}
    for folder in folders:
        log = read_log(folder)
        for attempt_id in log.started.keys() | log.finished.keys():
            other = owner.setdefault(attempt_id, folder)
            if other is not folder:
                raise SetupError(
                    f"{other} and {folder} hold the same attempts; merge parts that do not "
                    "overlap, such as those of --shard 1/2 and --shard 2/2"
                )


def _copy(folder: Path, out: Path, number: int) -> None:
    for path in journal_paths(folder):
        part = path.name.removeprefix("journal-").replace(FOREIGN, "-")
        shutil.copyfile(path, out / f"journal-{number}-{part}")
    for name in ("price-books", "runs"):
        source = agents_home(folder) / name
        if source.is_dir():
            shutil.copytree(source, agents_home(out) / name, dirs_exist_ok=True)
