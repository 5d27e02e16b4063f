"""Entropies as people read them: reckoned in nats, told in bits."""

from math import log

_A_BIT = log(2)


def bits(nats: float) -> float:
    """Return an amount of information in bits: yes-or-no questions, each as likely either way.

    A certainty, which a sum can leave at -0.0, is 0.

    >>> round(bits(log(8)), 12), bits(-0.0)
    (3.0, 0.0)
    """
    return nats / _A_BIT + 0.0
