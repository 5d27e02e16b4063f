"""How the events of journals are read by DuckDB: one pass, with the types said beforehand."""

USAGE = (
    "STRUCT(uncached_input BIGINT, cache_read BIGINT, cache_write BIGINT, output BIGINT, "
    "reasoning BIGINT, is_estimate BOOLEAN)"
)
"""Tokens in disjoint buckets, as every record has them."""

EVENT_FIELDS: dict[str, str] = {
    "type": "VARCHAR",
    "at": "DOUBLE",
    "round": "INTEGER",
    "call_id": "VARCHAR",
    "model": "VARCHAR",
    "worst_tokens": "BIGINT",
    "worst_usd": "DOUBLE",
    "usage": USAGE,
    "cost_usd": "DOUBLE",
    "wall_s": "DOUBLE",
    "error": "VARCHAR",
    "raw_usage": "JSON",
    "attempt": "INTEGER",
    "tool": "VARCHAR",
    "result_id": "VARCHAR",
    "evidence_ids": "VARCHAR[]",
    "new_evidence": "INTEGER",
    "is_error": "BOOLEAN",
    "characters": "BIGINT",
    "kind": "VARCHAR",
    "report_tokens": "BIGINT",
    "is_forced": "BOOLEAN",
    "cpu_s": "DOUBLE",
    "passages_read": "INTEGER",
    "top": "VARCHAR",
    "probability": "DOUBLE",
    "entropy_nats": "DOUBLE",
    "set_size": "INTEGER",
    "none_of_these": "DOUBLE",
    "question": "VARCHAR",
    "message": "VARCHAR",
    "text": "VARCHAR",
    "sender": "VARCHAR",
    "receiver": "VARCHAR",
    "claims": "VARCHAR[]",
    "tokens_read": "BIGINT",
    "tokens_written": "BIGINT",
    "taken": "VARCHAR[]",
    "claim": 'STRUCT(id VARCHAR, subject VARCHAR, "value" VARCHAR, confidence DOUBLE, '
    "parents VARCHAR[], agent VARCHAR, round INTEGER)",
    "decider": "VARCHAR",
    "claim_id": "VARCHAR",
}
"""Fields of the events that the warehouse keeps, all in one; what an event lacks is NULL."""

RESULT = (
    f"STRUCT(answer VARCHAR, confidence DOUBLE, stop_reason VARCHAR, rounds INTEGER, "
    f"steps INTEGER, usage {USAGE}, cost_usd DOUBLE, wall_s DOUBLE, cpu_s DOUBLE, model VARCHAR, "
    "stop_detail VARCHAR, warnings VARCHAR[])"
)
"""The result of an agent's run."""

ATTEMPT = (
    f"STRUCT(task_id VARCHAR, epoch INTEGER, agent_sha256 VARCHAR, retry INTEGER, status VARCHAR, "
    f"run_id VARCHAR, level VARCHAR, cluster VARCHAR, prediction VARCHAR, score DOUBLE, "
    f"stop_reason VARCHAR, confidence DOUBLE, rounds INTEGER, steps INTEGER, usage {USAGE}, "
    f"cost_usd DOUBLE, billed_usd DOUBLE, judge_usd DOUBLE, wall_s DOUBLE, cpu_s DOUBLE, "
    f"entities_required INTEGER, entities_found INTEGER, error VARCHAR, detail JSON)"
)
"""The record of an attempt."""

_TOKENS = (
    "e.usage.uncached_input + e.usage.cache_read + e.usage.cache_write + e.usage.output "
    "+ e.usage.reasoning"
)
_PARTS = ("uncached_input", "cache_read", "cache_write", "output", "reasoning", "is_estimate")
_BUCKETS = ", ".join(f"e.usage.{part}" for part in _PARTS)

