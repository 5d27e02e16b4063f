"""The tables of the page. Every text of a stranger is escaped."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from ...records.json_types import JsonValue
from .columns import Column, sort_key
from .contrasts import Contrast, Ratio
from .figures_of_run import Group, RunFigures
from .resources import Resource
from .section import Section
from .wording import NONE, UNKNOWN, p_value, percent, percent_interval, points

_SIGNIFICANT = 0.05


def tag(name: str, body: str, **attributes: str | None) -> str:
    """Return an element; its body is HTML, its attributes are text. `class_` stands for class."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{told}>{body}</{name}>"


def runs_table(section: Section, columns: Sequence[Column], *, label: str) -> str:
    """Return a table with a row for each run, which sorts by any column."""
    heads = [_sortable("Run", None), *(_sortable(each.head, each.hint) for each in columns)]
    rows = [
        tag("tr", _name(run) + "".join(_figure(each, run) for each in columns), class_=_state(run))
        for run in section.runs
    ]
    return _table(heads, rows, label=label, class_="sortable")


def groups_table(
    section: Section, of: Callable[[RunFigures], Sequence[Group]], *, label: str
) -> str:
    """Return accuracy and cost of each run by the parts of the suite; empty where it has none."""
    labels = list(dict.fromkeys(group.label for run in section.runs for group in of(run)))
    if len(labels) < 2:
        return ""
    sizes = {
        each: {g.trials for run in section.runs for g in of(run) if g.label == each}
        for each in labels
    }
    rows: list[str] = []
    for run in section.runs:
        found = {group.label: group for group in of(run)}
        cells = [
            _group(found.get(each), section.resource, has_size=len(sizes[each]) > 1)
            for each in labels
        ]
        rows.append(tag("tr", _name(run) + "".join(cells), class_=_state(run)))
    heads = [_sortable("Run", None)]
    for each in labels:
        size = f" (n = {max(sizes[each])})" if len(sizes[each]) == 1 else ""
        heads.append(_sortable(f"{label} {each}{size}", "Mean score; below, the mean cost."))
    return _table(heads, rows, label=f"Accuracy by {label.lower()}", class_="sortable")


def matrix(section: Section) -> str:
    """Return what each run gains over each other, in points, with Holm's p."""
    names = list(dict.fromkeys(name for c in section.contrasts for name in (c.a, c.b)))
    names = [run.name for run in section.runs if run.name in names]
    found = {(c.b, c.a): (c, 1.0) for c in section.contrasts}
    found |= {(c.a, c.b): (c, -1.0) for c in section.contrasts}
    heads = [tag("th", "Row less column", scope="col")]
    heads += [tag("th", escape(name), scope="col", class_="column") for name in names]
    rows: list[str] = []
    for row in names:
        cells = [_against(found.get((row, column))) for column in names]
        rows.append(tag("tr", tag("th", escape(row), scope="row") + "".join(cells)))
    return _table(heads, rows, label="Gain of each run over each other", class_="matrix")


def contrasts_table(section: Section) -> str:
    """Return all comparisons, one a row."""
    heads = ["A", "B", "B − A, points", "95 %", "p", "p (Holm)", "A only / B only"]
    heads += ["Detectable loss", "Cost B/A", "Cost-of-pass B/A", "Test"]
    rows = [tag("tr", "".join(_contrast_cells(each))) for each in section.contrasts]
    cells = [_sortable(head, None) for head in heads]
    return _table(cells, rows, label="All comparisons", class_="sortable")


def about_table(section: Section) -> str:
    """Return what each run was: ids, configuration, seed, prices and how attempts stopped."""
    heads = [
        "Run",
        "Configuration",
        "Epochs",
        "Seed",
        "Price book",
        "Run id",
        "Agent",
        "Attempts by end",
    ]
    rows = [
        tag(
            "tr",
            _name(run)
            + tag("td", escape(_config(run)), class_="left wrap")
            + tag("td", str(run.epochs), class_="left")
            + tag("td", NONE if run.seed is None else str(run.seed), class_="left")
            + tag("td", escape(run.price_book or NONE), class_="left")
            + tag("td", tag("code", escape(run.run_id)), class_="left")
            + tag("td", tag("code", escape(run.agent_sha256[:12])), class_="left")
            + tag("td", escape(", ".join(f"{k} {v}" for k, v in run.stops.items())), class_="left"),
        )
        for run in section.runs
    ]
    cells = [tag("th", head, scope="col", class_="left") for head in heads]
    return _table(cells, rows, label="The runs", class_="about")


