"""Attachments that one reads line by line: a ship's log (text), and an invoice (PDF)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ..writing.pdf import pdf
from .draft import Draft, Scene, attached
from .order_book import money

_GOODS = "beams boards bolts cables doors frames gears pipes pumps screws sheets valves".split()
_DIGITS = "Give the number of crowns with two decimals, without thousands separators."


def ships_log(scene: Scene) -> Draft | None:
    """Ask about times at sea and in port, from a log of arrivals and departures."""
    rng = scene.rng
    ports = rng.sample(list(scene.world.names("town")), rng.randint(4, 7))
    now = datetime(rng.randint(1890, 1950), rng.randint(1, 11), rng.randint(1, 28), 6, 0)
    at_sea = {port: rng.randint(95, 2_900) for port in ports[1:]}
    in_port = {port: rng.randint(45, 1_400) for port in ports[1:-1]}
    lines = _log(now, ports, at_sea, in_port)
    to, sailed, stayed = rng.choice(ports[1:]), sum(at_sea.values()), sum(in_port.values())
    level, asked, answer = rng.choice(
        [
            (1, f"how many minutes did the passage to {to} take?", at_sea[to]),
            (2, "how many minutes was the ship at sea in all, stays in port left out?", sailed),
            (
                2,
                "how many minutes passed from the first departure to the last arrival?",
                sailed + stayed,
            ),
        ]
    )
    question = f"According to the attached log, {asked}"
    text = "\n".join(["Log of the steamer, times in local time", "", *lines, ""])
    return attached("log", level, question, (str(answer),), {"log.txt": text.encode()})


def invoice(scene: Scene) -> Draft | None:
    """Ask what is to be paid by an invoice with a discount and a tax."""
    rng = scene.rng
    company = rng.choice(list(scene.world.names("company")))
    lines = [(goods, rng.randint(1, 40), rng.randint(2, 90)) for goods in rng.sample(_GOODS, 6)]
    discount, tax = rng.choice((10, 20, 30)), rng.choice((10, 20))
    sums = {goods: count * price for goods, count, price in lines}
    net, dearest = sum(sums.values()), max(sums, key=lambda goods: sums[goods])
    if list(sums.values()).count(sums[dearest]) > 1:
        return None
    text = [
        f"INVOICE No. {rng.randint(1_000, 9_999)}",
        company,
        "",
        *(f"{count} x {goods} at {price} crowns each" for goods, count, price in lines),
        "",
        f"A discount of {discount} percent is granted on the whole sum.",
        f"A tax of {tax} percent is added after the discount.",
        "Payable within thirty days.",
    ]
    due = net * (100 - discount) * (100 + tax) // 100
    seat = str(scene.world.value("company", company, "seat"))
    level, asked, answer = rng.choice(
        [
            (1, "on which goods was the largest sum spent?", dearest),
            (2, f"what was the sum before discount and tax? {_DIGITS}", money(net * 100)),
            (2, f"what is to be paid in the end? {_DIGITS}", money(due)),
            (3, "in which town does the company that wrote it have its seat?", seat),
        ]
    )
    question = f"Read the attached invoice: {asked}"
    return attached("invoice", level, question, (answer,), {"invoice.pdf": pdf(text)})


def _log(
    start: datetime, ports: Sequence[str], at_sea: Mapping[str, int], in_port: Mapping[str, int]
) -> list[str]:
    now = start
    lines = [f"{now:%Y-%m-%d %H:%M}  departed {ports[0]}"]
    for port in ports[1:]:
        now += timedelta(minutes=at_sea[port])
        lines.append(f"{now:%Y-%m-%d %H:%M}  arrived {port}")
        if port in in_port:
            now += timedelta(minutes=in_port[port])
            lines.append(f"{now:%Y-%m-%d %H:%M}  departed {port}")
    return lines