FROM_EVENTS: dict[str, str] = {
    "calls": f"""
        SELECT run_id, attempt_id, e.call_id, 0, make_timestamp(CAST(e."at" * 1e6 AS BIGINT)),
            e.round, e.model, CASE WHEN e.error IS NULL THEN 'answered' ELSE 'failed' END,
            {_BUCKETS}, {_TOKENS}, e.cost_usd, NULL, NULL, e.wall_s, e.error, e.raw_usage,
            member
        FROM happened WHERE e.type = 'model.called'
        UNION ALL
        SELECT h.run_id, h.attempt_id, e.call_id, e.attempt,
            make_timestamp(CAST(e."at" * 1e6 AS BIGINT)), e.round, s.model, 'retried',
            {_BUCKETS}, {_TOKENS}, e.cost_usd, NULL, NULL, NULL, e.error, NULL, h.member
        FROM happened AS h LEFT JOIN (
            SELECT run_id, attempt_id, e.call_id AS call_id, e.model AS model FROM happened
            WHERE e.type = 'model.started') AS s
        ON s.run_id = h.run_id AND s.attempt_id = h.attempt_id AND s.call_id = h.e.call_id
        WHERE h.e.type = 'model.retried'
        UNION ALL
        SELECT s.run_id, s.attempt_id, s.e.call_id, 0,
            make_timestamp(CAST(s.e."at" * 1e6 AS BIGINT)), s.e.round, s.e.model, 'lost', NULL,
            NULL, NULL, NULL, NULL, NULL, NULL, NULL, s.e.worst_tokens, s.e.worst_usd, NULL, NULL,
            NULL, s.member
        FROM happened AS s
        WHERE s.e.type = 'model.started' AND NOT EXISTS (
            SELECT 1 FROM happened AS c
            WHERE c.e.type = 'model.called' AND c.run_id = s.run_id
                AND c.attempt_id = s.attempt_id AND c.e.call_id = s.e.call_id)
    """,
    "tool_calls": """
        SELECT run_id, attempt_id, make_timestamp(CAST(e."at" * 1e6 AS BIGINT)), e.round, e.tool,
            e.result_id, len(e.evidence_ids), e.new_evidence, e.is_error, e.wall_s, member,
            e.cost_usd, e.characters
        FROM happened WHERE e.type = 'tool.returned'
    """,
    "messages": """
        SELECT run_id, attempt_id, make_timestamp(CAST(e."at" * 1e6 AS BIGINT)), e.round, e.type,
            coalesce(e.sender, 'agent'), coalesce(e.receiver, 'person'),
            coalesce(e.question, e.text, array_to_string(e.claims, ' ')),
            e.tokens_read + e.tokens_written
        FROM happened WHERE e.type IN ('clarify.question', 'answer.delta', 'team.message')
    """,
    "policy_events": """
        SELECT run_id, attempt_id, make_timestamp(CAST(e."at" * 1e6 AS BIGINT)), e.round, e.type,
            e.kind, e.is_forced, e.report_tokens, e.passages_read, e.cpu_s, e.top, e.probability,
            e.entropy_nats, e.set_size, e.none_of_these, e.message
        FROM happened
        WHERE e.type IN ('decision.made', 'uncertainty', 'budget.reached', 'warning',
            'team.escalated')
    """,
    "claims": """
        SELECT run_id, attempt_id, e.claim.id, e.claim.agent, e.claim.round, e.claim.subject,
            e.claim."value", e.claim.confidence, e.claim.parents
        FROM happened WHERE e.type = 'team.claim'
    """,
    "claims_taken": """
        SELECT run_id, attempt_id, e.round, e.sender, e.receiver, unnest(e.taken)
        FROM happened WHERE e.type = 'team.message'
    """,
    "team_answers": """
        SELECT run_id, attempt_id, e.decider, e.claim_id
        FROM happened WHERE e.type = 'team.answered'
    """,
}
"""What fills each table from `happened(run_id, attempt_id, e)`, where `e` is an event."""


def struct_of(fields: dict[str, str]) -> str:
    """Return fields as the type of a struct."""
    return "STRUCT(" + ", ".join(f'"{name}" {kind}' for name, kind in fields.items()) + ")"


def columns_of(fields: dict[str, str]) -> str:
    """Return fields as `read_json` takes the types of its columns."""
    return "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in fields.items()) + "}"
