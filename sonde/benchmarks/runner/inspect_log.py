"""Logs of Inspect (`.json`) as a run of our own: a sample is an attempt, its usage are calls."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

from ...records.attempt import Attempt, AttemptStatus
from ...records.errors import SetupError
from ...records.events import ModelCalled
from ...records.json_types import JsonObject, JsonValue
from ...records.usage import Usage, sum_usage
from .agent_config import AgentConfig
from .bench_journal import BenchJournal
from .manifest import MANIFEST, Manifest, SuiteEntry, TaskEntry, new_bench_id, write_manifest
from .places import journal_path
from .spec import AttemptSpec, Key

_GRADES = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
"""Inspect's letters: correct, partial, incorrect, no answer."""


def import_inspect(path: Path, out: Path) -> Manifest:
    """Write a log of Inspect as a run into a folder, and return its manifest.

    What a log does not tell stays unknown: it has no prices, so costs come with `bench reprice`.

    Args:
        path: A log in JSON (`inspect log convert --to json` makes one of an `.eval` file).
        out: A folder that holds no run yet.

    Raises:
        SetupError: The file is no such log, or the folder cannot be used.
    """
    if (out / MANIFEST).exists():
        raise SetupError(f"{out} holds a run already; name a new folder")
    log = _read(path)
    samples = cast(Sequence[JsonObject], log.get("samples") or ())
    if not samples:
        raise SetupError(f"{path} holds no samples; log them (`log_samples`), or import another")
    about = cast(JsonObject, log["eval"])
    manifest = _manifest(path, about, samples)
    write_manifest(out, manifest)
    agent = manifest.agents[0].sha256
    with BenchJournal(
        journal_path(out, "imported"),
        worker="imported",
        suite_sha256=manifest.suite.sha256,
        clock=_created(about).timestamp,
    ) as journal:
        for sample in samples:
            _write(journal, sample, agent, manifest.suite.sha256)
    return manifest


def _read(path: Path) -> JsonObject:
    try:
        log = json.loads(path.read_text(encoding="utf-8"))
    except OSError as err:
        raise SetupError(f"cannot read {path}: {err.strerror or err}") from err
    except (ValueError, UnicodeDecodeError) as err:
        raise SetupError(
            f"{path} is no JSON; of an .eval file make one: inspect log convert --to json"
        ) from err
    if not isinstance(log, dict) or "eval" not in log:
        raise SetupError(f"{path} is no log of Inspect: it has no `eval`")
    return cast(JsonObject, log)


def _manifest(path: Path, about: JsonObject, samples: Sequence[JsonObject]) -> Manifest:
    tasks = {str(sample["id"]): sample for sample in samples}
    told = sorted(
        [key, _text(each.get("input")), each.get("target")] for key, each in tasks.items()
    )
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()
    model = str(about["model"])
    task = str(about["task"])
    scorers = cast(Sequence[JsonObject], about.get("scorers") or ())
    return Manifest(
        bench_id=new_bench_id(_created(about)),
        created_at=_created(about),
        sonde=f"inspect_ai {cast(JsonObject, about.get('packages', {})).get('inspect_ai', '')}",
        suite=SuiteEntry(
            ref=str(path.absolute()),
            name=task,
            sha256=digest,
            scorer=str(scorers[0]["name"]) if scorers else "inspect",
            tasks=tuple(TaskEntry(id=each) for each in tasks),
        ),
        agents=(AgentConfig(name=re.sub(r"[^\w.+=@-]+", "-", model).strip("-."), model=model),),
        epochs=max(int(str(sample.get("epoch", 1))) for sample in samples),
        warnings=(f"imported from a log of Inspect, {path.name}",),
    )


def _write(journal: BenchJournal, sample: JsonObject, agent: str, suite: str) -> None:
    spec = AttemptSpec(Key(agent, str(sample["id"]), int(str(sample.get("epoch", 1)))))
    usages = {
        model: usage_of(cast(JsonObject, told))
        for model, told in cast(JsonObject, sample.get("model_usage") or {}).items()
    }
    wall_s = sample.get("total_time")
    journal.start(spec)
    for number, (model, usage) in enumerate(usages.items(), start=1):
        called = ModelCalled(
            at=0.0,
            call_id=f"c{number}",
            model=model,
            usage=usage,
            cost_usd=None,
            wall_s=float(str(wall_s or 0)),
        )
        journal.hear(spec, called)
    score = _score(sample)
    error = sample.get("error")
    status: AttemptStatus = "error" if error else "unscored" if score is None else "scored"
    journal.finish(
        spec,
        Attempt(
            suite_sha256=suite,
            task_id=spec.key.task_id,
            epoch=spec.key.epoch,
            agent_sha256=agent,
            status=status,
            prediction=_prediction(sample),
            score=score if status == "scored" else None,
            usage=sum_usage(usages.values()) if usages else Usage.unknown(),
            wall_s=None if wall_s is None else float(str(wall_s)),
            error=_text(error) if error else None,
            detail={"calls": len(usages)},
        ),
    )


def usage_of(told: JsonObject) -> Usage:
    """Return Inspect's usage in disjoint buckets.

    Its providers differ in whether cached tokens are inside `input_tokens`; the total tells.
    """
    prompt, output = _count(told, "input_tokens"), _count(told, "output_tokens")
    read, write = _count(told, "input_tokens_cache_read"), _count(told, "input_tokens_cache_write")
    reasoning = _count(told, "reasoning_tokens")
    is_inside = told.get("total_tokens") == prompt + output
    return Usage(
        uncached_input=prompt - read - write if is_inside else prompt,
        cache_read=read,
        cache_write=write,
        output=max(0, output - reasoning),
        reasoning=reasoning,
    )


def _score(sample: JsonObject) -> float | None:
    scores = sample.get("scores")
    if not isinstance(scores, Mapping) or not scores:
        return None
    value = cast(JsonObject, next(iter(cast(JsonObject, scores).values()))).get("value")
    if isinstance(value, bool | int | float):
        return float(value)
    return _GRADES.get(str(value))


def _prediction(sample: JsonObject) -> str | None:
    scores = cast(JsonObject, sample.get("scores") or {})
    for each in scores.values():
        answer = cast(JsonObject, each).get("answer")
        if isinstance(answer, str):
            return answer
    choices = cast(
        Sequence[JsonObject], cast(JsonObject, sample.get("output") or {}).get("choices") or ()
    )
    return _text(cast(JsonObject, choices[0]["message"]).get("content")) if choices else None


def _count(told: JsonObject, name: str) -> int:
    return int(str(told.get(name) or 0))


def _created(about: JsonObject) -> datetime:
    return datetime.fromisoformat(str(about["created"]))


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
