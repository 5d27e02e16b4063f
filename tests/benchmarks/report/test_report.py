"""Figures of a report, from runs whose outcome is known by hand."""

from collections.abc import Callable
from dataclasses import replace
from math import inf

import pytest

from sonde.benchmarks.bench_run import BenchRun
from sonde.benchmarks.report.contrasts import compare_runs
from sonde.benchmarks.report.report import make_report
from sonde.benchmarks.report.section import ReportOptions, Section, size_in_words
from sonde.benchmarks.statistics.intervals import wilson
from sonde.records.errors import SetupError, SuiteError

MakeRun = Callable[..., BenchRun]
QUICK = ReportOptions(draws=400)


def _section(*runs: BenchRun, options: ReportOptions = QUICK) -> Section:
    return make_report(list(runs), options).sections[0]


def _with_status(run: BenchRun, status: str, count: int) -> BenchRun:
    broken = [replace(a, status=status, score=None) for a in run.attempts[:count]]  # pyright: ignore[reportArgumentType] -- a status by name
    return replace(run, attempts=(*broken, *run.attempts[count:]))


def test_the_denominator_is_the_suite_whatever_became_of_the_attempts(make_run: MakeRun) -> None:
    run = make_run(scores=[[1.0]] * 10)
    lacking = replace(_with_status(run, "error", 2), attempts=run.attempts[1:])
    lacking = _with_status(lacking, "error", 2)
    accuracy = _section(lacking).runs[0].accuracy
    assert (accuracy.value, accuracy.broken, accuracy.trials) == (0.7, 3, 10)
    assert accuracy.bounds == (0.7, 1.0)
    assert any("3 of 10" in said for said in _section(lacking).warnings)


def test_one_attempt_a_task_has_wilsons_interval_and_repeats_have_the_bootstraps(
    make_run: MakeRun,
) -> None:
    once = _section(make_run(scores=[[1.0]] * 12 + [[0.0]] * 28)).runs[0].accuracy
    assert once.interval == wilson(12, 40)
    twice = _section(make_run(scores=[[1.0, 0.0]] * 20 + [[0.0, 0.0]] * 20)).runs[0].accuracy
    assert twice.method == "bootstrap over tasks"
    assert twice.interval is not None
    assert twice.interval.low < 0.25 < twice.interval.high


