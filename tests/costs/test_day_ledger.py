"""The limit of a day, which holds across processes."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from sonde.costs.day_ledger import DayLedger, limit_of
from sonde.records.errors import BudgetExceeded, SetupError
from sonde.records.events import (
    ModelCalled,
    ModelCallStarted,
    ModelRetried,
    ToolCalled,
    ToolReturned,
)
from sonde.records.usage import Usage

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
_SPEND = """
import sys
from pathlib import Path
from sonde.costs.day_ledger import DayLedger
from sonde.records.errors import BudgetExceeded
ledger = DayLedger(Path(sys.argv[1]), limit_usd=1.0)
made = 0
for _ in range(40):
    try:
        key = ledger.reserve(0.02)
    except BudgetExceeded:
        break
    made += 1
    if made % 2:
        ledger.settle(key, 0.02)
print(made)
"""


def _ledger(path: Path, limit_usd: float | None = 1.0, day: date = MONDAY) -> DayLedger:
    return DayLedger(path / "spending.db", limit_usd=limit_usd, today=lambda: day)


def test_a_call_counts_at_its_worst_until_it_is_set_right(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    key = ledger.reserve(0.4)
    assert key is not None
    assert ledger.spent_usd() == pytest.approx(0.4)
    ledger.settle(key, 0.1)
    ledger.settle(key, 0.1)  # told twice, booked once
    assert ledger.spent_usd() == pytest.approx(0.1)


def test_a_call_whose_cost_stays_unknown_stays_at_its_worst(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    key = ledger.reserve(0.4)
    assert key is not None
    ledger.settle(key, None)
    assert ledger.spent_usd() == pytest.approx(0.4)


def test_the_limit_is_asked_before_the_call_and_the_answer_keeps_its_part(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    ledger.add(0.7)
    with pytest.raises(BudgetExceeded, match=r"\$0.7000 of \$1.0000 of this day"):
        ledger.reserve(0.2, kept_usd=0.2)
    assert ledger.reserve(0.2) is not None
    assert ledger.spent_usd() == pytest.approx(0.9)


def test_another_day_begins_at_nothing(tmp_path: Path) -> None:
    _ledger(tmp_path).add(1.0)
    tuesday = _ledger(tmp_path, day=TUESDAY)
    assert tuesday.spent_usd() == 0.0
    assert tuesday.reserve(0.9) is not None
    assert tuesday.spent_usd(MONDAY) == 1.0


def test_what_is_spent_without_a_limit_counts_for_a_later_limit(tmp_path: Path) -> None:
    free = _ledger(tmp_path, None)
    free.reserve(5.0)
    with pytest.raises(BudgetExceeded):
        _ledger(tmp_path).reserve(0.01)


def test_a_model_of_unknown_price_cannot_be_held_to_a_limit(tmp_path: Path) -> None:
    with pytest.raises(BudgetExceeded, match="price of the call is unknown"):
        _ledger(tmp_path).reserve(None)
    assert _ledger(tmp_path, None).reserve(None) is None
    assert not (tmp_path / "spending.db").exists()


def test_processes_together_never_pass_the_limit(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SPEND, str(tmp_path / "spending.db")]
    workers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    made = [int(worker.communicate(timeout=60)[0]) for worker in workers]
    assert sum(made) == 50  # 50 calls of 2 cents make a dollar
    assert DayLedger(tmp_path / "spending.db").spent_usd() == pytest.approx(1.0)


def test_an_account_books_the_calls_of_a_run_from_its_events(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    account = ledger.account()
    account.reserve(0.3)
    account.hear(ModelCallStarted(at=0, call_id="c1", model="m", worst_tokens=9, worst_usd=0.3))
    failed = Usage.unknown()
    account.hear(ModelRetried(at=0, call_id="c1", attempt=1, error="503", wait_s=0.1, usage=failed))
    assert ledger.spent_usd() == pytest.approx(0.6)  # the failed attempt may have cost as much
    account.hear(
        ModelCalled(at=0, call_id="c1", model="m", usage=failed, cost_usd=0.05, wall_s=1.0)
    )
    assert ledger.spent_usd() == pytest.approx(0.35)
    account.close()


def test_accounts_of_one_file_that_stay_open_keep_the_limit_together(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    one, other = ledger.account(), ledger.account()
    one.reserve(0.7)
    with pytest.raises(BudgetExceeded):
        other.reserve(0.5)
    other.reserve(0.2)  # the refusal left nothing half booked, and no transaction open
    assert ledger.spent_usd() == pytest.approx(0.9)
    other.close()
    other.reserve(0.1)  # a closed one opens the file again
    assert ledger.spent_usd() == pytest.approx(1.0)
    one.close()
    other.close()


def test_the_environment_names_the_limit() -> None:
    assert limit_of({}) is None
    assert limit_of({"SONDE_MAX_USD_PER_DAY": " 2.5 "}) == 2.5
    for wrong in ("much", "-1", "inf", "nan"):
        with pytest.raises(SetupError, match="is no amount; write dollars"):
            limit_of({"SONDE_MAX_USD_PER_DAY": wrong})


def test_a_file_that_cannot_be_used_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "spending.db").write_text("no database, and long enough to be read as one" * 50)
    with pytest.raises(SetupError, match="cannot book into"):
        _ledger(tmp_path).reserve(0.1)


def _returned(usd: float | None) -> ToolReturned:
    return ToolReturned(at=1, round=2, tool="buy", result_id="r", cost_usd=usd)


def test_what_tools_buy_counts_in_the_day_asked_before_where_they_tell(tmp_path: Path) -> None:
    ledger = _ledger(tmp_path)
    account = ledger.account()
    account.reserve(0.4)
    account.hear(ToolCalled(at=0, round=2, tool="buy", arguments={}, worst_usd=0.4))
    assert ledger.spent_usd() == pytest.approx(0.4)
    account.hear(_returned(0.1))
    account.hear(ToolCalled(at=2, round=3, tool="buy", arguments={}))
    account.hear(_returned(0.2))
    assert ledger.spent_usd() == pytest.approx(0.3)
    account.close()
