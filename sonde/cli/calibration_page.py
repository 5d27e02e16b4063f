"""A calibration as a self-contained page: the reliability diagram, and what may be promised."""

from collections.abc import Iterator, Sequence

from ..benchmarks.calibration.calibrating import Calibrated
from ..benchmarks.calibration.promises import (
    Bin,
    Promise,
    calibration_error,
    reliability,
)
from .figures import percent
from .page import page, text

_SIDE, _MARGIN = 360, 60


def calibration_page(found: Calibrated, promises: Sequence[Promise]) -> str:
    """Return the page of a calibration, for light and dark screens."""
    return page(f"Calibration: {found.calibration.suite}", "\n".join(_parts(found, promises)))


def reliability_svg(bins: Sequence[Bin]) -> str:
    """Return confidence against accuracy as a drawing; the size of a point tells its episodes."""
    most = max((each.count for each in bins), default=1)
    marks = "".join(_mark(each, most) for each in bins)
    ticks = "".join(_tick(step / 5) for step in range(6))
    low, high = _place(0.0), _place(1.0)
    size = _SIDE + 2 * _MARGIN
    return (
        f'<svg viewBox="0 0 {size} {size}" width="{size}" role="img" '
        'aria-label="Confidence against accuracy" style="max-width:100%;height:auto">'
        f'<rect x="{low}" y="{_down(1.0)}" width="{_SIDE}" height="{_SIDE}" fill="none" '
        'stroke="currentColor" stroke-opacity=".25"/>'
        f'<line x1="{low}" y1="{_down(0.0)}" x2="{high}" y2="{_down(1.0)}" stroke="currentColor" '
        'stroke-opacity=".5" stroke-dasharray="5 5"/>'
        f"{ticks}{marks}"
        f'<text x="{size / 2}" y="{size - 6}" text-anchor="middle" {_TEXT}>confidence</text>'
        f'<text x="12" y="{size / 2}" text-anchor="middle" {_TEXT} '
        f'transform="rotate(-90 12 {size / 2})">share that is right</text></svg>'
    )


_TEXT = 'font-size="13" fill="currentColor"'


def _place(share: float) -> float:
    return round(_MARGIN + share * _SIDE, 1)


def _down(share: float) -> float:
    return round(_MARGIN + (1 - share) * _SIDE, 1)


def _tick(share: float) -> str:
    words = percent(share)
    return (
        f'<text x="{_place(share)}" y="{_down(0) + 18}" text-anchor="middle" {_TEXT}>{words}</text>'
        f'<text x="{_MARGIN - 6}" y="{_down(share) + 4}" text-anchor="end" {_TEXT}>{words}</text>'
    )


def _mark(each: Bin, most: int) -> str:
    """Return a point with the line of two standard errors, and its figures as a tooltip."""
    error = 2 * (max(each.accuracy * (1 - each.accuracy), 0.25 / each.count) / each.count) ** 0.5
    x = _place(each.confidence)
    radius = 4 + 8 * (each.count / most) ** 0.5
    told = f"{each.count} episodes: confidence {each.confidence:.2f}, right {each.accuracy:.2f}"
    return (
        f"<g><title>{text(told)}</title>"
        f'<line x1="{x}" x2="{x}" y1="{_down(min(1.0, each.accuracy + error))}" '
        f'y2="{_down(max(0.0, each.accuracy - error))}" stroke="#2a78b8" stroke-width="2"/>'
        f'<circle cx="{x}" cy="{_down(each.accuracy)}" r="{radius:.1f}" fill="#2a78b8" '
        'fill-opacity=".75"/></g>'
    )


def _parts(found: Calibrated, promises: Sequence[Promise]) -> Iterator[str]:
    calibration = found.calibration
    error = calibration_error(calibration)
    bins = reliability(calibration)
    held = sum(each.count for each in bins)
    yield f"<h1>Calibration on {text(calibration.suite)}</h1>"
    yield f"<p>{text(_facts(found))}</p>"
    yield "<h2>Is its confidence right?</h2>"
    yield reliability_svg(bins)
    told = "unknown" if error is None else f"{error:.3f}"
    yield (
        f"<p>The final confidence of {held} fresh episodes against how often the likeliest answer "
        f"was right, with two standard errors. On the dashed line the two agree. Expected "
        f"calibration error {told}.</p>"
    )
    yield "<h2>What may be promised</h2>"
    yield _table(promises)
    whose = "all runs" if calibration.population == "all" else "the runs that reach the confidence"
    yield (
        f"<p>A certified stop promises, with confidence {1 - calibration.delta:g} over the "
        f"calibration, that among {whose} no more than the level are wrong. A set at the stop "
        "holds the truth in all but that share of runs, on average over calibrations. Both hold "
        "for questions like those of the suite, and for this setup alone.</p>"
    )


def _facts(found: Calibrated) -> str:
    setup = found.calibration.setup
    return (
        f"{len(found.fitted)} episodes to fit on, {len(found.calibration.episodes)} fresh ones. "
        f"Policy: {setup.policy}. Model: {setup.model}. Source: {setup.source}. "
        f"Stop: {setup.stop_rule}. Fingerprint {setup.fingerprint}."
    )


def _table(promises: Sequence[Promise]) -> str:
    rows = "".join(
        f"<tr><td>{each.alpha:g}</td><td>{text(_stop(each))}</td><td>{text(_set(each))}</td></tr>"
        for each in promises
    )
    head = "<tr><th>Error level</th><th>Certified stop</th><th>Set at the stop</th></tr>"
    return f"<table>{head}{rows}</table>"


def _stop(promise: Promise) -> str:
    if promise.confidence is None:
        return f"Refused: {promise.stop_reason}."
    share = percent(promise.share_stopped or 0.0)
    return f"At confidence {promise.confidence:.3f}, which {share} of runs reach."


def _set(promise: Promise) -> str:
    if promise.least_probability is None:
        return f"Refused: {promise.set_reason}."
    return f"Every answer with a probability of {promise.least_probability:.4f} or more."
