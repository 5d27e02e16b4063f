"""Agents from YAML files: what may stand there, and what is said of what may not."""

from pathlib import Path

import pytest

from sonde.benchmarks.runner.agent_files import read_agent_file, read_agents
from sonde.memory.policy import MemoryPolicy
from sonde.records.errors import SetupError


def _write(folder: Path, text: str, name: str = "mini.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_says_what_the_agent_is(tmp_path: Path) -> None:
    path = _write(
        tmp_path,
        "model: gpt-5-mini\nmemory: append\nbudget: {usd: 0.5, rounds: 8}\ncorpus: docs\n"
        "call_timeout_s: 60\nbelief: logprobs\n",
    )
    agent = read_agent_file(path)
    assert (agent.name, agent.model, agent.memory) == ("mini", "gpt-5-mini", MemoryPolicy.APPEND)
    assert (agent.budget.usd, agent.budget.rounds, agent.budget.tokens) == (0.5, 8, None)
    assert agent.call_timeout_s == 60
    assert agent.belief == "logprobs"
    assert agent.corpus_paths == (tmp_path / "docs",)


def test_the_digest_is_of_what_the_agent_is_and_not_of_its_name_or_place(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    one = read_agent_file(_write(tmp_path, "model: m\n"))
    same = read_agent_file(_write(there, "name: other\nmodel: m\nmemory: workspace\n"))
    unlike = read_agent_file(_write(there, "model: m\nmemory: append\n", "third.yaml"))
    assert one.sha256 == same.sha256 != unlike.sha256
    assert one.limited(usd=None, seconds=9.0, seed=None).sha256 != one.sha256


def test_a_team_is_made_of_agents_in_files_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "agents").mkdir()
    _write(tmp_path / "agents", "corpus: one\n", "first.yaml")
    _write(tmp_path / "agents", "model: m\nsuite_corpus: false\n", "second.yaml")
    text = "team: {members: [agents/first.yaml, agents/second.yaml], decider: second, gate: open}"
    team = read_agent_file(_write(tmp_path, text))
    assert team.team is not None
    assert [each.name for each in team.team.members] == ["first", "second"]
    assert team.team.members[0].corpus_paths == (tmp_path / "agents" / "one",)
    assert (team.asks_model, team.model) == (True, None)
    other = read_agent_file(_write(tmp_path, text.replace("open", "star"), "other.yaml"))
    assert team.sha256 != other.sha256


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("modle: gpt-5\n", "modle: is not known; known are name, model"),
        ("budget: {dollars: 1}\n", "budget.dollars: is not known; known are usd, tokens"),
        ("budget: {usd: -1}\n", "budget.usd: Input should be greater than or equal to 0"),
        ("memory: everything\n", "memory: Input should be 'workspace', 'append'"),
        ("belief: guessed\n", "belief: Input should be 'stated', 'logprobs', 'verbalized' or 's"),
        ("call_timeout_s: 0\n", "call_timeout_s: Input should be greater than 0"),
        ("model: [a\n", "is no YAML: line 2"),
        ("- model\n", "must be a list of `name: value`"),
        ("settings: {a: 1}\n", "settings are read by a factory alone"),
        ("model: m\nteam: {members: [{name: a}, {name: b}]}\n", "of a team are its members'"),
        ("team: {members: [{name: a}]}\n", "team.members: Tuple should have at least 2"),
        ("factory: nothing\n", "factory: String should match pattern"),
    ],
)
def test_what_cannot_be_read_is_told_by_field(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(SetupError) as refused:
        read_agent_file(_write(tmp_path, text))
    assert complaint in str(refused.value)
    assert "mini.yaml" in str(refused.value)


def test_built_in_agents_need_a_model_where_they_ask_one(tmp_path: Path) -> None:
    extractive, react = read_agents(["extractive,react"], model="gpt-5-mini")
    assert (extractive.model, react.model, react.memory) == (None, "gpt-5-mini", "append")
    with pytest.raises(SetupError, match="name it: --model"):
        read_agents(["react"])
    with pytest.raises(
        SetupError, match="no agent 'reakt'; there are extractive, exact, workspace"
    ):
        read_agents(["reakt"], model="m")
    with pytest.raises(SetupError, match="one configuration"):
        read_agents(["extractive", str(_write(tmp_path, "name: b\n"))])
    with pytest.raises(SetupError, match="two agents are named 'extractive'"):
        read_agents(["extractive", str(_write(tmp_path, "name: extractive\nalpha: 0.2\n"))])
    with pytest.raises(SetupError, match="cannot read the agent"):
        read_agents([str(tmp_path / "no.yaml")])


def _in_folders(tmp_path: Path, text: str, *folders: str) -> list[str]:
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    return [str(_write(tmp_path / folder, text)) for folder in folders]


def test_agents_of_equal_text_in_different_folders_are_named_by_folder(tmp_path: Path) -> None:
    files = _in_folders(tmp_path, "model: m\nprompts: words\n", "short", "long ones")
    short, long = read_agents(files)
    assert (short.name, long.name) == ("mini@short", "mini@long-ones")
    assert short.sha256 != long.sha256
    assert long.path_of(long.prompts) == tmp_path / "long ones" / "words"
    assert read_agents(files[:1])[0].sha256 == short.sha256  # so that the other can join its run


def test_folders_of_one_name_are_told_by_what_they_stand_in(tmp_path: Path) -> None:
    agents = read_agents(_in_folders(tmp_path, "corpus: docs\n", "one/agents", "two/agents"))
    assert [agent.name for agent in agents] == ["mini@one-agents", "mini@two-agents"]


def test_the_same_agent_in_two_folders_is_still_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="'mini@a' and 'mini@b' are one configuration"):
        read_agents(_in_folders(tmp_path, "model: m\n", "a", "b"))
    again = str(_write(tmp_path / "a", "name: mini\nmodel: n\n", "other.yaml"))
    with pytest.raises(SetupError, match="two agents are named 'mini'"):
        read_agents([str(tmp_path / "a" / "mini.yaml"), again])
