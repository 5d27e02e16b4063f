"""Results to be told: of a reader that needs no model, and of a model that was paid."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from sonde.cli.render_terminal import print_result
from sonde.records.evidence import Citation
from sonde.records.result import Result, SetMember
from sonde.records.stopping import StopReason
from sonde.records.usage import Usage

BRIDGE = Citation(
    id="e9",
    source="docs/walsh.md",
    title="Don Walsh",
    quote="Walsh dived in the Trieste.",
    start=4,
    end=31,
)
CARRIER = Citation(
    id="e6",
    source="https://example.org/trench?a=1&b=2",
    title="The Mariana Trench",
    quote="The first visitors were Jacques Piccard\n and Don Walsh, in 1960.",
    start=10,
    end=73,
    emphasis="Jacques Piccard\n and Don Walsh",
)
RESULT = Result(
    run_id="20260101-000000-abcdef",
    question="Who was aboard?",
    answer="Jacques Piccard and Don Walsh",
    confidence=0.72,
    confidence_set=(
        SetMember(text="Jacques Piccard and Don Walsh", probability=0.72),
        SetMember(text="James Cameron", probability=0.2),
    ),
    certificate=None,
    citations=(CARRIER,),
    stop_reason=StopReason.ANSWERED,
    rounds=2,
    steps=1,
    usage=Usage.unknown(),
    cost_usd=0.0,
    wall_s=0.41,
    cpu_s=0.3,
    model="extractive",
)
PAID = replace(
    RESULT,
    usage=Usage(uncached_input=900, cache_read=100, output=50, is_estimate=True),
    cost_usd=0.0042,
    cpu_s=None,
    model="tiny",
)


def on_terminal(result: Result) -> str:
    """Return what a terminal of 80 columns is sent."""
    out = StringIO()
    print_result(result, Console(file=out, width=80, force_terminal=True, color_system="standard"))
    return out.getvalue()
