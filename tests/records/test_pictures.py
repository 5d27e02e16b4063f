"""What a picture is taken to cost."""

import random

from sonde.records.pictures import picture_tokens


def test_a_picture_costs_a_base_and_its_tiles() -> None:
    assert picture_tokens(1, 1) == 85 + 170
    assert picture_tokens(512, 513) == 85 + 2 * 170
    assert picture_tokens(2048, 4096) == 85 + 6 * 170  # 1024 x 2048 -> 768 x 1536


def test_no_picture_costs_more_than_eight_tiles() -> None:
    rng = random.Random(3)
    sizes = [(rng.randint(1, 50_000), rng.randint(1, 50_000)) for _ in range(500)]
    costs = [picture_tokens(*size) for size in [*sizes, (768, 2048), (4096, 1536)]]
    assert max(costs) == 85 + 8 * 170
    assert min(costs) >= 85 + 170
