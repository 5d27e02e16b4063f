"""The command against a real server: killed from outside, resumed, and billed right."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from sonde.memory.home import Home
from sonde.memory.journal import read_journal
from sonde.records.belief_events import BeliefEstimated
from sonde.records.events import DecisionMade, ModelCalled, ModelRetried

_SERVER = Path(__file__).parents[1] / "models" / "loopback" / "server.py"
_SEARCH = (
    "<report>Nothing yet.</report>"
    '<tool_call>{"name": "search_corpus", "arguments": {"queries": ["Trieste"]}}</tool_call>'
)
_AGAIN = _SEARCH.replace("Trieste", "Auguste Piccard")
_ANSWER = (
    "<report>Confirmed [e1].</report><belief>Auguste Piccard: 95%</belief>"
    '<answer>Auguste Piccard [e1: "designed by Auguste Piccard"]</answer>'
)
_ANSWERED = "Auguste Piccard [e1]"
_PATIENCE_S = 30.0


class _Service:
    """A session of the loopback server."""

    def __init__(self, port: int, name: str) -> None:
        self.root = f"http://127.0.0.1:{port}/s/{name}"

    def script(self, *steps: Mapping[str, object]) -> None:
        with httpx.Client(trust_env=False, timeout=10) as client:
            client.put(f"{self.root}/script", json=list(steps)).raise_for_status()

    def requests(self) -> int:
        with httpx.Client(trust_env=False, timeout=10) as client:
            return len(client.get(f"{self.root}/log").raise_for_status().json()["requests"])


@pytest.fixture
def service(tmp_path: Path) -> Iterator[_Service]:
    with subprocess.Popen(
        [sys.executable, str(_SERVER), "--seconds", "120", "--requests", "500"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield _Service(json.loads(server.stdout.readline())["port"], "run")
        server.communicate(timeout=10)


def _command(home: Path, *arguments: str) -> subprocess.Popen[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OPENAI_")}
    return subprocess.Popen(
        [sys.executable, "-m", "sonde", *arguments],
        env=kept | {"SONDE_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _ask(home: Path, corpus: Path, service: _Service, *more: str) -> subprocess.Popen[str]:
    return _command(
        home,
        *("ask", "Who designed the Trieste?", "--corpus", str(corpus), "--format", "json"),
        *("-m", "openai:tiny", "--base-url", f"{service.root}/v1", *more),
    )


def test_kill_nine_during_a_call_loses_nothing_that_was_finished(
    home: Path, corpus: Path, service: _Service
) -> None:
    service.script({"do": "ok", "text": _SEARCH}, {"do": "stall"})
    asked = _ask(home, corpus, service, "--json")
    assert asked.stdout is not None
    for line in asked.stdout:
        event = json.loads(line)
        if event["type"] == "model.started" and event["call_id"] == "c2":
            break  # the server never answers this one
    asked.send_signal(signal.SIGKILL)
    asked.communicate(timeout=_PATIENCE_S)
    assert asked.returncode == -signal.SIGKILL
    (run,) = Home(home).list_runs()
    before = read_journal(run.journal).events
    service.script({"do": "ok", "text": _AGAIN}, {"do": "ok", "text": _ANSWER})
    resumed = _command(home, "resume", run.run_id, "--format", "json")
    out, err = resumed.communicate(timeout=_PATIENCE_S)
    assert resumed.returncode == 0, err
    result = json.loads(out)
    assert result["answer"] == "Auguste Piccard [e1]"
    assert (result["rounds"], result["steps"]) == (3, 2)
    after = read_journal(run.journal).events
    assert after[: len(before)] == before
    decided = [event.round for event in after if isinstance(event, DecisionMade)]
    assert decided == [1, 2, 3]
    assert 3 <= service.requests() <= 4  # the killed call may have died before it was sent
    finished = [event for event in after if isinstance(event, ModelCalled)]
    assert len(finished) == 3
    assert result["cost_known"] is False  # what the killed call took is unknown
    assert result["usage"]["output"] is None
    assert any("under way" in warning for warning in result["warnings"])


_TOP = [{"token": "A", "logprob": -0.1}, {"token": "B", "logprob": -3.0}]
_WEIGHED = {
    "do": "ok",
    "text": "A",
    "logprobs": [{"token": "A", "logprob": -0.1, "top_logprobs": _TOP}],
}


@pytest.mark.parametrize(
    "killed_in",
    ["c2", "c3"],
    ids=["while the belief is asked for", "after it was journalled"],
)
def test_kill_nine_around_a_belief_never_pays_for_it_twice(
    home: Path, corpus: Path, service: _Service, killed_in: str
) -> None:
    believing = _SEARCH.replace("<tool_call>", "<belief>Auguste Piccard: 60%</belief><tool_call>")
    steps = [{"do": "ok", "text": believing}, _WEIGHED]
    service.script(*steps[: int(killed_in[1]) - 1], {"do": "stall"})
    asked = _ask(home, corpus, service, "--json", "--belief", "logprobs")
    assert asked.stdout is not None
    for line in asked.stdout:
        event = json.loads(line)
        if event["type"] == "model.started" and event["call_id"] == killed_in:
            break  # the server never answers this one
    asked.send_signal(signal.SIGKILL)
    asked.communicate(timeout=_PATIENCE_S)
    (run,) = Home(home).list_runs()
    service.script(*steps[int(killed_in[1]) - 1 :], {"do": "ok", "text": _ANSWER}, _WEIGHED)
    resumed = _command(home, "resume", run.run_id, "--format", "json")
    out, err = resumed.communicate(timeout=_PATIENCE_S)
    assert resumed.returncode == 0, err
    result = json.loads(out)
    assert result["confidence"] == pytest.approx(0.9048, abs=1e-4)
    assert [each["source"] for each in result["trail"]] == ["logprobs", "logprobs"]
    events = read_journal(run.journal).events
    estimated = [(e.round, e.calls) for e in events if isinstance(e, BeliefEstimated)]
    assert estimated == [(1, 1), (2, 1)]
    assert [e.round for e in events if isinstance(e, DecisionMade)] == [1, 2]
    bought = [e.node for e in events if isinstance(e, ModelCalled)]
    assert bought == ["decide", "belief", "decide", "belief"]
    assert 4 <= service.requests() <= 5  # the killed call may have died before it was sent
    cost = _command(home, "runs", "cost", run.run_id, "--by", "node", "--json")
    told = json.loads(cost.communicate(timeout=_PATIENCE_S)[0])["node"]
    assert {each["name"]: each["calls"] for each in told} == {"decide": 2, "belief": 2}
    trace, _ = _command(home, "trace", run.run_id).communicate(timeout=_PATIENCE_S)
    assert trace.count("its candidates by logprobs, 1 call") == 2


def test_a_call_that_is_retried_is_booked_with_what_it_took(
    home: Path, corpus: Path, service: _Service
) -> None:
    service.script(
        {"do": "status", "status": 429, "headers": ["Retry-After: 0"]},
        {"do": "ok", "text": _SEARCH},
        {"do": "status", "status": 429, "headers": ["Retry-After: 0"]},
        {"do": "ok", "text": _ANSWER},
    )
    asked = _ask(home, corpus, service)
    out, err = asked.communicate(timeout=_PATIENCE_S)
    assert asked.returncode == 0, err
    result = json.loads(out)
    assert result["usage"] == {
        "uncached_input": 2 * 36,
        "cache_read": 2 * 64,
        "cache_write": 0,
        "output": 2 * 15,
        "reasoning": 2 * 5,
        "is_estimate": False,
    }
    (run,) = Home(home).list_runs()
    events = read_journal(run.journal).events
    retried = [event for event in events if isinstance(event, ModelRetried)]
    assert [event.call_id for event in retried] == ["c1", "c2"]
    raw = [event.raw_usage for event in events if isinstance(event, ModelCalled)]
    assert [each["prompt_tokens_details"] for each in raw] == [{"cached_tokens": 64}] * 2


def test_a_reply_that_had_to_be_mended_is_on_the_bill_too(
    home: Path, corpus: Path, service: _Service
) -> None:
    cut = {"do": "ok", "text": "<report>half a rep", "finish": "length"}
    service.script({"do": "ok", "text": "no tags"}, cut, {"do": "ok", "text": _ANSWER})
    asked = _ask(home, corpus, service)
    out, err = asked.communicate(timeout=_PATIENCE_S)
    assert asked.returncode == 0, err
    assert json.loads(out)["usage"]["output"] == 3 * 15


def test_a_provider_that_stays_down_ends_in_exit_code_five_and_one_line(
    home: Path, corpus: Path, service: _Service
) -> None:
    service.script(*[{"do": "status", "status": 400, "message": "no such thing"}] * 6)
    asked = _ask(home, corpus, service)
    out, err = asked.communicate(timeout=60)
    assert asked.returncode == 5
    assert json.loads(out)["stop_reason"] == "provider_error"
    assert "Traceback" not in err


def test_the_command_streams_records_and_replays(
    home: Path, corpus: Path, service: _Service, tmp_path: Path
) -> None:
    service.script({"do": "ok", "text": _SEARCH}, {"do": "ok", "text": _ANSWER})
    calls = tmp_path / "calls"
    asked = _ask(home, corpus, service, "--json", "--record", str(calls))
    out, err = asked.communicate(timeout=_PATIENCE_S)
    assert asked.returncode == 0, err
    events = [json.loads(line) for line in out.splitlines()]
    assert "".join(e["text"] for e in events if e["type"] == "answer.delta") == _ANSWERED
    before = service.requests()
    replayed = _ask(home, corpus, service, "--replay", str(calls))
    out, err = replayed.communicate(timeout=_PATIENCE_S)
    assert replayed.returncode == 0, err
    assert json.loads(out)["answer"] == _ANSWERED
    assert service.requests() == before


def test_the_answer_comes_in_pieces_as_the_server_sends_it(
    home: Path, corpus: Path, service: _Service
) -> None:
    service.script({"do": "ok", "text": _SEARCH}, {"do": "ok", "text": _ANSWER})
    asked = _ask(home, corpus, service, "--json")
    out, err = asked.communicate(timeout=_PATIENCE_S)
    assert asked.returncode == 0, err
    events = [json.loads(line) for line in out.splitlines()]
    deltas = [event for event in events if event["type"] == "answer.delta"]
    assert len(deltas) > 1
    assert all(delta["is_draft"] for delta in deltas)
    assert "".join(delta["text"] for delta in deltas) == _ANSWERED
    assert events[-1]["result"]["usage"]["output"] == 2 * 15  # a stream has its usage too


def test_the_command_calls_tools_by_the_servers_own_means(
    home: Path, corpus: Path, service: _Service
) -> None:
    function = {"name": "search_corpus", "arguments": json.dumps({"queries": ["Trieste"]})}
    call = {"id": "c1", "type": "function", "function": function}
    service.script(
        {"do": "ok", "text": "<report>r</report>", "tool_calls": [call]},
        {"do": "ok", "text": _ANSWER},
    )
    asked = _ask(home, corpus, service, "--tool-protocol", "native", "--no-stream")
    out, err = asked.communicate(timeout=_PATIENCE_S)
    assert asked.returncode == 0, err
    result = json.loads(out)
    assert (result["answer"], result["steps"]) == (_ANSWERED, 1)


@pytest.mark.parametrize("streaming", [[], ["--no-stream"]])
def test_a_call_that_takes_too_long_is_told_with_what_to_do(
    home: Path, corpus: Path, service: _Service, streaming: list[str]
) -> None:
    service.script({"do": "stall"})
    asked = _ask(home, corpus, service, "--call-timeout", "0.2", *streaming)
    out, err = asked.communicate(timeout=_PATIENCE_S)
    assert asked.returncode == 5
    result = json.loads(out)
    assert (result["stop_reason"], result["stop_detail"]) == ("provider_error", "unreachable")
    assert "no whole reply within 0.2 s, the limit of one call (--call-timeout SECONDS)" in err