def _table(heads: Sequence[str], rows: Sequence[str], *, label: str, class_: str) -> str:
    head = tag("thead", tag("tr", "".join(heads)))
    body = tag("tbody", "\n".join(rows))
    table = tag(
        "table", tag("caption", escape(label), class_="unseen") + head + body, class_=class_
    )
    return tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=label)


def _sortable(head: str, hint: str | None) -> str:
    button = tag("button", escape(head), type="button", title=hint)
    return tag("th", button, scope="col")


def _name(run: RunFigures) -> str:
    mark = tag("span", "simulation", class_="tag") if run.is_simulation else ""
    return tag("th", escape(run.name) + mark, scope="row")


def _state(run: RunFigures) -> str:
    if run.place.probability is None:
        return "unplaced"
    return "on" if run.place.on_staircase else "off"


def _figure(column: Column, run: RunFigures) -> str:
    told, note = column.told(run), column.note(run)
    body = escape(told) + (tag("small", escape(note)) if note else "")
    is_absent = told in (UNKNOWN, NONE)
    return tag(
        "td",
        body,
        data_run=run.name,
        data_column=column.key,
        data_value=sort_key(column.value(run)),
        class_="none" if is_absent else None,
    )


def _group(group: Group | None, unit: Resource, *, has_size: bool) -> str:
    if group is None:
        return tag("td", NONE, class_="none", data_value="")
    hint = f"{percent_interval(group.interval)} % at 95 %"
    parts = [f"n = {group.trials}"] if has_size else []
    parts += [] if group.cost is None else [unit.told(group.cost)]
    note = tag("small", escape(" · ".join(parts)))
    told = escape(percent(group.accuracy)) + note
    return tag("td", told, title=hint, data_value=sort_key(group.accuracy))


def _against(found: tuple[Contrast, float] | None) -> str:
    if found is None:
        return tag("td", NONE, class_="self")
    contrast, sign = found
    gain = sign * contrast.gain
    won, lost = (
        (contrast.b_only, contrast.a_only) if sign > 0 else (contrast.a_only, contrast.b_only)
    )
    state = None
    if contrast.p_holm < _SIGNIFICANT:
        state = "better" if gain > 0 else "worse"
    hint = (
        f"passes alone {won}, the other alone {lost}, of {contrast.tasks} tasks; "
        f"{contrast.method}, p {p_value(contrast.p)}"
    )
    body = escape(points(gain)) + tag("small", escape(f"p {p_value(contrast.p_holm)}"))
    return tag("td", body, class_=state, title=hint)


def _contrast_cells(each: Contrast) -> list[str]:
    low, high = each.interval
    return [
        tag("th", escape(each.a), scope="row"),
        tag("td", escape(each.b), class_="left"),
        tag("td", points(each.gain), data_value=sort_key(each.gain)),
        tag("td", f"{points(low)} to {points(high)}", data_value=sort_key(low)),
        tag("td", escape(p_value(each.p)), data_value=sort_key(each.p)),
        tag("td", escape(p_value(each.p_holm)), data_value=sort_key(each.p_holm)),
        tag("td", f"{each.a_only} / {each.b_only}", data_value=sort_key(float(each.a_only))),
        tag(
            "td",
            NONE if each.detectable is None else percent(each.detectable),
            data_value=sort_key(each.detectable),
        ),
        _ratio(each.cost_ratio),
        _ratio(each.cop_ratio),
        tag("td", escape(each.method), class_="left"),
    ]


def _ratio(ratio: Ratio | None) -> str:
    if ratio is None:
        return tag("td", NONE, class_="none", data_value="")
    note = tag("small", f"{ratio.interval.low:.2f}–{ratio.interval.high:.2f}")
    return tag("td", f"{ratio.value:.2f}" + note, data_value=sort_key(ratio.value))


def _config(run: RunFigures) -> str:
    parts = [f"{key} {_flat(value)}" for key, value in run.config.items()]
    return "; ".join(parts) or NONE


def _flat(value: JsonValue) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_flat(v)}" for k, v in value.items() if v is not None)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(_flat(each) for each in value)
    return str(value)
