"""Cuts fit, keep what matters, and are marked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sonde.memory.cutting import GAP, clip, clip_middle, cut_text


def _chars(text: str) -> int:
    return len(text)


def test_what_fits_is_left_alone() -> None:
    assert clip("short", 5, _chars) == "short"
    assert clip_middle("short", 5, _chars) == "short"
    assert cut_text("Short. Too.", query="x", max_tokens=11, count_tokens=_chars) == "Short. Too."


def test_a_clip_keeps_the_beginning_and_marks_the_cut() -> None:
    assert clip("abcdefghijklmnop" * 3, 12, _chars) == "abc" + GAP


def test_a_clip_in_the_middle_keeps_both_ends() -> None:
    cut = clip_middle("a" * 50 + "b" * 50, 40, _chars)
    assert cut.startswith("aaa")
    assert cut.endswith("bbb")
    assert GAP in cut


def test_nothing_is_left_where_not_even_the_mark_fits() -> None:
    assert clip("abcdefghij", 3, _chars) == ""


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=500), room=st.integers(0, 300))
def test_every_cut_fits(text: str, room: int) -> None:
    assert _chars(clip(text, room, _chars)) <= room
    assert _chars(clip_middle(text, room, _chars)) <= room
    assert _chars(cut_text(text, query="a b", max_tokens=room, count_tokens=_chars)) <= room


def test_sentences_keep_their_order_and_gaps_are_marked() -> None:
    text = "Alpha is first. Filler stands here for long. Omega is last. More filler follows on."
    cut = cut_text(text * 3, query="alpha omega", max_tokens=160, count_tokens=_chars)
    assert "Alpha is first." in cut
    assert cut.index("Alpha") < cut.index("Omega")
    assert GAP in cut
