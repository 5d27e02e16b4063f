"""What must never be seen: keys that hide themselves, and texts with secrets taken out."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from ..records.json_types import JsonObject, JsonValue
from .json_door import as_list, as_object

_KEY_SHAPES = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|hf|ghp|gho|glpat|tvly)[-_][A-Za-z0-9_\-]{12,}"  # keys by their prefix
    r"|\bAIza[0-9A-Za-z_\-]{30,}"
    r"|(?<=[Bb]earer )[A-Za-z0-9._~+/\-]{8,}=*"
    r"|(?<=://)[^/\s:@\"']+:[^/\s@\"']+(?=@)"  # name and password in an address
)
_SHORTEST_SECRET = 8
"""A shorter one would stand by chance in ordinary text."""
_SECRET_NAME = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS)$", re.I)


class Secret:
    """A text that does not show itself in a log, a repr or a traceback."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(***)"


class Redactor:
    """Takes given secrets, given host names and whatever looks like a key out of texts."""

    def __init__(
        self,
        *,
        secrets: Iterable[Secret] = (),
        hosts: Iterable[str] = (),
        is_exact: bool = False,
    ) -> None:
        """Say what is taken out.

        Args:
            secrets: Texts that must not be seen.
            hosts: Host names.
            is_exact: Whether what merely looks like a key stays.
        """
        self._secrets = tuple(one for one in secrets if len(one.reveal()) >= _SHORTEST_SECRET)
        self._is_exact = is_exact
        self._hosts = tuple(sorted(filter(None, hosts), key=len, reverse=True))
        self._is_idle = is_exact and not (self._secrets or self._hosts)

    def clean(self, text: str) -> str:
        """Return the text with `[secret]` and `[host]` in the place of what must not be seen."""
        for secret in self._secrets:
            text = text.replace(secret.reveal(), "[secret]")
        if not self._is_exact:
            text = _KEY_SHAPES.sub("[secret]", text)
        for host in self._hosts:
            text = re.sub(rf"(?<![\w-]){re.escape(host)}(?![\w-])", "[host]", text, flags=re.I)
        return text

    def clean_json(self, value: JsonValue) -> JsonValue:
        """Return JSON with every text in it cleaned, keys of objects too."""
        if self._is_idle:
            return value
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, dict):
            return self.clean_object(value)
        if isinstance(value, list):
            return [self.clean_json(item) for item in value]
        if value is None or isinstance(value, bool | int | float):
            return value
        if members := as_object(value):
            return self.clean_object(members)
        return {} if value == {} else [self.clean_json(item) for item in as_list(value)]

    def clean_object(self, members: JsonObject) -> dict[str, JsonValue]:
        """Return a JSON object with every text in it cleaned."""
        return {self.clean(name): self.clean_json(member) for name, member in members.items()}


def redactor_of(environ: Mapping[str, str], *, base_urls: Iterable[str] = ()) -> Redactor:
    """Return what takes out the environment's secrets and the hosts of these addresses.

    Args:
        environ: Each variable whose name ends as a secret's does, in KEY, TOKEN and the like.
        base_urls: Addresses of endpoints.
    """
    secrets = [Secret(value) for name, value in environ.items() if _SECRET_NAME.search(name)]
    return Redactor(secrets=secrets, hosts=[urlsplit(url).hostname or "" for url in base_urls])
