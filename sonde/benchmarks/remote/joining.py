"""The manifests of several machines as one."""

from collections.abc import Sequence

from pydantic import ValidationError

from ...records.errors import SetupError
from ..runner.manifest import Manifest, continued


def read_foreign(content: bytes, name: str) -> Manifest:
    """Return the manifest that another machine wrote.

    Raises:
        SetupError: This version cannot read it.
    """
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as err:
        first = err.errors()[0]
        raise SetupError(f"{name} cannot be read by this version: {first['msg']}") from err


def joined(foreign: Sequence[Manifest], mine: Manifest | None, *, name: str) -> Manifest:
    """Return one manifest of a run on several machines, under the id of the first that began.

    Where files stand differs from machine to machine: those of this one hold.

    Args:
        foreign: What other machines wrote; one at least.
        mine: What this machine wrote; None where it has written nothing.
        name: Where the run stands, for messages.

    Raises:
        SetupError: They are not of one run.
    """
    ordered = sorted(foreign, key=lambda each: (each.created_at, each.bench_id))
    whole = ordered[0]
    for other in (*ordered[1:], *(() if mine is None else (mine,))):
        whole = continued(whole, other, folder=name)
    if mine is not None and (mine.created_at, mine.bench_id) < (whole.created_at, whole.bench_id):
        whole = whole.model_copy(update={"bench_id": mine.bench_id, "created_at": mine.created_at})
    return whole
