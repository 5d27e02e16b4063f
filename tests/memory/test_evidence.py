"""Everything seen is kept whole, once, and is found again."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sonde.memory.evidence import EvidenceStore
from sonde.records.errors import SetupError
from sonde.records.evidence import Passage

_TEXT = (
    "On 23 January 1960 Jacques Piccard and Don Walsh took the bathyscaphe Trieste to the floor of "
    "the Challenger Deep. The descent lasted nearly five hours, and the crew stayed about twenty "
    "minutes on the bottom before they dropped their ballast and rose again to the surface."
)


def _page(text: str, doc: str = "trieste.md", start: int = 0) -> Passage:
    return Passage(source=doc, doc_id=doc, title="Trieste", text=text, start=start, score=1.5)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EvidenceStore]:
    opened = EvidenceStore(tmp_path / "evidence.db")
    yield opened
    opened.close()


def test_a_page_gets_an_id_and_comes_back_whole(store: EvidenceStore) -> None:
    added = store.add(_page(_TEXT, start=40))
    assert added.is_new
    assert added.passage.evidence_id == "e1"
    assert store.get("e1") == replace(_page(_TEXT, start=40), evidence_id="e1")
    assert store.get("[e1]") == store.get("e1")


def test_ids_that_are_no_ids_find_nothing(store: EvidenceStore) -> None:
    store.add(_page(_TEXT))
    for wrong in ("e2", "", "e", "1e", "e-1", "e1 OR 1=1", "e" + "9" * 40):
        assert store.get(wrong) is None


def test_the_same_page_is_one_entry(store: EvidenceStore) -> None:
    store.add(_page(_TEXT))
    again = store.add(_page(_TEXT))
    elsewhere = store.add(_page(_TEXT, doc="copy.md"))
    assert not again.is_new
    assert not elsewhere.is_new
    assert elsewhere.passage.evidence_id == "e1"
    assert len(store.pages()) == 1


def test_a_near_duplicate_is_one_entry(store: EvidenceStore) -> None:
    long = " ".join([_TEXT, _TEXT.replace("Trieste", "craft"), "It was a calm day at sea."])
    store.add(_page(long))
    twin = store.add(_page(long.replace("It was a", "It was"), doc="copy.md"))
    assert twin.passage.evidence_id == "e1"


def test_pages_that_differ_in_a_name_or_a_negation_are_two_entries(store: EvidenceStore) -> None:
    store.add(_page(_TEXT))
    for number, other in enumerate(["Thetis", "not Trieste"], start=2):
        added = store.add(_page(_TEXT.replace("Trieste", other), doc=f"{number}.md"))
        assert added.passage.evidence_id == f"e{number}"


def test_pages_that_differ_in_one_figure_are_two_entries(store: EvidenceStore) -> None:
    store.add(_page(_TEXT))
    other = store.add(_page(_TEXT.replace("1960", "1961"), doc="other.md"))
    assert other.is_new
    assert other.passage.evidence_id == "e2"


def test_pages_of_symbols_and_reordered_names_are_kept_whole(store: EvidenceStore) -> None:
    beaten = f"{_TEXT} {_TEXT.upper()} Piccard taught Walsh."
    pages = [
        "🎉🎉",
        "∑∫",
        "",
        beaten,
        beaten.replace("Piccard taught Walsh", "Walsh taught Piccard"),
    ]
    added = [store.add(_page(text, doc=f"{i}.md")) for i, text in enumerate(pages)]
    assert [each.passage.text for each in added] == pages


def test_recall_finds_a_dropped_page_by_its_words(store: EvidenceStore) -> None:
    store.add(_page("Balloons carry radiosondes through the stratosphere every day.", doc="b.md"))
    store.add(_page(_TEXT))
    assert [page.evidence_id for page in store.recall("bathyscaphes dropping ballast")] == ["e2"]
    assert store.recall("the of and") == []
    assert store.recall('"quoted" AND (odd* syntax') == []


def test_texts_are_stored_under_their_digest(store: EvidenceStore) -> None:
    digest = store.put("a report")
    assert store.put("a report") == digest
    assert store.fetch(digest) == "a report"
    with pytest.raises(KeyError):
        store.fetch("nothing")


def test_a_store_is_read_again_after_it_was_closed(tmp_path: Path) -> None:
    first = EvidenceStore(tmp_path / "evidence.db")
    first.add(_page(_TEXT))
    first.close()
    again = EvidenceStore(tmp_path / "evidence.db")
    try:
        assert again.get("e1") is not None
        assert (
            again.add(_page("A different page about kites.", doc="k.md")).passage.evidence_id
            == "e2"
        )
    finally:
        again.close()


def test_a_store_that_cannot_be_opened_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="SONDE_HOME"):
        EvidenceStore(tmp_path / "missing" / "evidence.db")


_FULL = """
import resource, signal, sys
from pathlib import Path
from sonde.memory.evidence import EvidenceStore
from sonde.records.errors import SetupError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = EvidenceStore(Path(sys.argv[1]))
store.put("kept")
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    store.put("x" * 1_000_000)
except SetupError as err:
    sys.stdout.write(str(err))
resource.setrlimit(resource.RLIMIT_FSIZE, (-1, -1))
"""


def test_a_full_disk_says_what_to_do_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "evidence.db"
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "free some space" in done.stdout, done.stderr
    again = EvidenceStore(path)
    assert again.put("kept") == again.put("kept")
    assert again.fetch(again.put("kept")) == "kept"
    again.close()


@pytest.mark.parametrize("content", [b"", b"junk" * 999])
def test_a_damaged_file_is_told_as_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "evidence.db"
    path.write_bytes(content)
    with pytest.raises(SetupError, match=r"is damaged .*ask the question again"):
        EvidenceStore(path)


def test_texts_that_are_not_there_are_named(store: EvidenceStore) -> None:
    digest = store.put("kept")
    assert store.missing([digest, "0" * 32]) == ["0" * 32]
