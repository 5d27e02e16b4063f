"""The answer while it is written: told to those who listen, whole in the end, not journalled."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from sonde.agents.agent import Agent
from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.models.scripted import ScriptedModel
from sonde.records.errors import CallOutOfTime, ModelUnreachable
from sonde.records.events import AnswerDelta, ModelCalled, RunStopped
from sonde.records.messages import ChatReply, ChatRequest

QUESTION = "Who designed the Trieste?"
SEARCH = (
    '<report>r</report><tool_call>{"name": "search_corpus", "arguments": {"queries": ["Trieste"]}}'
    "</tool_call>"
)
ANSWER = (
    "<report>Confirmed: Auguste Piccard designed it [e1].</report>"
    '<answer>It was Auguste Piccard [e1: "designed by Auguste Piccard"]</answer>'
)
FAULTY = "<report>r</report><answer>Don Walsh did it</answer><answer>Jacques did it</answer>"
MakeAgent = Callable[..., Agent]


class _Streaming(ScriptedModel):
    """A scripted model that tells its replies five characters at a time."""

    def __init__(
        self,
        replies: Sequence[str],
        *,
        breaks_in: int | None = None,
        error: type[ModelUnreachable] = ModelUnreachable,
    ) -> None:
        super().__init__(replies)
        self._error = error
        self._breaks_in = breaks_in
        self.streams = 0

    async def stream(self, request: ChatRequest) -> AsyncIterator[str | ChatReply]:
        self.streams += 1
        if self.streams == self._breaks_in:
            yield "<report>r</report><answer>It was Don Walsh"
            raise self._error("the stream broke")
        reply = await self.complete(request)
        for at in range(0, len(reply.text), 5):
            yield reply.text[at : at + 5]
        yield reply


def _stream(agent: Agent) -> tuple[list[AnswerDelta], RunStopped]:
    async def all_events() -> tuple[list[AnswerDelta], RunStopped]:
        events = [event async for event in agent.stream(QUESTION)]
        last = events[-1]
        assert isinstance(last, RunStopped)
        return [event for event in events if isinstance(event, AnswerDelta)], last

    return asyncio.run(all_events())


def _told(deltas: Sequence[AnswerDelta]) -> str:
    text = ""
    for delta in deltas:
        text = delta.text if delta.starts_anew else text + delta.text
    return text


def test_the_answer_comes_in_pieces_and_the_journal_has_none_of_them(
    make_agent: MakeAgent, home: Path
) -> None:
    deltas, last = _stream(make_agent(_Streaming([SEARCH, ANSWER])))
    assert len(deltas) > 3
    assert all(delta.is_draft for delta in deltas)
    assert _told(deltas) == last.result.answer == "It was Auguste Piccard [e1]"
    (run,) = Home(home).list_runs()
    events = read_journal(run.journal).events
    assert not any(isinstance(event, AnswerDelta) for event in events)
    assert sum(isinstance(event, ModelCalled) for event in events) == 2


def test_an_answer_that_had_to_be_mended_starts_anew(make_agent: MakeAgent) -> None:
    deltas, last = _stream(make_agent(_Streaming([SEARCH, FAULTY, ANSWER])))
    assert [delta.starts_anew for delta in deltas].count(True) == 1
    assert _told(deltas) == last.result.answer == "It was Auguste Piccard [e1]"


def test_a_stream_that_breaks_off_is_asked_for_again_whole(make_agent: MakeAgent) -> None:
    deltas, last = _stream(make_agent(_Streaming([SEARCH, ANSWER], breaks_in=2)))
    assert deltas[0].text == "It was Don Walsh"
    assert _told(deltas) == last.result.answer == "It was Auguste Piccard [e1]"
    assert last.result.usage.total is None  # what the broken stream took is unknown


def test_a_stream_that_used_up_the_time_of_a_call_is_not_asked_for_again(
    make_agent: MakeAgent,
) -> None:
    model = _Streaming([SEARCH, ANSWER], breaks_in=2, error=CallOutOfTime)
    _, last = _stream(make_agent(model))
    assert last.result.stop_detail == "unreachable"
    assert (model.streams, len(model.requests)) == (2, 1)


def test_a_model_that_cannot_stream_tells_its_answer_in_one_piece(make_agent: MakeAgent) -> None:
    deltas, last = _stream(make_agent(ScriptedModel([SEARCH, ANSWER])))
    assert _told(deltas) == last.result.answer
    assert len(deltas) == 1


def test_nothing_is_streamed_where_nobody_asked_for_it(make_agent: MakeAgent) -> None:
    model = _Streaming([SEARCH, ANSWER])
    heard: list[AnswerDelta] = []
    agent = make_agent(model)
    asyncio.run(
        agent.arun(
            QUESTION,
            listeners=[lambda e: heard.append(e) if isinstance(e, AnswerDelta) else None],
        )
    )
    assert model.streams == 0
    assert [(delta.text, delta.is_draft) for delta in heard] == [
        ("It was Auguste Piccard [e1]", False)
    ]
