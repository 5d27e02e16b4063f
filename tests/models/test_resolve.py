"""From a name and an environment to a model, or to what the user must mend."""

import pytest

from sonde.models.resolve import is_local, resolve_model
from sonde.records.errors import SetupError

KEYED = {"OPENAI_API_KEY": "sk-test-0123456789abcdefghij"}
OLLAMA = "http://127.0.0.1:11434/v1"


@pytest.mark.parametrize(
    ("name", "base_url", "environ", "model"),
    [
        ("gpt-5-mini", None, KEYED, "gpt-5-mini"),
        ("openai:gpt-5-mini", None, KEYED, "gpt-5-mini"),
        ("openai:llama3:8b", OLLAMA, {}, "llama3:8b"),
        ("llama3:8b", OLLAMA, {}, "llama3:8b"),
        ("tiny", None, {"OPENAI_BASE_URL": "http://ollama:11434/v1/"}, "tiny"),
        ("org/model", "https://models.example/v1", KEYED, "org/model"),
    ],
)
def test_a_name_becomes_a_model(
    name: str, base_url: str | None, environ: dict[str, str], model: str
) -> None:
    assert resolve_model(name, base_url=base_url, environ=environ).name == model


@pytest.mark.parametrize(
    ("name", "base_url", "environ", "says"),
    [
        ("gpt-5-mini", None, {}, "set OPENAI_API_KEY"),
        ("gpt-5-mini", None, {"OPENAI_API_KEY": "  "}, "set OPENAI_API_KEY"),
        ("tiny", "https://models.example/v1", {}, "no API key for tiny at https://models.example"),
        ("claude:x", None, KEYED, "openai:claude:x and its address: `base_url="),
        ("openai:", None, KEYED, "no model in 'openai:'"),
        (" ", None, KEYED, "name one, such as gpt-5-mini"),
        ("tiny", "localhost:11434", {}, "'localhost:11434' is no http address"),
        ("tiny", "ftp://host/v1", {}, "is no http address"),
        ("tiny", "http://[::1/v1", {}, "cannot be read"),
        ("tiny", "http://host:99999/v1", {}, "cannot be read"),
        ("tiny", "http://me:pass-word@host/v1", {}, "holds a user or password"),
    ],
)
def test_what_is_missing_is_told_with_the_next_step(
    name: str, base_url: str | None, environ: dict[str, str], says: str
) -> None:
    with pytest.raises(SetupError) as told:
        resolve_model(name, base_url=base_url, environ=environ)

    assert says in str(told.value)
    assert "pass-word" not in str(told.value)


@pytest.mark.parametrize("key", ["sk-line\nbreak-0123456789", "sk-“quoted”-0123456789"])
def test_a_key_with_odd_characters_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(SetupError, match="OPENAI_API_KEY holds characters") as told:
        resolve_model("gpt-5-mini", base_url=None, environ={"OPENAI_API_KEY": key})

    assert "0123456789" not in str(told.value)


@pytest.mark.parametrize(
    ("host", "is_near"),
    [
        ("localhost", True),
        ("127.0.0.53", True),
        ("::1", True),
        ("192.168.1.20", True),
        ("host.docker.internal", True),
        ("ollama", True),
        ("8.8.8.8", False),
        ("api.openai.com", False),
    ],
)
def test_a_server_nearby_is_known_by_its_name(host: str, is_near: bool) -> None:
    assert is_local(host) is is_near
