"""Count what a search of one query brings: the rates that the reader's forecasts rest on.

Run: python scripts/measure_forecasts.py [--questions N]

For questions of HotpotQA over an open corpus: read what the question itself finds, then make each
follow-up search on its own, read again, and look whether a new answer comes out on top: apart for
questions of which a candidate was right before and of which none was, and by the place of the query
among those proposed. Counted too, and not used since it tells nothing: whether the new pages speak
of a candidate that stands beside the name that is followed, for right and for wrong candidates.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from policy_tables import SHARED, write_open_corpus

from sonde.benchmarks.scoring import exact_match
from sonde.models.extractive.followup import follow_ups
from sonde.models.extractive.passages import Source
from sonde.models.extractive.reading import Reading, read
from sonde.models.extractive.scorer import default_weights
from sonde.text.sentences import sentence_spans
from sonde.text.words import content_stems
from sonde.tools.corpus.corpus import Corpus

_CANDIDATES = 30
_QUERIES = 5


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description="Count what searches bring.")
    parser.add_argument("--questions", type=int, default=150)
    options = parser.parse_args()
    data = json.loads((SHARED / "reading" / "hotpot_open.json").read_text(encoding="utf-8"))
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.jsonl"
        write_open_corpus(path, data["corpus"])
        with Corpus.open([path], index_root=Path(folder) / "index") as corpus:
            for item in data["questions"][: options.questions]:
                _count(corpus, item["question"], item["answer"], counts)
    for name in sorted(each for each in counts if not each.endswith(" of")):
        print(f"{name}: Rate(hits={counts[name]}, of={counts[name + ' of']})")


def _count(corpus: Corpus, question: str, truth: str, counts: Counter[str]) -> None:
    weights = default_weights()
    sources = _sources(corpus, question, 8, [])
    before = read(question, sources, weights)
    if not before.answers:
        return
    held = [
        f"{each.title}: {each.text[span.start : span.end]}"
        for each in sources
        for span in sentence_spans(each.text)
    ]
    candidates = [each.text for each in before.answers[:_CANDIDATES]]
    keys = {each.key for each in before.answers[:_CANDIDATES]}
    is_known = any(exact_match(each, truth) for each in candidates)
    follows = follow_ups(before.material.question, before.material.passages, [question])
    for place, follow in enumerate(follows[:_QUERIES]):
        tied = [each for each in candidates if _is_tied(each, follow.query, held)]
        found = _sources(corpus, follow.query, 4, sources)
        after = read(question, [*sources, *found], weights)
        if tied:
            speaks = _speaks(found, tied)
            is_right = any(exact_match(each, truth) for each in tied)
            _note(counts, "speaks, right" if is_right else "speaks, wrong", happened=speaks)
        name = "new, a candidate was right" if is_known else f"new, none was right, place {place}"
        _note(counts, name, happened=_is_new(after, keys))


def _is_new(after: Reading, keys: set[str]) -> bool:
    return bool(after.answers) and after.answers[0].key not in keys


def _speaks(found: Sequence[Source], tied: Sequence[str]) -> bool:
    texts = [set(content_stems(f"{each.title} {each.text}")) for each in found]
    return any(set(content_stems(each)) <= text for each in tied for text in texts)


def _is_tied(candidate: str, query: str, sentences: Sequence[str]) -> bool:
    """Return whether a candidate stands in one sentence with half of the name that is followed.

    A candidate that the query names itself is tied to nothing: its page speaks of it anyway.
    """
    names = [word for word in query.split() if word[:1].isupper() or word[:1].isdigit()]
    name, own = set(content_stems(" ".join(names))), set(content_stems(candidate))
    if not name or not own or own <= set(content_stems(query)):
        return False
    held = (set(content_stems(text)) for text in sentences)
    return any(own <= stems and 2 * len(name & stems) >= len(name) for stems in held)


def _note(counts: Counter[str], name: str, *, happened: bool) -> None:
    counts[name] += happened
    counts[f"{name} of"] += 1


def _sources(corpus: Corpus, query: str, limit: int, known: Sequence[Source]) -> list[Source]:
    seen = {each.text for each in known}
    return [
        Source(
            evidence_id=f"{passage.doc_id}:{passage.start}",
            title=passage.title,
            text=passage.text,
            hop=int(bool(known)),
        )
        for passage in corpus.search(query, limit=limit)
        if passage.text not in seen
    ]


if __name__ == "__main__":
    main()
