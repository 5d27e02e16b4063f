"""What fills `attempts`: from lines of benchmark journals, and from runs of `sonde ask`."""

from ...records.result import MODEL_FAILED

ASKED = "ask"
"""The run that all runs of `sonde ask` belong to."""

ASKED_ATTEMPTS = f"""
    INSERT INTO attempts
    SELECT '{ASKED}', s.attempt_id, NULL, 1, 0, true,
        CASE WHEN r.result IS NULL THEN 'abandoned' WHEN r.result.stop_reason = 'provider_error'
            THEN 'error' ELSE 'unscored' END,
        NULL, make_timestamp(CAST(s."at" * 1e6 AS BIGINT)), s.attempt_id, NULL, NULL, s.question,
        r.result.answer, NULL, NULL, r.result.stop_reason, r.result.confidence, r.result.rounds,
        r.result.steps, r.result.usage.uncached_input, r.result.usage.cache_read,
        r.result.usage.cache_write, r.result.usage.output, r.result.usage.reasoning,
        r.result.usage.is_estimate,
        r.result.usage.uncached_input + r.result.usage.cache_read + r.result.usage.cache_write
            + r.result.usage.output + r.result.usage.reasoning,
        r.result.cost_usd, r.result.cost_usd IS NOT NULL, r.result.cost_usd, NULL, r.result.wall_s,
        r.result.cpu_s, NULL, NULL,
        CASE WHEN r.result.stop_reason = 'provider_error' THEN coalesce(
            list_filter(r.result.warnings, lambda told: starts_with(told, '{MODEL_FAILED}'))[1],
            r.result.stop_detail) END,
        NULL
    FROM (SELECT attempt_id, arg_min(question, "at") AS question, min("at") AS "at" FROM lines
        WHERE type = 'run.started' GROUP BY attempt_id) AS s
    LEFT JOIN (SELECT attempt_id, arg_max(result, "at") AS result FROM lines
        WHERE type = 'run.stopped' GROUP BY attempt_id) AS r USING (attempt_id)
"""
"""From `lines`, which holds their events."""

BENCH_ATTEMPTS = """
    INSERT INTO attempts
    SELECT b.run_id, s.attempt, s.task_id, s.epoch, s.retry,
        row_number() OVER (PARTITION BY b.run_id, s.task_id, s.epoch ORDER BY
            CASE coalesce(f.of.status, 'abandoned') WHEN 'abandoned' THEN 0 WHEN 'error' THEN 1
            ELSE 2 END DESC, s.retry DESC) = 1,
        coalesce(f.of.status, 'abandoned'), s.worker,
        make_timestamp(CAST(s."at" * 1e6 AS BIGINT)), f.of.run_id, t.level, t.cluster, NULL,
        f.of.prediction, f.of.score, f.of.score >= 1, f.of.stop_reason, f.of.confidence,
        f.of.rounds, f.of.steps, f.of.usage.uncached_input, f.of.usage.cache_read,
        f.of.usage.cache_write, f.of.usage.output, f.of.usage.reasoning, f.of.usage.is_estimate,
        f.of.usage.uncached_input + f.of.usage.cache_read + f.of.usage.cache_write
            + f.of.usage.output + f.of.usage.reasoning,
        f.of.cost_usd, f.of.cost_usd IS NOT NULL, f.of.billed_usd, f.of.judge_usd, f.of.wall_s,
        f.of.cpu_s, f.of.entities_required, f.of.entities_found, f.of.error, f.of.detail
    FROM (SELECT DISTINCT ON (attempt) * FROM lines WHERE type = 'attempt.started') AS s
    JOIN mine AS b USING (agent_sha256)
    LEFT JOIN (SELECT DISTINCT ON (attempt) attempt, "of" FROM lines
        WHERE type = 'attempt.finished'
        ORDER BY attempt, revision DESC NULLS LAST, ("of".status = 'abandoned')) AS f
    USING (attempt)
    LEFT JOIN tasks AS t ON t.suite_sha256 = s.suite_sha256 AND t.task_id = s.task_id
"""
"""From `lines` of journals, `mine` (this folder's runs) and `tasks`."""
