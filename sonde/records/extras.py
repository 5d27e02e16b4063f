"""How an extra is installed, in the words of every message about one that is missing."""


def install_hint(extra: str) -> str:
    """Return the command that installs an extra, from an index and from a checkout.

    >>> install_hint("web")
    "pip install 'sonde[web]' (in a checkout: pip install -e '.[web]')"
    """
    return f"pip install 'sonde[{extra}]' (in a checkout: pip install -e '.[{extra}]')"
