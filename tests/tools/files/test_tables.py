"""Tables are asked in SQL; no query reaches past its table, and no hostile file is loaded."""

import asyncio
import io
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest

from sonde.records.errors import ToolError
from sonde.records.tooling import ToolResult
from sonde.tools.files.tables import Rows, ask_table
from sonde.tools.query_table_tool import QueryTableTool

DIVES = "dive,depth_m,day\n1,120,2024-01-02\n2,900,2024-02-03\n3,10935,2024-03-04\n"


@pytest.fixture
def dives(tmp_path: Path) -> Path:
    path = tmp_path / "dives.csv"
    path.write_text(DIVES, encoding="utf-8")
    return path


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "Dives 2024"
    for row in (("dive", "depth_m"), (1, 120), (2, 900.5)):
        first.append(row)
    other = book.create_sheet("Ships")
    for row in (("ship", "dive"), ("Alvin", 1), ("Trieste", 2)):
        other.append(row)
    book.save(path)
    return path


def ask(path: Path, sql: str) -> Rows:
    return ask_table(path, sql, seconds=0.5)


def test_a_csv_is_asked_with_its_types(dives: Path) -> None:
    found = ask(dives, "SELECT max(depth_m) AS deepest, min(day) FROM data WHERE dive > 1")
    assert (found.columns[0], found.rows) == ("deepest", (("10935", "2024-02-03"),))
    assert found.tables == ("data (dive BIGINT, depth_m BIGINT, day DATE)",)


def test_a_tsv_and_a_parquet_file_are_tables(dives: Path, tmp_path: Path) -> None:
    tsv, parquet = tmp_path / "a.tsv", tmp_path / "a.parquet"
    tsv.write_text(DIVES.replace(",", "\t"), encoding="utf-8")
    duckdb.execute(f"COPY (SELECT * FROM read_csv('{dives}')) TO '{parquet}'")
    for path in (tsv, parquet):
        assert ask(path, "SELECT count(*), sum(depth_m) FROM data").rows == (("3", "11955"),)


def test_sheets_of_a_workbook_are_tables_that_join(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx")
    sql = "SELECT ship, depth_m FROM ships JOIN dives_2024 USING (dive) ORDER BY depth_m DESC"
    assert ask(path, sql).rows == (("Trieste", "900.5"), ("Alvin", "120.0"))
    assert ask(path, "SELECT count(*) FROM data").rows == (("2",),)


def test_many_rows_and_long_cells_are_cut(dives: Path) -> None:
    found = ask(dives, "SELECT a.range FROM range(500) a")
    assert (len(found.rows), found.is_cut) == (200, True)


ESCAPES = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/*')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM read_parquet('http://127.0.0.1/x.parquet')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM parquet_metadata('/x')",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_extensions()",
    "SELECT getenv('HOME')",
    "SELECT * FROM DIVES",
    "SELECT * FROM path",
    "SELECT * FROM enable_logging()",
    "ATTACH '/tmp/x.db'",
    "ATTACH ':memory:' AS other",
    "COPY data TO '/tmp/sonde-escape.csv'",
    "COPY (SELECT 1) TO '/tmp/sonde-escape.csv'",
    "EXPORT DATABASE '/tmp/sonde-escape'",
    "IMPORT DATABASE '/tmp/x'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET memory_limit = '10GB'",
    "RESET enable_external_access",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CREATE TABLE z AS SELECT 1",
    "DROP TABLE data",
    "INSERT INTO data VALUES (1, 2, '2024-01-01')",
    "DELETE FROM data",
    "UPDATE data SET dive = 0",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE data",
    "EXPLAIN ANALYZE SELECT 1",
    "CREATE MACRO f() AS TABLE SELECT 1",
    "CHECKPOINT",
    "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = 3",
    "SELECT list(range) FROM range(200000000)",
    "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t",
    "not SQL at all",
    "",
    "SELECT '" + "x" * 20_000 + "'",
]


@pytest.mark.parametrize("sql", ESCAPES, ids=lambda sql: str(sql)[:40])
def test_a_query_reaches_no_file_no_network_and_no_variable(dives: Path, sql: str) -> None:
    with pytest.raises(ToolError) as failure:
        ask(dives, sql)
    assert len(str(failure.value)) < 2_000
    assert not list(Path("/tmp").glob("sonde-escape*"))


def test_a_query_that_changes_the_loaded_copy_leaves_the_file_as_it_is(dives: Path) -> None:
    with pytest.raises(ToolError, match="one SELECT"):
        ask(dives, "DELETE FROM data RETURNING *")
    assert dives.read_text(encoding="utf-8") == DIVES


def test_a_misspelt_column_is_told_with_the_tables(dives: Path) -> None:
    with pytest.raises(ToolError, match=r"(?s)deptj.*The tables are: data \(dive BIGINT"):
        ask(dives, "SELECT deptj FROM data")


def packed(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return buffer.getvalue()


BOMB = b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'aaaa'>]><workbook>&a;</workbook>"
HOSTILE = {
    "wide.csv": (
        ",".join(f"c{at}" for at in range(1_000_000)).encode(),
        "columns or more; 2,000 are read",
    ),
    "binary.csv": (b"a,b\n\0\1\2", "binary data"),
    "text.xlsx": (b"just text", "archive is damaged"),
    "empty.xlsx": (b"", "archive is damaged"),
    "zip.xlsx": (packed(**{"a.txt": b"x"}), "it is none"),
    "bomb.xlsx": (packed(**{"xl__workbook.xml": b" " * (40 << 20)}), "grows .* times"),
    "entities.xlsx": (packed(**{"xl__workbook.xml": BOMB}), "declares XML entities"),
    "traversal.xlsx": (packed(**{"..__..__evil.xml": b"x"}), "leads out of its folder"),
    "hollow.xlsx": (packed(**{"xl__workbook.xml": b"<workbook/>"}), "the workbook is damaged"),
    "text.parquet": (b"just text", "cannot be read as a table"),
    "notes.docx": (b"x", "is no table"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(tmp_path: Path, name: str) -> None:
    data, why = HOSTILE[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ToolError, match=why):
        ask(path, "SELECT * FROM data")


def call(paths: list[Path], file: str, sql: str = "SELECT * FROM data") -> ToolResult:
    return asyncio.run(QueryTableTool(paths).call({"file": file, "sql": sql}))


def test_the_tool_gives_rows_as_evidence(dives: Path) -> None:
    tool = QueryTableTool([dives])
    result = call([dives], "dives.csv", "SELECT depth_m FROM data WHERE dive = 3")
    assert "Files: dives.csv." in tool.spec.description
    assert result.passages[0].text == "depth_m\n---\n10935"
    assert result.passages[0].source == str(dives)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.csv",
        "folder/../../secret.csv",
        "/etc/passwd",
        "link.csv",
        "folder/link.csv",
        "none.csv",
        "pipe.csv",
        "folder",
        "a\0b",
        "",
        "~/x.csv",
    ],
)
def test_files_outside_the_roots_are_not_read(tmp_path: Path, name: str) -> None:
    import os

    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    (root / "link.csv").symlink_to(tmp_path / "secret.csv")
    (root / "folder" / "link.csv").symlink_to("../../secret.csv")
    os.mkfifo(root / "pipe.csv")
    with pytest.raises(ToolError):
        call([root], name)


def test_a_file_in_a_given_folder_is_found_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.csv").write_text("x\n7\n", encoding="utf-8")
    assert "7" in call([tmp_path], "a/b.csv").passages[0].text
    assert "7" in call([tmp_path], "a/../a/b.csv").passages[0].text
