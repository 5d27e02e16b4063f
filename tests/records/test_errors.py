"""The tree that is drawn at the top of the file is the tree that there is."""

import re

from sonde.records import errors
from sonde.records.stopping import Limit, StopReason


def test_the_drawn_tree_is_the_real_one() -> None:
    drawn: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"([│├└─\s]*)([A-Z]\w+)", line)
        if found is None or not hasattr(errors, found.group(2)):
            continue
        depth = len(found.group(1)) // 4
        path[depth:] = [found.group(2)]
        drawn[found.group(2)] = path[depth - 1] if depth else "Exception"
    real = {
        name: thing.__mro__[1].__name__
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, Exception)
    }
    assert drawn == real


def test_every_limit_has_its_stop_reason() -> None:
    reasons = [StopReason.of_limit(limit) for limit in Limit]
    assert len(set(reasons)) == len(Limit)
    assert all(reason.is_budget for reason in reasons)
    assert not StopReason.ANSWERED.is_budget
