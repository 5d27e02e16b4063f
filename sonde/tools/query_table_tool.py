"""The tool `query_table`: SQL over the tables that were given, so that none is pasted whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..records.errors import ToolError
from ..records.evidence import Passage
from ..records.json_types import JsonObject, JsonValue
from ..records.mistakes import as_paths
from ..records.tooling import ToolKind, ToolResult, ToolSpec
from .files.roots import Roots
from .files.table_names import TABLES
from .files.table_process import ask_table_apart
from .files.tables import Rows
from .results import cut_middle
from .worker_thread import in_thread

_LONGEST_RESULT = 12_000
_NAMED = 20
_PARAMETERS: Mapping[str, JsonValue] = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "description": "The file's name."},
        "sql": {
            "type": "string",
            "description": "One SELECT in DuckDB's SQL over the table `data`; a workbook's sheets "
            "are tables by their names. `DESCRIBE data` tells the columns.",
        },
    },
    "required": ["file", "sql"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class QueryTableTool:
    """Asks tables in SQL; nothing can be changed, and no other file be reached.

    Raises:
        SetupError: The paths are none.
    """

    paths: Sequence[Path]
    """The files, and folders with files, that may be asked."""

    def __post_init__(self) -> None:
        example = 'QueryTableTool(["facts.csv"])'
        listed = as_paths("paths", self.paths, wanted="a list of files", example=example)
        object.__setattr__(self, "paths", tuple(listed))

    @property
    def spec(self) -> ToolSpec:
        """What it offers."""
        named = [path.name for path in self.paths if path.suffix.lower() in TABLES][:_NAMED]
        files = f" Files: {', '.join(named)}." if named else ""
        return ToolSpec(
            name="query_table",
            description=f"Ask a table (CSV, Excel, Parquet) in SQL.{files}",
            parameters=_PARAMETERS,
            kind=ToolKind.OTHER,
        )

    async def call(self, arguments: JsonObject) -> ToolResult:
        """Ask a table.

        Raises:
            ToolError: There is no such file, or the query fails.
        """
        file, sql = arguments.get("file"), arguments.get("sql")
        if not isinstance(file, str) or not isinstance(sql, str):
            raise ToolError("give `file` and `sql` as texts")
        path = Roots(self.paths).find(file)
        rows = await in_thread(lambda: ask_table_apart(path, sql))
        return _result(path, sql, rows)


def _result(path: Path, sql: str, rows: Rows) -> ToolResult:
    """Return the rows as a table in Markdown, which is evidence of its own."""
    lines = [" | ".join(rows.columns), " | ".join("---" for _ in rows.columns)]
    lines += [" | ".join(cell.replace("\n", " ") for cell in row) for row in rows.rows]
    text = cut_middle("\n".join(lines), max_chars=_LONGEST_RESULT)
    more = "; there are more" if rows.is_cut else ""
    query = " ".join(sql.split())
    passage = Passage(
        source=str(path),
        doc_id=f"{path.name}?{query}",
        title=f"{path.name}: {query}",
        text=text,
        start=0,
    )
    note = f"{len(rows.rows)} rows{more}. Tables: {'; '.join(rows.tables)}"
    return ToolResult(text=cut_middle(note, max_chars=_LONGEST_RESULT), passages=(passage,))
