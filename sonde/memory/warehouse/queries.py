"""The questions that reports and `sonde sql` begin with, as SQL over the warehouse.

A sum or a mean of costs or tokens is unknown where a part of it is.
"""

from collections.abc import Mapping

QUERIES: Mapping[str, str] = {
    "runs": """
        SELECT r.agent, r.suite, count(*) AS attempts, r.tasks * r.epochs AS of_attempts,
            avg(a.score) AS accuracy, count(*) FILTER (a.status = 'error') AS errors,
            CASE WHEN bool_and(a.cost_known) THEN sum(a.cost_usd) END AS cost_usd,
            CASE WHEN count(*) = count(a.tokens) THEN sum(a.tokens) END AS tokens,
            avg(a.rounds) AS rounds, median(a.wall_s) AS median_wall_s,
            r.run_id
        FROM runs AS r JOIN attempts AS a USING (run_id) WHERE a.is_last
        GROUP BY r.run_id, r.agent, r.suite, r.tasks, r.epochs ORDER BY accuracy DESC
    """,
    "levels": """
        SELECT r.agent, r.suite, a.level, count(*) AS attempts, avg(a.score) AS accuracy,
            CASE WHEN bool_and(a.cost_known) THEN avg(a.cost_usd) END AS mean_cost_usd,
            avg(a.steps) AS steps, r.run_id
        FROM runs AS r JOIN attempts AS a USING (run_id) WHERE a.is_last
        GROUP BY r.run_id, r.agent, r.suite, a.level ORDER BY r.agent, a.level
    """,
    "models": """
        SELECT run_id, model, outcome, calls, tokens, cost_usd, wall[1] AS p50_s, wall[2] AS p95_s
        FROM (SELECT run_id, model, outcome, count(*) AS calls,
            CASE WHEN count(*) = count(tokens) THEN sum(tokens) END AS tokens,
            CASE WHEN count(*) = count(cost_usd) THEN sum(cost_usd) END AS cost_usd,
            quantile_cont(wall_s, [0.5, 0.95]) AS wall
            FROM calls GROUP BY run_id, model, outcome)
        ORDER BY cost_usd DESC NULLS LAST
    """,
    "rounds": """
        SELECT run_id, round, count(*) AS calls, avg(uncached_input + cache_read + cache_write)
            AS mean_prompt,
            CASE WHEN count(*) = count(cost_usd) THEN sum(cost_usd) END AS cost_usd
        FROM calls GROUP BY run_id, round ORDER BY run_id, round
    """,
    "tools": """
        SELECT run_id, tool, count(*) AS uses, count(*) FILTER (is_error) AS failures,
            sum(new_evidence) AS new_evidence, sum(wall_s) AS wall_s
        FROM tool_calls GROUP BY run_id, tool ORDER BY uses DESC
    """,
    "errors": """
        SELECT r.agent, a.task_id, a.status, a.error, count(*) AS times
        FROM runs AS r JOIN attempts AS a USING (run_id)
        WHERE a.status IN ('error', 'abandoned')
        GROUP BY r.agent, a.task_id, a.status, a.error ORDER BY times DESC
    """,
    "hardest": """
        SELECT a.task_id, a.level, count(*) AS attempts, avg(a.score) AS accuracy,
            CASE WHEN bool_and(a.cost_known) THEN avg(a.cost_usd) END AS mean_cost_usd
        FROM attempts AS a WHERE a.is_last AND a.score IS NOT NULL
        GROUP BY a.task_id, a.level ORDER BY accuracy, a.task_id
    """,
    "lineage": """
        WITH RECURSIVE steps AS (
            SELECT run_id, attempt_id, member AS holder, claim_id AS held, member,
                unnest(parents) AS claim_id FROM claims
            UNION ALL
            SELECT run_id, attempt_id, receiver, claim_id, sender, claim_id FROM claims_taken
        ), lineage(run_id, attempt_id, member, claim_id) AS (
            SELECT run_id, attempt_id, decider, claim_id FROM team_answers
            UNION
            SELECT l.run_id, l.attempt_id, s.member, s.claim_id
            FROM lineage AS l JOIN steps AS s
            ON s.run_id = l.run_id AND s.attempt_id = l.attempt_id
                AND s.holder = l.member AND s.held = l.claim_id
        )
        SELECT DISTINCT l.run_id, l.attempt_id, t.round, t.sender, t.receiver
        FROM lineage AS l JOIN claims_taken AS t
        ON t.run_id = l.run_id AND t.attempt_id = l.attempt_id
            AND t.receiver = l.member AND t.claim_id = l.claim_id
        ORDER BY l.run_id, l.attempt_id, t.round, t.sender, t.receiver
    """,
}
"""Questions by name."""
