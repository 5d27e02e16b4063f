"""ZIP archives, and the Office documents that are such: looked through before they are opened."""

import re
import zipfile
from pathlib import PurePosixPath
from typing import BinaryIO

from ..corpus.file_kind import Unreadable

_MOST_MEMBERS = 10_000
_MOST_BYTES = 256 << 20
_MOST_RATIO = 200
_SMALL = 1 << 20  # a member this small may be packed as well as it likes
_PROLOG = 64 << 10
_BEFORE_ROOT = re.compile(r"(\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_ROOT = re.compile(r"<[^\W\d]")
_XML = (".xml", ".rels", ".vml")


def open_archive(handle: BinaryIO) -> zipfile.ZipFile:
    """Return an archive that is safe to unpack.

    Raises:
        Unreadable: It is damaged or locked, leads out of its folder, or would grow too large.
    """
    try:
        archive = zipfile.ZipFile(handle)
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as err:
        raise Unreadable(f"the archive is damaged ({err})") from err
    if len(members) > _MOST_MEMBERS:
        raise Unreadable(f"the archive holds {len(members):,} files; {_MOST_MEMBERS:,} are read")
    whole = sum(member.file_size for member in members)
    if whole > _MOST_BYTES:
        raise Unreadable(
            f"unpacked the archive has {whole >> 20:,} MiB; {_MOST_BYTES >> 20} MiB are read"
        )
    for member in members:
        _check_member(member)
    return archive


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Return a member's bytes; one that is larger than it says is not read to its end.

    Raises:
        Unreadable: It is damaged, or larger than it says.
    """
    try:
        with archive.open(member) as file:
            data = file.read(member.file_size + 1)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as err:
        raise Unreadable(f"{member.filename!r} in the archive is damaged ({err})") from err
    if len(data) > member.file_size:
        raise Unreadable(f"{member.filename!r} in the archive is larger than it says")
    return data


def check_markup(archive: zipfile.ZipFile) -> None:
    """Refuse an Office document whose XML declares a document type: there entities can explode.

    Raises:
        Unreadable: One of its parts does.
    """
    for member in archive.infolist():
        if member.filename.lower().endswith(_XML):
            with archive.open(member) as file:
                _check_prolog(file.read(_PROLOG), member.filename)


def _check_prolog(data: bytes, name: str) -> None:
    """Refuse XML in which anything but comments and instructions stands before the first element.

    A document type can stand nowhere else, in whatever encoding and behind however much.
    """
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16" if is_wide else "utf-8-sig", "replace")
    begin = _BEFORE_ROOT.match(text)
    rest = text[begin.end() :] if begin else text
    is_hidden = not rest and len(data) == _PROLOG
    if is_hidden or rest[:2] == "<!":
        raise Unreadable(f"{name!r} declares XML entities, or hides what it declares; not opened")
    if rest and not _ROOT.match(rest):
        raise Unreadable(f"{name!r} is no XML, or in an encoding that is not read")


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name.split("/")[0] or ".." in PurePosixPath(name).parts:
        raise Unreadable(f"{member.filename[:100]!r} in the archive leads out of its folder")
    if member.flag_bits & 1:
        raise Unreadable("the archive is locked with a password")
    packed = max(1, member.compress_size)
    if member.file_size > _SMALL and member.file_size / packed > _MOST_RATIO:
        raise Unreadable(
            f"{member.filename[:100]!r} in the archive grows {member.file_size // packed:,} times "
            "when unpacked; not opened"
        )
