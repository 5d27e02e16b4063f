"""Providers' usage records, as buckets that never overlap."""

import random

import pytest

from sonde.models.usage_edge import fill_usage, read_usage
from sonde.records.json_types import JsonObject
from sonde.records.messages import ChatReply, ChatRequest, Message
from sonde.records.usage import Usage

OPENAI: JsonObject = {
    "prompt_tokens": 2006,
    "completion_tokens": 300,
    "total_tokens": 2306,
    "prompt_tokens_details": {"cached_tokens": 1920, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 256, "accepted_prediction_tokens": 0},
}
REASONING_BESIDE: JsonObject = {
    "prompt_tokens": 32,
    "completion_tokens": 9,
    "total_tokens": 135,
    "completion_tokens_details": {"reasoning_tokens": 94},
}
HIDDEN_REASONING: JsonObject = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 40}
CACHE_BESIDE: JsonObject = {
    "prompt_tokens": 20,
    "completion_tokens": 5,
    "total_tokens": 125,
    "cache_read_input_tokens": 60,
    "cache_creation_input_tokens": 40,
}
DEEPSEEK: JsonObject = {
    "prompt_tokens": 100,
    "completion_tokens": 5,
    "total_tokens": 105,
    "prompt_cache_hit_tokens": 64,
    "prompt_cache_miss_tokens": 36,
}


@pytest.mark.parametrize(
    ("raw", "usage"),
    [
        (OPENAI, Usage(uncached_input=86, cache_read=1920, output=44, reasoning=256)),
        (REASONING_BESIDE, Usage(uncached_input=32, output=9, reasoning=94)),
        (HIDDEN_REASONING, Usage(uncached_input=10, output=5, reasoning=25)),
        (CACHE_BESIDE, Usage(uncached_input=20, cache_read=60, cache_write=40, output=5)),
        (DEEPSEEK, Usage(uncached_input=36, cache_read=64, output=5)),
        ({"prompt_tokens": 7, "completion_tokens": 0}, Usage(uncached_input=7, output=0)),
        ({"prompt_tokens": 7}, Usage(uncached_input=7, output=None)),
        ({"prompt_tokens": -1, "completion_tokens": "3"}, Usage(uncached_input=None, output=None)),
        ({}, Usage.unknown()),
    ],
)
def test_each_providers_record_becomes_disjoint_buckets(raw: JsonObject, usage: Usage) -> None:
    assert read_usage(raw) == usage


def test_the_buckets_always_add_up_to_the_providers_total() -> None:
    rng = random.Random(11)
    for _ in range(500):
        prompt, completion = rng.randrange(5000), rng.randrange(5000)
        raw: JsonObject = {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
            "prompt_tokens_details": {"cached_tokens": rng.randint(0, prompt)},
            "completion_tokens_details": {"reasoning_tokens": rng.randint(0, completion)},
        }
        assert read_usage(raw).total == prompt + completion


def test_what_the_provider_counted_stays_beside_an_estimate() -> None:
    request = ChatRequest(messages=(Message(role="user", content="12345"),), max_output_tokens=9)
    half_known = Usage(uncached_input=36, cache_read=64, output=None)
    reply = ChatReply(text="pong", usage=half_known, model="m")

    filled = fill_usage(reply, request, len)

    assert filled == Usage(uncached_input=36, cache_read=64, output=4, is_estimate=True)


def test_without_a_counter_the_unknown_stays_unknown() -> None:
    request = ChatRequest(messages=(Message(role="user", content="12345"),), max_output_tokens=9)
    reply = ChatReply(text="pong", usage=Usage.unknown(), model="m")

    assert fill_usage(reply, request, None) == Usage.unknown()
