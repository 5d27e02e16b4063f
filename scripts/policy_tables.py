"""The tables that query policies are measured on, and a way to print results."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from sonde.policies.table import Table

_SHARED = os.environ.get("SONDE_SHARED_DATA")
SHARED = Path(_SHARED) if _SHARED else Path(__file__).resolve().parents[2] / "shared" / "data"
"""Folder of the shared data."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Animals:
    """Animals with Attributes 2."""

    all_50: NDArray[np.float64]
    """Fifty animals by 85 attributes, 0 or 1."""
    first_20: NDArray[np.float64]
    """The twenty of the C-IP paper."""
    names: list[str]
    """Names of the fifty."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Digits:
    """One split of the binarised digits."""

    table: Table
    """Bernoulli naive Bayes from the training pictures."""
    prior: NDArray[np.float64]
    """How often each digit stood among them."""
    calibration: NDArray[np.int64]
    """Pictures to calibrate on."""
    calibration_truths: NDArray[np.int64]
    """What they show."""
    test: NDArray[np.int64]
    """Pictures to test on."""
    test_truths: NDArray[np.int64]
    """What they show."""


def read_animals() -> Animals:
    """Return the AwA2 tables.

    Raises:
        SystemExit: They are not there.
    """
    folder = SHARED / "awa2"
    if not folder.is_dir():
        raise SystemExit(f"no AwA2 tables in {folder}; set SONDE_SHARED_DATA to the folder above")
    names = _names(folder / "classes.txt")
    matrix = np.loadtxt(folder / "predicate-matrix-binary.txt")
    rows = [names.index(name) for name in _names(folder / "classes20.txt")]
    return Animals(all_50=matrix, first_20=matrix[rows], names=names)


def split_digits(seed: int, *, train: int = 900, calibration: int = 450) -> Digits:
    """Return a seeded split of the digits; what is left of the 1,797 is for the test."""
    pixels, labels = load_digits(return_X_y=True)
    dark = (pixels >= 8).astype(np.int64)
    order = np.random.default_rng(seed).permutation(len(labels))
    first, second, third = np.split(order, [train, train + calibration])
    groups = [dark[first][labels[first] == digit] for digit in range(10)]
    return Digits(
        table=Table.binary(np.stack([(g.sum(axis=0) + 1) / (len(g) + 2) for g in groups])),
        prior=np.array([len(g) / train for g in groups]),
        calibration=dark[second],
        calibration_truths=labels[second],
        test=dark[third],
        test_truths=labels[third],
    )


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table in Markdown, with numbers to three places."""
    print(f"\n{title}\n")
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for row in rows:
        cells = [f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row]
        print("| " + " | ".join(cells) + " |", flush=True)


def _names(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[-1].strip().replace("+", " ") for line in lines if line.strip()]


def write_open_corpus(path: Path, pages: Sequence[str]) -> None:
    """Write pages, a title and a text each on lines of their own, as a corpus of JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for number, page in enumerate(pages):
            title, _, text = page.partition("\n")
            record = {"doc_id": f"p{number}", "title": title, "text": text}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
