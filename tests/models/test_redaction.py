"""Secrets that hide themselves, and texts with secrets taken out."""

import pytest

from sonde.models.redaction import Redactor, Secret, redactor_of


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("hunter2-hunter2")

    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == "hunter2-hunter2"
    assert (bool(secret), bool(Secret(""))) == (True, False)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("key sk-proj-abcdefghijkl0123 ends", "key [secret] ends"),
        ("Authorization: Bearer abcdef0123456789==", "Authorization: Bearer [secret]"),
        ("https://me:pass@host.example/x", "https://[secret]@host.example/x"),
        ("see https://en.wikipedia.org/wiki/Trench", "see https://en.wikipedia.org/wiki/Trench"),
        ("a risk-averse bearer of news", "a risk-averse bearer of news"),
    ],
)
def test_what_looks_like_a_key_is_taken_out(text: str, clean: str) -> None:
    assert Redactor().clean(text) == clean


def test_hosts_are_taken_out_whole_and_nothing_else() -> None:
    redactor = Redactor(hosts=["gpu-7", "gpu-7.lab.example", ""])

    clean = redactor.clean("http://GPU-7.lab.example:80 and gpu-7, not gpu-77 or my-gpu-7")

    assert clean == "http://[host]:80 and [host], not gpu-77 or my-gpu-7"


def test_json_is_cleaned_to_its_leaves() -> None:
    redactor = Redactor(secrets=[Secret("hunter2-hunter2")])

    clean = redactor.clean_json({"hunter2-hunter2": ["hunter2-hunter2", 1, None, {}, [True]]})

    assert clean == {"[secret]": ["[secret]", 1, None, {}, [True]]}


def test_the_environments_secrets_are_known_by_their_names() -> None:
    environ = {"TAVILY_API_KEY": "abcdefgh12", "HOME": "/home/ann", "DEBUG_KEY": "true"}
    redactor = redactor_of(environ, base_urls=["http://gpu-7:8000/v1"])

    clean = redactor.clean("abcdefgh12 /home/ann true gpu-7")

    assert clean == "[secret] /home/ann true [host]"
