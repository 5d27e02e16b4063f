"""What an agent may reach besides its corpus, as a person asked for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..records.json_types import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Tools beyond the corpus; nothing by default, so that nothing leaves the machine unasked."""

    search: str | None = None
    """Search providers by name, with commas between them; None searches the corpus alone."""
    allow_hosts: tuple[str, ...] = ()
    """Hosts of this machine or of a private network that are opened on purpose."""
    is_polite: bool = True
    """Whether robots.txt is obeyed."""
    python: bool = False
    """Whether a Python interpreter is offered."""
    mcp_config: Path | None = None
    """File that names MCP servers whose tools are offered."""

    def as_json(self) -> dict[str, JsonValue]:
        """Return them as JSON, for the journal."""
        return {
            "search": self.search,
            "allow_hosts": list(self.allow_hosts),
            "is_polite": self.is_polite,
            "python": self.python,
            "mcp_config": str(self.mcp_config.expanduser().resolve()) if self.mcp_config else None,
        }

    @classmethod
    def of_json(cls, value: JsonValue) -> "Hands":
        """Return them from a journal; those of an older run are none."""
        if not isinstance(value, Mapping):
            return cls()
        search, hosts = value.get("search"), value.get("allow_hosts")
        return cls(
            search=search if isinstance(search, str) else None,
            allow_hosts=tuple(map(str, hosts)) if isinstance(hosts, list) else (),
            is_polite=bool(value.get("is_polite", True)),
            python=bool(value.get("python")),
            mcp_config=Path(str(config)) if (config := value.get("mcp_config")) else None,
        )
