"""The language of a text by its function words."""

import pytest

from sonde.text.language import foreign_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wann wurde die erste Radiosonde gestartet?", "German"),
        ("Wer baute die erste Radiosonde?", "German"),
        ("Qui a inventé la radiosonde et quand ?", "French"),
        ("¿Quién inventó la radiosonda?", "Spanish"),
        ("Chi ha inventato la radiosonda?", "Italian"),
        ("Quando foi lançada a primeira radiossonda e por quem?", "Portuguese"),
        ("Wanneer werd de eerste radiosonde opgelaten?", "Dutch"),
        ("Vem uppfann den första radiosonden och när?", "Swedish"),
        ("Кто изобрёл радиозонд?", "another script"),
        ("誰がラジオゾンデを発明しましたか", "another script"),
    ],
)
def test_a_foreign_question_is_known(text: str, language: str) -> None:
    assert foreign_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "When did Vilho Väisälä fly his first radiosonde?",
        "Who wrote Die Leiden des jungen Werthers?",
        "Where is Rio de la Plata?",
        "Who painted Les Demoiselles d'Avignon, and when?",
        "In what year did Der Spiegel and Die Zeit first appear?",
        "How deep did the Trieste dive",
        "Trieste depth 1960",
        "What does Москва mean in English?",
        "",
        "1960?",
    ],
)
def test_an_english_or_a_doubtful_text_is_not_foreign(text: str) -> None:
    assert foreign_language(text) is None
