"""Training: right spans win, and what was not learned is not touched."""

from dataclasses import replace

import numpy as np
import pytest

from sonde.models.extractive.order_training import passage_list, sentence_list
from sonde.models.extractive.passages import Source
from sonde.models.extractive.question import analyse_question
from sonde.models.extractive.reading import prepare, read
from sonde.models.extractive.relevance import rank_passages
from sonde.models.extractive.relevance_training import fit_ranking, train_relevance
from sonde.models.extractive.scorer import Weights
from sonde.models.extractive.showing import SENTENCE_COLUMNS
from sonde.models.extractive.statistics import count_stems
from sonde.models.extractive.training import (
    Example,
    Settings,
    make_sheets,
    merge_networks,
    overlap,
    sheet_of,
    train_spans,
)
from sonde.models.extractive.worth import WORTH_COLUMNS

CITIES = ["Visby", "Lund", "Kalmar", "Umea", "Falun", "Ystad"]
EXAMPLES = [
    Example(
        question=f"Where was sailor number {number} born?",
        answers=(city,),
        sources=(
            Source(
                evidence_id="e1",
                title=f"Sailor {number}",
                text=f"Sailor number {number} was born in {city}. The sailor owned Boat {number}.",
            ),
        ),
    )
    for number, city in enumerate(CITIES, start=1)
]
STATISTICS = count_stems([["sailor", "born"], ["boat"]], at_least=1)
BARE = Weights(arrays={}, temperature=1.0, statistics=STATISTICS)
SETTINGS = Settings(hidden=8, epochs=30, batch=3)


def test_a_pattern_that_was_taught_is_found_in_a_new_text() -> None:
    arrays = train_spans(make_sheets(EXAMPLES[:5], BARE, settings=SETTINGS), SETTINGS)
    weights = Weights(arrays=arrays, temperature=1.0, statistics=STATISTICS)
    last = EXAMPLES[5]
    assert read(last.question, last.sources, weights).answers[0].text == last.answers[0]


def test_the_loss_falls() -> None:
    losses: list[float] = []
    sheets = make_sheets(EXAMPLES, BARE, settings=SETTINGS)
    train_spans(sheets, SETTINGS, on_epoch=lambda _, loss: losses.append(loss))
    assert losses[-1] < losses[0] / 2


def test_the_same_seed_gives_the_same_weights() -> None:
    sheets = make_sheets(EXAMPLES, BARE, settings=SETTINGS)
    first, second = (train_spans(sheets, SETTINGS) for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_one_network_merged_with_itself_scores_the_same() -> None:
    sheets = make_sheets(EXAMPLES, BARE, settings=SETTINGS)
    single = train_spans(sheets, SETTINGS)
    double = merge_networks([single, single])
    question, sources = EXAMPLES[0].question, EXAMPLES[0].sources
    readings = [
        read(question, sources, Weights(arrays=arrays, temperature=1.0, statistics=STATISTICS))
        for arrays in (single, double)
    ]
    first, second = ([a.probability for a in reading.answers] for reading in readings)
    assert first == pytest.approx(second, abs=1e-5)


def test_relevance_puts_the_passage_with_the_answer_first() -> None:
    other = Source(evidence_id="e2", title="Boat", text="A boat is a small ship for a sailor.")
    examples = [
        Example(question=e.question, answers=e.answers, sources=(other, *e.sources))
        for e in EXAMPLES
    ]
    learned = train_relevance(examples, STATISTICS, epochs=20)
    weights = Weights(arrays={"relevance_out": learned}, temperature=1.0, statistics=STATISTICS)
    passages = read_passages(examples[0], weights)
    assert passages == ["e1", "e2"]


def read_passages(example: Example, weights: Weights) -> list[str]:
    question = analyse_question(example.question, weights.statistics)
    ranked = rank_passages(question, example.sources, weights.arrays)
    return [passage.source.evidence_id for passage in ranked]


@pytest.mark.parametrize("most_spans", [4, 8, 1_000])
def test_spans_that_are_drawn_stand_for_all(most_spans: int) -> None:
    chosen = Settings(most_spans=most_spans)
    for example in EXAMPLES:
        material = prepare(example.question, example.sources, BARE)
        sheet = sheet_of(material, example.answers, settings=chosen)
        assert sheet is not None
        assert material.spans is not None
        assert sheet.is_right[:-1].any()
        assert len(sheet.is_right) - 1 <= max(most_spans, len(material.spans.keys) - 1)
        assert np.exp(sheet.stands_for[:-1]).sum() == pytest.approx(len(material.spans.keys))
        assert sheet.stands_for[-1] == 0


def test_the_sentence_that_is_shown_is_learned() -> None:
    weights = replace(
        BARE, arrays=train_spans(make_sheets(EXAMPLES, BARE, settings=SETTINGS), SETTINGS)
    )
    readings = [(each, read(each.question, each.sources, weights)) for each in EXAMPLES]
    lists = [sentence_list(reading, each.answers) for each, reading in readings]
    learned = fit_ranking([each for each in lists if each is not None], columns=SENTENCE_COLUMNS)
    better = replace(weights, arrays={**weights.arrays, "sentence_out": learned})
    reading = read(EXAMPLES[0].question, EXAMPLES[0].sources, better)
    assert reading.sentence_score[0] > reading.sentence_score[1]
    assert reading.place_shown(reading.answers[0]) in reading.answers[0].places


def test_the_order_of_passages_after_reading_is_learned() -> None:
    weights = replace(
        BARE, arrays=train_spans(make_sheets(EXAMPLES, BARE, settings=SETTINGS), SETTINGS)
    )
    other = Source(evidence_id="e2", title="Boats", text="A sailor owned a boat that was born old.")
    pairs = [(each, (other, *each.sources)) for each in EXAMPLES]
    readings = [(each, read(each.question, sources, weights)) for each, sources in pairs]
    lists = [passage_list(reading, each.answers) for each, reading in readings]
    learned = fit_ranking([each for each in lists if each is not None], columns=WORTH_COLUMNS)
    better = replace(weights, arrays={**weights.arrays, "worth_out": learned})
    for each, sources in pairs:
        first = read(each.question, sources, better).passages_by_worth()[0]
        assert each.answers[0] in first.source.text


def test_overlap_is_the_share_of_common_words() -> None:
    assert overlap("the red boat", "red sail") == pytest.approx(0.5)
    assert overlap("boat", "sail") == 0.0
