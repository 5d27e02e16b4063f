"""A result as one JSON object."""

import json
from dataclasses import asdict

from ..agents.team.result import TeamResult
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
        "set_rule": None if result.set_rule is None else asdict(result.set_rule),
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
        **(_team_object(result) if isinstance(result, TeamResult) else {}),
    }


def _team_object(result: TeamResult) -> dict[str, JsonValue]:
    return {
        "team": {
            "gate": result.gate,
            "messages": result.messages,
            "message_tokens": result.message_tokens,
            "member_calls": result.member_calls,
            "is_escalated": result.is_escalated,
            "lineage": [claim.id for claim in result.lineage],
        }
    }


def render_json(result: Result) -> str:
    """Return a result as JSON text."""
    return json.dumps(result_object(result), ensure_ascii=False, indent=2) + "\n"
