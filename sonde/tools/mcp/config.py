"""The `mcpServers` file that assistants share: which servers there are, and how each is reached."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ...records.errors import SetupError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,24}")
_VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


class McpServer(BaseModel):
    """One server: a command that speaks over its stdin and stdout, or an address."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    command: str | None = None
    """The program to start."""
    args: tuple[str, ...] = ()
    """Its arguments."""
    env: Mapping[str, str] = Field(default_factory=dict)
    """Variables of its environment; it gets no others but the usual few."""
    cwd: str | None = None
    """Folder that it starts in."""
    url: str | None = None
    """Address of a server over streamable HTTP."""
    headers: Mapping[str, str] = Field(default_factory=dict)
    """Headers sent to that address."""
    disabled: bool = False
    """Whether it is left out."""

    @model_validator(mode="after")
    def _is_reached_one_way(self) -> Self:
        if (self.command is None) == (self.url is None):
            raise ValueError("give either `command` or `url`")
        if self.url is not None and not self.url.startswith(("http://", "https://")):
            raise ValueError(f"`url` must begin with http:// or https://, not {self.url!r}")
        return self


class _File(BaseModel):
    servers: dict[str, McpServer] = Field(alias="mcpServers")


def read_mcp_config(path: Path, *, environ: Mapping[str, str]) -> dict[str, McpServer]:
    """Return the servers of a file by name; `${NAME}` and `${NAME:-default}` are filled in.

    Raises:
        SetupError: The file cannot be read, names a variable that is not set, or is not understood.
    """
    try:
        text = path.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        why = getattr(err, "strerror", None) or str(err)
        raise SetupError(f"cannot read the MCP servers of {str(path)!r}: {why}") from err
    try:
        servers = _File.model_validate_json(text).servers
    except ValidationError as err:
        fault = err.errors(include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        what = f"{place}: {fault['msg']}" if place else fault["msg"]
        raise SetupError(
            f"{str(path)!r} is no list of MCP servers ({what}); write "
            '{"mcpServers": {"NAME": {"command": "...", "args": []}}}'
        ) from err
    for name in servers:
        if not _NAME.fullmatch(name):
            raise SetupError(
                f"{str(path)!r}: a server's name has 1 to 24 letters, digits, '_' or '-', "
                f"not {name!r}"
            )
    return {
        name: _filled(server, name, environ)
        for name, server in servers.items()
        if not server.disabled
    }


def _filled(server: McpServer, name: str, environ: Mapping[str, str]) -> McpServer:
    def fill(text: str) -> str:
        def value(match: re.Match[str]) -> str:
            variable: str = match.group(1)
            default: str | None = match.group(2)
            if variable not in environ and default is None:
                raise SetupError(f"MCP server {name!r} needs the variable {variable}; set it")
            return environ.get(variable, default or "")

        return _VARIABLE.sub(value, text)

    return server.model_copy(
        update={
            "command": None if server.command is None else fill(server.command),
            "args": tuple(fill(each) for each in server.args),
            "env": {key: fill(each) for key, each in server.env.items()},
            "url": None if server.url is None else fill(server.url),
            "headers": {key: fill(each) for key, each in server.headers.items()},
        }
    )
