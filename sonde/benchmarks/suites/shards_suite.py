"""The suite `shards`: facts divided among the members of a team, some of them stale copies."""

from collections.abc import Iterator
from pathlib import Path

from ..shards.questions import Questions, make_questions
from ..shards.world import NOWHERE, World, make_world
from .facts.pages import Page, write_corpus
from .folder import NewTask, write_suite

SIZE = 200
"""Tasks of the suite as it ships."""
CORPUS = "shards"
"""Folder of the pages: a file for each member, by its role."""
_OWNS = 2


def write_shards(folder: Path, seed: int, size: int) -> None:
    """Write the suite into a folder.

    World and questions are those of `benchmarks/shards` for the same seed, so that the world's own
    team can be asked `questions.text(row)`, which is the task's text.
    """
    world = make_world(seed)
    questions = make_questions(world, size, seed=seed)
    tasks = [_task(world, questions, row) for row in range(size)]
    (folder / CORPUS).mkdir()
    for member, role in enumerate(world.roles):
        pages = list(_pages(world, member))
        if pages:
            write_corpus(folder / CORPUS / f"{role}.jsonl", pages)
    write_suite(folder, name="shards", scorer="gaia", tasks=tasks, corpus=(CORPUS,))


def _task(world: World, questions: Questions, row: int) -> NewTask:
    hops = int(questions.hops[row])
    return NewTask(
        id=f"shards-{row + 1:04}",
        input=questions.text(row),
        target=(f"e{questions.answer[row]}",),
        level=str(hops),
        cluster=f"r{questions.relations[row, 0]}",
        metadata={"kind": f"{hops}-hop", "hops": hops, "world_seed": world.seed, "row": row},
    )


def _pages(world: World, member: int) -> Iterator[Page]:
    """Yield a page for each relation that a member knows, with what it takes to be true."""
    role = world.roles[member]
    for relation in range(world.n_relations):
        how = int(world.ownership[member, relation])
        if how == 0:
            continue
        kind = (
            f"This is the register of the relation r{relation}, kept up to date."
            if how == _OWNS
            else f"This is an old copy of the relation r{relation}, with gaps and errors."
        )
        told = [
            f"From e{entity} r{relation} leads to e{target}."
            for entity, target in enumerate(world.table[member, relation].tolist())
            if target != NOWHERE
        ]
        yield Page(
            doc_id=f"{role}-r{relation}",
            title=f"Relation r{relation} as {role} has it",
            text=" ".join([kind, *told]),
        )
