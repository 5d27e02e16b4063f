"""Files inside the roots that were given, and none beside them."""

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ...records.errors import ToolError


@dataclass(frozen=True, slots=True)
class Roots:
    """Files and folders that were given; all else does not exist for a tool."""

    paths: Sequence[Path]
    """The files and folders."""

    def find(self, name: str) -> Path:
        """Return a file by its name, or by its path within a root.

        Raises:
            ToolError: There is none of that name inside the roots, or it is no plain file.
        """
        if "\0" in name or not name.strip():
            raise ToolError(f"{name!r} is no file name")
        for root in self.paths:
            for path in _candidates(root, name.strip()):
                found = self._checked(path, name)
                if found is not None:
                    return found
        raise ToolError(f"there is no file {name!r} among those given: {self._listed()}")

    def _checked(self, path: Path, name: str) -> Path | None:
        try:
            resolved = path.resolve(strict=True)
            mode = resolved.stat().st_mode
        except (OSError, RuntimeError):
            return None
        if not any(_is_within(resolved, root) for root in self.paths):
            if path.is_symlink() or ".." in Path(name).parts:
                raise ToolError(f"{name!r} leads out of the files that were given; not read")
            return None
        if not stat.S_ISREG(mode):
            raise ToolError(f"{name!r} is no plain file")
        return resolved

    def _listed(self) -> str:
        names = [path.name + ("/" if path.is_dir() else "") for path in self.paths]
        return ", ".join(names[:10]) or "none"


def _candidates(root: Path, name: str) -> list[Path]:
    asked = Path(name)
    if root.is_dir():
        return [root / asked]
    is_named = name in (root.name, str(root)) or asked == root
    return [root] if is_named else []


def _is_within(resolved: Path, root: Path) -> bool:
    real = root.resolve()
    return resolved == real or (real.is_dir() and resolved.is_relative_to(real))
