"""Deal a suite's corpus to three agents that own a third each, and write all that a trial needs.

    python scripts/teams_split.py FOLDER [--suite gaia-like] [--size 240] [--seed 5] [--test 80]

Then, in FOLDER:

    sonde team record --tasks learn --team team.yaml --n 80
    sonde gate fit
    sonde gate calibrate --tasks learn --team team.yaml --n 80
    sonde bench run test --agent open.yaml --agent novelty.yaml --agent learned.yaml \\
        --agent one.yaml --out bench
    sonde bench report bench
"""

import argparse
import hashlib
import json
from pathlib import Path

from sonde.benchmarks.suites.shipped import write_shipped

PARTS = ("north", "east", "south")
_FACTORY = "sonde.benchmarks.teams.factory:team_agent"


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--suite", default="gaia-like")
    parser.add_argument("--size", type=int, default=240)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--test", type=int, default=80)
    given = parser.parse_args()
    folder: Path = given.folder
    whole = folder / "whole"
    folder.mkdir(parents=True, exist_ok=True)
    write_shipped(given.suite, whole, seed=given.seed, size=given.size)
    deal(whole / "corpus.jsonl", folder)
    tasks = [line for line in lines(whole / "tasks.jsonl") if not json.loads(line).get("files")]
    write_part(whole, folder / "learn", tasks[: -given.test])
    write_part(whole, folder / "test", tasks[-given.test :])
    members = "".join(f"  - {{name: {name}, corpus: {name}.jsonl}}\n" for name in PARTS)
    (folder / "team.yaml").write_text(f"members:\n{members}", encoding="utf-8")
    for name, gate in (("open", "open"), ("novelty", "novelty"), ("learned", "gate.json")):
        text = f"factory: {_FACTORY}\nsettings: {{team: team.yaml, gate: {gate}}}\n"
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "one.yaml").write_text("corpus: [whole/corpus.jsonl]\n", encoding="utf-8")
    print(f"{len(tasks)} tasks without attachments, {given.test} of them for the test: {folder}")


def deal(corpus: Path, folder: Path) -> None:
    """Deal the documents to the members, each to one, by a digest of its line."""
    parts: dict[str, list[str]] = {name: [] for name in PARTS}
    for line in lines(corpus):
        parts[PARTS[hashlib.sha256(line.encode()).digest()[0] % len(PARTS)]].append(line)
    for name, dealt in parts.items():
        (folder / f"{name}.jsonl").write_text("\n".join(dealt) + "\n", encoding="utf-8")


def write_part(whole: Path, part: Path, tasks: list[str]) -> None:
    """Write some tasks as a suite of their own, without a corpus: its owners are the members."""
    part.mkdir()
    (part / "tasks.jsonl").write_text("\n".join(tasks) + "\n", encoding="utf-8")
    card = json.loads((whole / "suite.json").read_text(encoding="utf-8"))
    card.pop("corpus", None)
    (part / "suite.json").write_text(json.dumps(card), encoding="utf-8")


def lines(path: Path) -> list[str]:
    """Return the lines of a file that hold anything."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
