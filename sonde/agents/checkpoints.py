"""LangGraph's checkpoints of one run: one a round, in SQLite.

The graph offers a checkpoint after every node, with what the node wrote. Only those between rounds
are kept. A process that dies within a round begins that round again, and finds what it had finished
in the journal; so the steps between need no checkpoint, and a round costs one write.
"""

import sqlite3
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
)
from langgraph.checkpoint.sqlite import SqliteSaver

from ..records.errors import SetupError

_BETWEEN_ROUNDS = ("round", "answer", "")


@cache
def checkpoint_tables() -> str:
    """Return the SQL of the saver's tables, as the package makes them: asked of it once."""
    with closing(sqlite3.connect(":memory:")) as db:
        SqliteSaver(db).setup()
        found = db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        return ";\n".join(str(sql) for (sql,) in found) + ";\n"


class RunSaver(SqliteSaver):
    """The SQLite saver, kept to one checkpoint a round, and without a thread for every write.

    A checkpoint of ids takes a fraction of a millisecond to write; handing it to a thread, as the
    package's own asynchronous saver does, takes longer than the write.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Write into an open file, whose owner made the tables and closes it."""
        super().__init__(connection)
        self.is_setup = True

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Return the checkpoint that a config names."""
        return self.get_tuple(config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002 -- the name is the base class's
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """Yield checkpoints, newest first."""
        for item in self.list(config, filter=filter, before=before, limit=limit):
            yield item

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Store a checkpoint, unless a round is under way or the first has not begun."""
        if checkpoint["channel_values"].get("next") not in _BETWEEN_ROUNDS:
            place = config["configurable"]  # pyright: ignore[reportTypedDictNotRequiredAccess] -- langgraph sets it
            return RunnableConfig(configurable={**place, "checkpoint_id": checkpoint["id"]})
        with _disk_errors():
            return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Store nothing: what a node had finished stands in the journal."""


@contextmanager
def _disk_errors() -> Generator[None]:
    try:
        yield
    except sqlite3.OperationalError as err:
        raise SetupError(
            f"cannot write a checkpoint: {err}; free some space, then `sonde resume` the run"
        ) from err
