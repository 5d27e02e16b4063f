"""Questions over several rows: which of these, how many, the first of all, sums."""

from ..facts.table import Column, Table, listed, sentence, written
from .draft import Draft, Scene, accepted, extreme

_LARGEST_SET = 8
_LONGEST_LIST = 5


def which_of_these(scene: Scene) -> Draft | None:
    """Ask which of some rows comes first or last by a number."""
    table = scene.rng.choice(list(scene.world.tables.values()))
    columns = [column for column in table.columns if column.most]
    if not columns:
        return None
    column, count = scene.rng.choice(columns), scene.rng.choice((2, 3, 3, 4, 5))
    names = scene.rng.sample(list(table.rows), count)
    found = _superlative(scene, table, column, names)
    if found is None:
        return None
    words, winner = found
    choices = listed([table.called(name) for name in names], last="or")
    return Draft(
        kind="which-of-these",
        level=1 if count <= 3 else 2,
        question=f"Which of these {table.plural} {words}: {choices}?",
        target=tuple(dict.fromkeys((winner, table.called(winner)))),
        hops=count,
    )


def how_many(scene: Scene) -> Draft | None:
    """Ask how many rows share a value, or exceed a number besides."""
    group = scene.group(least=1, most=_LARGEST_SET)
    if group is None:
        return None
    table, column, value, names = group
    shared = _where(column, value)
    numbers = [c for c in table.columns if c.where and c.kind != "name"]
    if not numbers or len(names) < 3 or scene.rng.random() < 0.5:
        question = f"How many {table.plural} {shared}?"
        count = len(names)
    else:
        second = scene.rng.choice(numbers)
        held = sorted(int(str(table.rows[name][second.name])) for name in names)
        bound = held[len(held) // 2] // 10 * 10 - 1 if held[0] > 100 else held[0]
        question = f"How many of the {table.plural} that {shared} {_where(second, str(bound))}?"
        count = sum(each > bound for each in held)
    return Draft(
        kind="counting", level=2, question=question, target=(str(count),), hops=1 + len(names)
    )


def listing(scene: Scene) -> Draft | None:
    """Ask for the rows that share a value, as a list in order."""
    group = scene.group(least=2, most=_LONGEST_LIST)
    if group is None:
        return None
    table, column, value, names = group
    if not all(name.isascii() for name in names):  # their order would depend on the language
        return None
    return Draft(
        kind="list",
        level=2,
        question=(
            f"Which {table.plural} {_where(column, value)}? List their names in alphabetical "
            "order, separated by commas."
        ),
        target=(", ".join(sorted(names)),),
        hops=1 + len(names),
    )


def first_of_all(scene: Scene) -> Draft | None:
    """Ask which of the rows that share a value comes first by a number."""
    group = scene.group(least=2, most=_LARGEST_SET)
    if group is None:
        return None
    table, column, value, names = group
    columns = [each for each in table.columns if each.most]
    if not columns:
        return None
    found = _superlative(scene, table, scene.rng.choice(columns), names)
    if found is None:
        return None
    words, winner = found
    return Draft(
        kind="superlative",
        level=2,
        question=f"Of all {table.plural} that {_where(column, value)}, which one {words}?",
        target=tuple(dict.fromkeys((winner, table.called(winner)))),
        hops=1 + len(names),
    )


def fact_of_the_first(scene: Scene) -> Draft | None:
    """Ask for a fact of the row that comes first among those that share a value."""
    group = scene.group(least=2, most=_LARGEST_SET)
    if group is None:
        return None
    table, column, value, names = group
    columns = [each for each in table.columns if each.most]
    if not columns:
        return None
    measure = scene.rng.choice(columns)
    found = _superlative(scene, table, measure, names)
    others = [each for each in table.columns if each.name not in (column.name, measure.name)]
    if found is None or not others:
        return None
    words, winner = found
    asked = scene.rng.choice(others)
    if asked.name not in table.rows[winner]:
        return None
    question = sentence(scene.rng.choice(asked.asks), x=f"that {table.noun}")
    return Draft(
        kind="superlative",
        level=3,
        question=(
            f"Among all {table.plural} that {_where(column, value)}, take the one that {words}. "
            f"{question}"
        ),
        target=accepted(asked, table.rows[winner][asked.name]),
        hops=2 + len(names),
    )


def sum_over_a_set(scene: Scene) -> Draft | None:
    """Ask for the sum of a number over the rows that share a value."""
    group = scene.group(least=2, most=_LARGEST_SET)
    if group is None:
        return None
    table, column, value, names = group
    numbers = [each for each in table.columns if each.kind == "number"]
    if not numbers:
        return None
    asked = scene.rng.choice(numbers)
    phrase = asked.phrase.format(x=f"that {table.noun}")
    total = sum(int(str(table.rows[name][asked.name])) for name in names)
    return Draft(
        kind="sum",
        level=3,
        question=(
            f"For each of the {table.plural} that {_where(column, value)}, note {phrase}. "
            "What is the sum of these numbers?"
        ),
        target=(str(total),),
        hops=1 + len(names),
    )


def _superlative(
    scene: Scene, table: Table, column: Column, names: list[str]
) -> tuple[str, str] | None:
    is_most = scene.rng.random() < 0.5
    winner = extreme(table, column, names, is_most=is_most)
    if winner is None or column.most is None:
        return None
    return column.most[0 if is_most else 1], winner


def _where(column: Column, value: str) -> str:
    return (column.where or "").format(v=written(value))
