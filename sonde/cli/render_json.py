"""A result as one JSON object."""

import json
from dataclasses import asdict

from ..records.json_types import JsonValue
from ..records.result import Result


def result_object(result: Result) -> dict[str, JsonValue]:
    """Return a result as a JSON object; what is unknown is null."""
    return {
        "run_id": result.run_id,
        "question": result.question,
        "answer": result.answer,
        "confidence": result.confidence,
        "confidence_set": [asdict(member) for member in result.confidence_set],
        "certificate": None if result.certificate is None else asdict(result.certificate),
        "set_certificate": None
        if result.set_certificate is None
        else asdict(result.set_certificate),
        "trail": [asdict(each) for each in result.trail],
        "citations": [asdict(citation) for citation in result.citations],
        "stop_reason": str(result.stop_reason),
        "stop_detail": result.stop_detail,
        "rounds": result.rounds,
        "steps": result.steps,
        "usage": asdict(result.usage),
        "cost_usd": result.cost_usd,
        "cost_known": result.cost_known,
        "wall_s": result.wall_s,
        "cpu_s": result.cpu_s,
        "model": result.model,
        "warnings": list(result.warnings),
    }


def render_json(result: Result) -> str:
    """Return a result as JSON text."""
    return json.dumps(result_object(result), ensure_ascii=False, indent=2) + "\n"
