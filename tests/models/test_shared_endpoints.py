"""One limiter for all in this process who ask at one address with one key."""

import gc

from sonde.models import shared_endpoints
from sonde.models.openai_connection import Connection
from sonde.models.redaction import Secret
from sonde.models.shared_endpoints import shared_endpoint

URL = "http://127.0.0.1:9/shared/v1"
KEY = "sk-test-0123456789abcdefghij"


def test_two_connections_of_one_address_and_key_share_an_endpoint() -> None:
    first = Connection(base_url=URL, key=Secret(KEY))
    second = Connection(base_url=f"{URL}/", key=Secret(KEY))

    assert first.endpoint is second.endpoint
    assert shared_endpoint(URL.replace("http", "HTTP"), Secret(KEY)) is first.endpoint


def test_another_key_or_address_is_another_account() -> None:
    mine = shared_endpoint(URL, Secret(KEY))

    assert shared_endpoint(URL, Secret("")) is not mine
    assert shared_endpoint(URL.replace("shared", "other"), Secret(KEY)) is not mine


def test_no_key_stands_in_what_is_remembered() -> None:
    mine = shared_endpoint(URL, Secret(KEY))

    assert KEY not in repr(list(vars(shared_endpoints)["_endpoints"].items()))
    assert mine.limiter.limit == 64


def test_an_endpoint_that_nobody_holds_is_forgotten() -> None:
    held = shared_endpoint(URL, Secret(KEY))
    held.limiter.hold_to(3)
    del held
    gc.collect()

    assert shared_endpoint(URL, Secret(KEY)).limiter.limit == 64
