"""A gate for a person: its promise, its figures, its weights in words, alpha against tokens."""

from collections.abc import Iterator

from ..agents.team.gate_file import GateFile, Measured
from ..policies.gating.risk import NEVER_SURE
from .figures import percent

_MOST_WEIGHTS = 6
_MOST_PAIRS = 4
_BAR = 30
_WHEN = {
    "novelty": "there is something new",
    "novel_confidence": "the sender is sure of what is new",
    "sender_entropy": "the sender is torn about its answer",
    "receiver_answered": "the receiver is sure of an answer already",
    "receiver_match": "the receiver looks able to answer what is open",
    "receiver_is_decider": "the receiver is the decider",
    "sender_is_final": "the sender holds an answer",
    "round_fraction": "the rounds are nearly over",
    "novelty*match": "something new meets a receiver that looks able",
    "novelty*final*decider": "a new answer would reach the decider",
    "sent_before": "the sender has told the receiver something before",
}


def gate_in_words(file: GateFile) -> str:
    """Return everything about a gate, for a terminal."""
    return "\n".join([*_head(file), *_figures(file), "", *_weights(file), *_curve(file.measured)])


def who_goes_back(tau: float) -> str:
    """Return in words which deciders are not sure enough.

    >>> who_goes_back(0.0), who_goes_back(0.65), who_goes_back(1.0)
    ('a decider without an answer', 'a decider under 0.65', 'every decider')
    """
    if tau >= NEVER_SURE:
        return "every decider"
    return f"a decider under {tau:.2f}" if tau > 0 else "a decider without an answer"


def _head(file: GateFile) -> Iterator[str]:
    members = ", ".join(file.roles)
    yield f"gate for {len(file.roles)} roles ({members}), fitted on {file.fitted_on} runs"
    if not file.is_calibrated:
        yield "not calibrated: every run goes back to telling everything that is new"
        yield "calibrate it with: sonde gate calibrate"
    else:
        yield (
            f"loses at most {percent(file.alpha or 0)} of tasks against the open team, "
            f"in expectation (calibrated on {file.n} tasks):"
        )
        yield f"{who_goes_back(file.tau)} goes back to full communication"
    if not file.is_installed:
        yield "not put to use: on these tasks it lost too much or saved nothing; novelty decides"


def _figures(file: GateFile) -> Iterator[str]:
    seen = file.measured
    if seen.open_tokens is None or seen.gated_tokens is None:
        return
    yield ""
    yield f"{'on its calibration tasks':<28}{'open':>10}{'novelty':>10}{'gate':>10}"
    yield _row("accuracy", _share(seen.open_accuracy), "", _share(seen.gated_accuracy))
    novelty = "" if seen.novelty_tokens is None else f"{seen.novelty_tokens:.0f}"
    gated = f"{seen.gated_tokens:.0f}"
    yield _row("message tokens a task", f"{seen.open_tokens:.0f}", novelty, gated)
    saved = seen.gated_tokens / seen.open_tokens if seen.open_tokens else 1.0
    yield _row("of the open team's", "100%", "", percent(saved))
    yield _row("calls of members a task", _plain(seen.open_calls), "", _plain(seen.gated_calls))
    yield _row("went back to full", "", "", _share(seen.escalated))
    if seen.losses is not None and file.n:
        at_most = "" if seen.loss_bound is None else f", at most {percent(seen.loss_bound)} (95%)"
        yield f"lost against the open team: {seen.losses} of {file.n}{at_most}"


def _row(name: str, *cells: str) -> str:
    return f"{name:<28}" + "".join(f"{cell:>10}" for cell in cells)


def _share(value: float | None) -> str:
    return "" if value is None else percent(value)


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _weights(file: GateFile) -> Iterator[str]:
    named = dict(zip(file.features, file.weights, strict=True))
    constant = named.pop("constant", 0.0)
    sent = f"it is sent from {percent(file.send_from)}"
    yield f"the log odds of a message begin at {constant:+.1f}; {sent}"
    for name in sorted(named, key=lambda each: -abs(named[each]))[:_MOST_WEIGHTS]:
        yield f"  {named[name]:+5.1f}  when {_WHEN[name]}"
    pairs = sorted(file.biases, key=lambda each: -abs(file.biases[each]))[:_MOST_PAIRS]
    for pair in pairs:
        yield f"  {file.biases[pair]:+5.1f}  from {pair.replace(' > ', ' to ')}"


def _curve(seen: Measured) -> Iterator[str]:
    if not seen.curve or not seen.open_tokens:
        return
    yield ""
    yield "alpha   tau   message tokens a task, open team = full bar"
    for alpha, tau, tokens in seen.curve:
        if tau is None:
            yield f"{alpha:5.2f}     -   too few tasks for this promise"
            continue
        share = tokens / seen.open_tokens
        bar = "█" * max(1, round(_BAR * min(1.0, share)))
        yield f"{alpha:5.2f}  {tau:4.2f}   {bar:<{_BAR}} {tokens:.0f} ({percent(share)})"