def test_tasks_of_one_cluster_have_the_bootstraps_interval(make_run: MakeRun) -> None:
    run = make_run(scores=[[1.0], [0.0]] * 20)
    attempts = tuple(replace(a, cluster=str(at // 4)) for at, a in enumerate(run.attempts))
    section = _section(replace(run, attempts=attempts))
    assert section.runs[0].accuracy.method == "bootstrap over tasks"
    assert size_in_words(section).startswith("40 tasks in 10 clusters")
    assert any("the 40 tasks form 10" in said for said in section.warnings)
    assert size_in_words(_section(run)) == "40 tasks"


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_repeats_that_are_all_alike_are_not_taken_for_certainty(
    make_run: MakeRun, score: float
) -> None:
    accuracy = _section(make_run(scores=[[score, score]] * 20)).runs[0].accuracy
    assert accuracy.interval == wilson(20 * score, 20)
    assert accuracy.method == "Wilson over clusters"


def test_the_interval_of_a_level_takes_the_repeats_of_a_task_for_one_trial(
    make_run: MakeRun,
) -> None:
    once, thrice = (
        _section(make_run(scores=[[1.0] * n] * 15 + [[0.0] * n] * 15)).runs[0].levels
        for n in (1, 3)
    )
    assert [g.interval for g in once] == [g.interval for g in thrice]
    assert [g.trials for g in thrice] == [3 * g.trials for g in once]


def test_alike_runs_with_repeats_claim_no_detectable_loss(make_run: MakeRun) -> None:
    scores = [[1.0, 0.0]] * 20
    found = compare_runs(make_run("a", scores=scores), make_run("b", scores=scores), draws=100)
    assert (found.gain, found.detectable) == (0.0, None)


def test_the_risk_of_picking_is_measured_from_the_baseline(make_run: MakeRun) -> None:
    runs = [
        make_run(name, scores=[[1.0]] * n + [[0.0]] * (60 - n))
        for name, n in (("good", 50), ("fair", 40), ("poor", 10))
    ]
    from_good = _section(*runs)
    from_poor = _section(*runs, options=replace(QUICK, baseline="poor"))
    assert (from_good.sharpe_baseline, from_poor.sharpe_baseline) == ("good", "poor")
    assert from_good.sharpe[0].ratio == 0.0 < from_poor.sharpe[0].ratio


def test_a_baseline_that_two_runs_of_a_suite_share_is_refused(make_run: MakeRun) -> None:
    first = make_run("a")
    second = replace(make_run("a"), run_id="another")
    with pytest.raises(SetupError, match=r"2 runs of 'a' on .*name one: .*another"):
        make_report([first, second], replace(QUICK, baseline="a"))
    assert make_report([first, second], replace(QUICK, baseline="another")).sections


def test_a_run_of_unknown_cost_is_listed_and_never_on_the_frontier(make_run: MakeRun) -> None:
    best = make_run("best", scores=[[1.0]] * 10, cost_usd=None)
    one_unknown = make_run("partly", scores=[[1.0]] * 10)
    first = replace(one_unknown.attempts[0], cost_usd=None)
    one_unknown = replace(one_unknown, attempts=(first, *one_unknown.attempts[1:]))
    section = _section(best, one_unknown, make_run("known", scores=[[1.0]] * 5 + [[0.0]] * 5))
    assert section.frontier.staircase == ("known",)
    assert set(section.frontier.unplaced) == {"best", "partly"}
    told = {run.name: run for run in section.runs}
    assert told["best"].place.probability is None
    assert told["partly"].usd.mean is None
    assert told["partly"].cop_suite.told == "unknown"
    assert any("partly tells it for 9 of 10" in said for said in section.warnings)


def test_a_run_that_never_passes_costs_more_than_all_it_spent(make_run: MakeRun) -> None:
    run = make_run(scores=[[0.0]] * 20, cost_usd=0.06)
    found = _section(run).runs[0]
    spent = sum(attempt.cost_usd or 0.0 for attempt in run.attempts)
    assert found.cop_suite.value == inf
    assert found.cop_suite.told == f"> ${spent:.2f} (0/20)"
    assert (found.cop_frontier.told, found.cop_frontier.unsolved) == ("∞", "20/20")


def test_a_person_caps_the_frontier_cost_of_pass(make_run: MakeRun) -> None:
    run = make_run(scores=[[1.0], [0.0]] * 10, cost_usd=0.01)
    options = replace(QUICK, human_usd=2.0)
    found = _section(run, options=options).runs[0].cop_frontier
    passes = [a.cost_usd or 0.0 for a in run.attempts if a.score]
    assert found.value == pytest.approx((sum(passes) + 10 * 2.0) / 20)


def test_the_two_costs_of_pass_are_named_apart_and_differ(make_run: MakeRun) -> None:
    run = make_run(scores=[[1.0, 1.0], [1.0, 0.0]], cost_usd=0.02)
    costs = [[a.cost_usd or 0.0 for a in run.attempts if a.task_id == t] for t in run.task_ids]
    found = _section(run).runs[0]
    assert found.cop_suite.value == pytest.approx(sum(map(sum, costs)) / 3)
    assert found.cop_frontier.value == pytest.approx((sum(costs[0]) / 2 + sum(costs[1])) / 2)


def test_free_agents_are_set_against_steps(make_run: MakeRun) -> None:
    free = make_run("free")
    attempts = tuple(replace(a, cost_usd=0.0) for a in free.attempts)
    free = replace(free, attempts=attempts)
    assert _section(free).resource.name == "tokens"
    assert _section(free, make_run("paid")).resource.name == "usd"
    assert _section(free, options=replace(QUICK, resource="rounds")).resource.name == "rounds"


def test_levels_hops_and_effort_are_told(make_run: MakeRun) -> None:
    run = _section(make_run(scores=[[1.0]] * 6 + [[0.0]] * 6)).runs[0]
    assert [(g.label, g.trials, g.accuracy) for g in run.levels] == [
        ("1", 4, 0.5), ("2", 4, 0.5), ("3", 4, 0.5),
    ]  # fmt: skip
    assert [g.label for g in run.hops] == ["2", "3"]
    assert run.tokens["cache_read"] == 200
    assert run.isr == 0.75
    assert run.bytes_per_token is not None
    assert run.billed_usd == pytest.approx((run.usd.total or 0.0) / 2)
    assert sum(run.by_node.values()) == pytest.approx(run.usd.mean)


def test_repeats_tell_pass_at_k_and_pass_hat_k(make_run: MakeRun) -> None:
    run = _section(make_run(scores=[[1.0, 0.0], [1.0, 1.0]])).runs[0]
    assert run.pass_at == (0.75, 1.0)
    assert run.pass_hat == (0.75, 0.5)


def test_the_curve_ends_at_the_accuracy_and_budgets_are_read_from_it(make_run: MakeRun) -> None:
    options = replace(QUICK, budgets=(1e-6, 10.0))
    run = _section(make_run(), options=options).runs[0]
    assert run.curve[-1].accuracy == run.accuracy.value
    assert list(run.at_budget.values()) == [0.0, run.accuracy.value]


def test_simulations_are_told_first(make_run: MakeRun) -> None:
    report = make_report([make_run(is_simulation=True, tasks=12)], QUICK)
    assert report.warnings[0].startswith("Simulation: ")


def test_two_suites_have_a_section_each(make_run: MakeRun) -> None:
    other = replace(make_run("b"), suite="other", suite_sha256="6" * 64)
    report = make_report([make_run("a"), other], QUICK)
    assert [s.suite for s in report.sections] == ["made-up", "other"]


def test_runs_of_a_suite_are_told_on_the_tasks_they_share(make_run: MakeRun) -> None:
    section = _section(make_run("a", tasks=40), make_run("b", tasks=35))
    assert section.tasks == 35
    assert any(said.startswith("Different tasks") for said in section.warnings)


def test_withheld_answers_leave_costs_and_no_accuracy(make_run: MakeRun) -> None:
    run = _with_status(make_run(tasks=10), "unscored", 10)
    found = _section(run).runs[0]
    assert found.accuracy.value is None
    assert found.usd.mean is not None
    assert _section(run).contrasts == ()


def test_agents_of_one_name_are_told_apart(make_run: MakeRun) -> None:
    twins = [make_run("a"), replace(make_run("a", seed=1), run_id="run-2")]
    assert {run.name for run in _section(*twins).runs} == {"a · run-a", "a · run-2"}


def test_the_same_seed_gives_the_same_figures(make_run: MakeRun) -> None:
    runs = [make_run("a", accuracy=0.6), make_run("b", seed=1, cost_usd=0.02)]
    assert make_report(runs, QUICK) == make_report(runs, QUICK)


def test_only_runs_of_one_suite_can_be_compared(make_run: MakeRun) -> None:
    other = replace(make_run("b"), suite="other", suite_sha256="6" * 64)
    with pytest.raises(SuiteError, match="only runs of the same tasks"):
        compare_runs(make_run("a"), other)


def test_a_comparison_pairs_by_task_whatever_the_order(make_run: MakeRun) -> None:
    a = make_run("a", scores=[[1.0]] * 12 + [[0.0]] * 8)
    b = make_run("b", scores=[[1.0]] * 4 + [[0.0]] * 15 + [[1.0]], cost_usd=0.02)
    shuffled = replace(b, attempts=b.attempts[::-1], task_ids=tuple(b.task_ids)[::-1])
    found = compare_runs(a, shuffled, draws=400)
    assert (found.a_only, found.b_only, found.tasks) == (8, 1, 20)
    assert found.gain == pytest.approx(-0.35)
    assert found.is_regression()
    assert not compare_runs(shuffled, a, draws=400).is_regression()
    assert found.cost_ratio is not None
    assert found.cost_ratio.interval.low < found.cost_ratio.value < found.cost_ratio.interval.high


def test_options_that_name_nothing_say_so(make_run: MakeRun) -> None:
    with pytest.raises(SetupError, match="no resource 'joules'"):
        make_report([make_run()], ReportOptions(resource="joules"))
    with pytest.raises(SetupError, match="no run 'zebra'"):
        make_report([make_run()], ReportOptions(baseline="zebra"))
    with pytest.raises(SuiteError, match="at least one run"):
        make_report([])


def test_a_baseline_is_compared_with_all_others(make_run: MakeRun) -> None:
    runs = [make_run(name, seed=at) for at, name in enumerate("abc")]
    section = _section(*runs, options=replace(QUICK, baseline="b"))
    assert {(c.a, c.b) for c in section.contrasts} == {("b", "a"), ("b", "c")}
