"""The word index agrees with the words that memory and reader know, and with nothing else."""

from pathlib import Path

import pytest

from sonde.text.words import content_stems, stem, words
from sonde.tools.corpus.terms import IndexBroken, TermIndex

ROOTS = """
    abandon ability absolute accept accident achieve acid acquire adapt adventure agree
    allow analyse animal announce answer anxious apply approve argue arrange arrive assume
    attach attempt author balance believe belong benefit biology bless border borrow bottle
    breathe build busy calculate calm capable capture carry castle cause celebrate center
    charity chemical choose circle city classify climb collect colony combine comfort commit
    communicate company compare compete complex computer concern condition connect consider
    consist control country create crisis culture cure daily damage danger decide declare
    deliver democracy deny depend describe desire destroy develop dictionary die differ
    discover divide dog dream drive early earn economy educate effect elect employ encourage
    energy enjoy enter equal escape establish examine excite exist expect explain explore
    express factory fail family famous fashion favour fear figure final fly force foreign
    forget fortune free frequent friend fulfil general generous glory govern gradual great
    grow guide happy harmony heavy history honest hope hurry identify imagine improve
    include increase industry inform injure inspire intend invent invite island join journey
    judge just kind knife know language large laugh lazy learn legal liberty library limit
    listen live logic lonely love luxury machine
""".split()
ENDINGS = ("", "s", "ed", "ing", "ly", "ness", "ation", "ful")
ODD = "Trieste's don't e-mail U.S. 10,911 naïve façade Ångström œuvre straße x² foo_bar 3D C++ über"


def _index(folder: Path, *texts: str, title: str = "") -> TermIndex:
    index = TermIndex.open(folder)
    for number, text in enumerate(texts):
        index.add(number, file=1, title=title, text=text)
    index.commit()
    return index


def test_index_and_words_agree_on_stems(tmp_path: Path) -> None:
    index = TermIndex.open(tmp_path)
    made = [root + ending for root in ROOTS for ending in ENDINGS]
    text = " ".join([*made, *map(str.upper, ROOTS)]) + " " + ODD
    assert len(set(made)) > 1_400
    assert index.stems(text) == [stem(word) for word in words(text)]


def test_content_stems_are_found(tmp_path: Path) -> None:
    text = "Which ships had been sounding the deepest trenches?"
    index = _index(tmp_path, text)
    for found in content_stems(text):
        assert [hit.passage for hit in index.search(found, limit=5)] == [0], found


@pytest.mark.parametrize(
    "question", ['"', "title:dive", "(dive", "dive AND", "-dive", "dive~2", "[a TO b]", "*", "\\"]
)
def test_no_character_of_a_question_is_syntax(tmp_path: Path, question: str) -> None:
    index = _index(tmp_path, "A dive.", "Nothing of the kind.")
    wanted = [0] if "dive" in question else []
    assert [hit.passage for hit in index.search(question, limit=5)] == wanted


def test_stop_words_count_only_where_there_is_nothing_else(tmp_path: Path) -> None:
    index = _index(tmp_path, "Who are you?", "A dive into the sea.")
    assert [hit.passage for hit in index.search("who dived?", limit=5)] == [1]
    assert [hit.passage for hit in index.search("who are you", limit=5)] == [0]


def test_a_question_without_a_word_finds_nothing(tmp_path: Path) -> None:
    assert _index(tmp_path, "A dive.").search(" ?! ", limit=5) == []


def test_a_pasted_document_is_a_question_like_any_other(tmp_path: Path) -> None:
    question = "dive " + " ".join(f"w{number}" for number in range(20_000))
    assert [hit.passage for hit in _index(tmp_path, "A dive.").search(question, limit=5)] == [0]


def test_words_of_the_title_find_a_passage(tmp_path: Path) -> None:
    index = _index(tmp_path, "It went down.", title="Trieste")
    assert [hit.passage for hit in index.search("trieste", limit=5)] == [0]


def test_equal_scores_keep_the_order_of_the_documents(tmp_path: Path) -> None:
    index = _index(tmp_path, *["A dive."] * 20)
    assert [hit.passage for hit in index.search("dive", limit=20)] == list(range(20))


def test_what_was_removed_is_not_found(tmp_path: Path) -> None:
    index = _index(tmp_path, "A dive.")
    index.remove_file(1)
    index.add(7, file=2, title="", text="Another dive.")
    index.commit()
    assert [hit.passage for hit in index.search("dive", limit=5)] == [7]


def test_changes_without_a_commit_are_lost(tmp_path: Path) -> None:
    index = _index(tmp_path, "A dive.")
    stamp = index.stamp
    index.add(1, file=1, title="", text="Another dive.")
    index.close()
    again = TermIndex.open(tmp_path)
    assert again.stamp == stamp
    assert len(again.search("dive", limit=5)) == 1


def test_a_folder_that_holds_no_index_is_told(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{}", encoding="utf-8")
    with pytest.raises(IndexBroken):
        TermIndex.open(tmp_path)


def test_accents_that_are_characters_of_their_own_are_found(tmp_path: Path) -> None:
    index = _index(tmp_path, "The Va\u0308isa\u0308la\u0308 radiosonde", "Another page")
    for asked in ("Väisälä", "Vaisala", "Va\u0308isa\u0308la\u0308"):
        assert [hit.passage for hit in index.search(asked, limit=5)] == [0], asked
