"""Vectors from a real endpoint: in the order of the texts, of length one, tried again, counted."""

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sonde.models.embedder import Embedder
from sonde.models.openai_connection import Connection
from sonde.models.redaction import Secret
from sonde.records.errors import ReplyUnreadable, SetupError
from sonde.records.json_types import JsonObject

if TYPE_CHECKING:
    from .conftest import Loopback, Session

pytestmark = pytest.mark.loopback
TEXTS = ["aab", "zzz", "sounding"]


def embedder_of(session: "Session") -> Embedder:
    connection = Connection(base_url=f"{session.root}/v1", key=Secret(""), is_direct=True)
    return Embedder("tiny-embed", connection=connection, endpoint=session.endpoint)


def test_vectors_come_in_the_order_of_the_texts_with_length_one(loopback: "Loopback") -> None:
    embedder = embedder_of(loopback.session())
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (3, 26)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0)
    assert [int(row.argmax()) for row in vectors[:2]] == [0, 25]
    assert (embedder.texts_embedded, embedder.tokens) == (3, 3)


def test_many_texts_go_in_several_requests(loopback: "Loopback") -> None:
    session = loopback.session()
    vectors = embedder_of(session).embed([f"text {number}" for number in range(130)])
    sizes = [len(one["body"]["input"]) for one in session.requests()]  # pyright: ignore  # JSON
    assert (len(vectors), sizes) == (130, [64, 64, 2])


def test_it_works_where_an_event_loop_runs_already(loopback: "Loopback") -> None:
    embedder = embedder_of(loopback.session())

    async def within() -> int:
        return len(embedder.embed(TEXTS))

    assert asyncio.run(within()) == 3


def test_a_busy_server_is_asked_again(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "status", "status": 429}, {"do": "embed"})
    assert len(embedder_of(session).embed(TEXTS)) == 3
    assert len(session.clock.waits_s) == 1


@pytest.mark.parametrize(
    "body",
    [
        '{"data": [{"index": 0, "embedding": [1, 2]}]}',
        '{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1, 2]}]}',
        '{"data": [{"index": 0, "embedding": [0, 0]}, {"index": 1, "embedding": [1, 2]}]}',
        '{"object": "list"}',
    ],
)
def test_a_reply_that_is_not_one_vector_a_text_is_refused(loopback: "Loopback", body: str) -> None:
    session = loopback.session()
    step: JsonObject = {"do": "raw", "body": body}
    session.script(step, step, step)
    with pytest.raises(ReplyUnreadable):
        embedder_of(session).embed(["one", "two"])


def test_an_unknown_model_is_for_the_user_to_mend(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "status", "status": 404, "code": "model_not_found"})
    with pytest.raises(SetupError):
        embedder_of(session).embed(TEXTS)


def test_usage_that_is_not_told_leaves_the_count_unknown(loopback: "Loopback") -> None:
    session = loopback.session()
    session.script({"do": "embed", "usage": None})
    embedder = embedder_of(session)
    embedder.embed(TEXTS)
    assert embedder.tokens is None
