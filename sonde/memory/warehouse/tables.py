"""The tables of the warehouse, by version; each version is reached from the one before.

Unknown is NULL, never 0. Token buckets are disjoint. A run is one agent over one suite, or all runs
of `sonde ask` together; an attempt is one run of an agent. There are no primary keys: a folder is
taken in whole, in place of what was taken in of it before, and keys would cost more than the rest.
"""

from collections.abc import Sequence

_USAGE = """
    uncached_input BIGINT, cache_read BIGINT, cache_write BIGINT, output BIGINT, reasoning BIGINT,
    is_estimate BOOLEAN
"""

_FIRST = f"""
CREATE TABLE sources (
    folder VARCHAR, kind VARCHAR, fingerprint VARCHAR, lines BIGINT, taken_in_at TIMESTAMP);
CREATE TABLE price_books (
    book_id VARCHAR, sha256 VARCHAR, since DATE);
CREATE TABLE prices (
    book_id VARCHAR, model VARCHAR, is_own BOOLEAN, kind VARCHAR, usd_per_mtok DOUBLE,
    above_prompt_tokens BIGINT);
CREATE TABLE suites (
    suite_sha256 VARCHAR, name VARCHAR, scorer VARCHAR, tasks INTEGER);
CREATE TABLE tasks (
    suite_sha256 VARCHAR, task_id VARCHAR, number INTEGER, level VARCHAR, cluster VARCHAR);
CREATE TABLE runs (
    run_id VARCHAR, bench_id VARCHAR, folder VARCHAR, kind VARCHAR, agent VARCHAR,
    agent_sha256 VARCHAR, config JSON, suite VARCHAR, suite_sha256 VARCHAR, tasks INTEGER,
    epochs INTEGER, seed BIGINT, price_book VARCHAR, human_usd DOUBLE, is_simulation BOOLEAN,
    created_at TIMESTAMP, sonde VARCHAR, accuracy DOUBLE, cost_usd DOUBLE);
CREATE TABLE attempts (
    run_id VARCHAR, attempt_id VARCHAR, task_id VARCHAR, epoch INTEGER, retry INTEGER,
    is_last BOOLEAN, status VARCHAR, worker VARCHAR, started_at TIMESTAMP, agent_run_id VARCHAR,
    level VARCHAR, cluster VARCHAR, question VARCHAR, prediction VARCHAR, score DOUBLE,
    is_correct BOOLEAN, stop_reason VARCHAR, confidence DOUBLE, rounds INTEGER, steps INTEGER,
    {_USAGE}, tokens BIGINT, cost_usd DOUBLE, cost_known BOOLEAN, billed_usd DOUBLE,
    judge_usd DOUBLE, wall_s DOUBLE, cpu_s DOUBLE, entities_required INTEGER,
    entities_found INTEGER, error VARCHAR, detail JSON);
CREATE TABLE calls (
    run_id VARCHAR, attempt_id VARCHAR, call_id VARCHAR, try_number INTEGER,
    happened_at TIMESTAMP, round INTEGER, model VARCHAR, outcome VARCHAR, {_USAGE},
    tokens BIGINT, cost_usd DOUBLE, worst_tokens BIGINT, worst_usd DOUBLE, wall_s DOUBLE,
    error VARCHAR, raw_usage JSON);
CREATE TABLE tool_calls (
    run_id VARCHAR, attempt_id VARCHAR, happened_at TIMESTAMP, round INTEGER, tool VARCHAR,
    result_id VARCHAR, evidence INTEGER, new_evidence INTEGER, is_error BOOLEAN, wall_s DOUBLE);
CREATE TABLE messages (
    run_id VARCHAR, attempt_id VARCHAR, happened_at TIMESTAMP, round INTEGER, kind VARCHAR,
    sender VARCHAR, receiver VARCHAR, text VARCHAR, tokens BIGINT);
CREATE TABLE policy_events (
    run_id VARCHAR, attempt_id VARCHAR, happened_at TIMESTAMP, round INTEGER, kind VARCHAR,
    decision VARCHAR, is_forced BOOLEAN, report_tokens BIGINT, passages_read INTEGER, cpu_s DOUBLE,
    top VARCHAR, probability DOUBLE, entropy_nats DOUBLE, set_size INTEGER, none_of_these DOUBLE,
    message VARCHAR);
"""

_TEAMS = """
CREATE TABLE claims (
    run_id VARCHAR, attempt_id VARCHAR, claim_id VARCHAR, member VARCHAR, round INTEGER,
    subject VARCHAR, "value" VARCHAR, confidence DOUBLE, parents VARCHAR[]);
CREATE TABLE claims_taken (
    run_id VARCHAR, attempt_id VARCHAR, round INTEGER, sender VARCHAR, receiver VARCHAR,
    claim_id VARCHAR);
CREATE TABLE team_answers (
    run_id VARCHAR, attempt_id VARCHAR, decider VARCHAR, claim_id VARCHAR);
UPDATE sources SET fingerprint = NULL;
"""
"""What members of teams claim and take over; what was taken in before is taken in again."""

_MEMBERS = """
ALTER TABLE calls ADD COLUMN member VARCHAR;
ALTER TABLE tool_calls ADD COLUMN member VARCHAR;
UPDATE sources SET fingerprint = NULL;
"""
"""Which member of a team made a call; NULL where no team ran."""

_SERVICES = """
CREATE TABLE service_prices (
    book_id VARCHAR, seller VARCHAR, usd_per_call DOUBLE);
ALTER TABLE tool_calls ADD COLUMN cost_usd DOUBLE;
ALTER TABLE tool_calls ADD COLUMN characters BIGINT;
UPDATE sources SET fingerprint = NULL;
"""
"""What services cost, by book, and what each call of a tool bought and gave back. A book that was
taken in before says nothing of services, and has no rows here."""

MIGRATIONS: Sequence[str] = (_FIRST, _TEAMS, _MEMBERS, _SERVICES)
"""SQL that makes version n + 1 of version n; never changed once it was released."""
VERSION = len(MIGRATIONS)
"""The version that this code reads and writes."""
OF_A_RUN = (
    "attempts",
    "calls",
    "tool_calls",
    "messages",
    "policy_events",
    "claims",
    "claims_taken",
    "team_answers",
)
"""Tables whose rows belong to a run."""
TABLES = ("price_books", "prices", "service_prices", "suites", "tasks", "runs", *OF_A_RUN)
"""Tables that a person asks."""
