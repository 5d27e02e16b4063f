"""A provider's usage record, turned into buckets that never overlap.

Providers disagree on what stands inside what. OpenAI's prompt tokens hold the cached ones and its
completion tokens the reasoning ones; others count them beside. `total_tokens` tells which it is.
"""

import json
from collections.abc import Callable
from dataclasses import replace

from ..records.json_types import JsonObject
from ..records.messages import ChatReply, ChatRequest
from ..records.usage import Usage
from .json_door import as_count, as_object

TokenCounter = Callable[[str], int]
_TOKENS_AROUND_A_MESSAGE = 4
"""Role and separators, as OpenAI's chat templates spend them."""


def read_usage(raw: JsonObject) -> Usage:
    """Return a provider's usage record in disjoint buckets; what it does not tell is None.

    A provider that says nothing of a cache bills every prompt token as uncached: its cache
    buckets are 0. So with reasoning.
    """
    if not raw:
        return Usage.unknown()
    prompt = as_count(raw.get("prompt_tokens"))
    completion = as_count(raw.get("completion_tokens"))
    cache_read, cache_write, reasoning = _cache_read(raw), _cache_write(raw), _reasoning(raw)
    cached = cache_read + cache_write
    hidden = _beside(raw, prompt, completion)
    is_cache_beside = hidden > 0 and hidden == cached
    is_reasoning_beside = hidden > 0 and not is_cache_beside
    return Usage(
        uncached_input=prompt if is_cache_beside else _less(prompt, cached),
        cache_read=cache_read,
        cache_write=cache_write,
        output=completion if is_reasoning_beside else _less(completion, reasoning),
        reasoning=hidden if is_reasoning_beside else reasoning,
    )


def fill_usage(reply: ChatReply, request: ChatRequest, count_tokens: TokenCounter | None) -> Usage:
    """Return the reply's usage, with our own count where the provider gave none.

    Without a counter, what is unknown stays unknown.
    """
    usage = reply.usage
    if count_tokens is None or usage.total is not None:
        return usage
    if usage.uncached_input is None:
        usage = replace(
            usage,
            uncached_input=_prompt_tokens(request, count_tokens),
            cache_read=0,
            cache_write=0,
            is_estimate=True,
        )
    if usage.output is None:
        calls = "".join(action.key for action in reply.tool_calls)
        output = count_tokens(reply.text + calls)
        usage = replace(usage, output=output, reasoning=usage.reasoning or 0, is_estimate=True)
    return usage


def _cache_read(raw: JsonObject) -> int:
    details = as_object(raw.get("prompt_tokens_details"))
    for value in (
        details.get("cached_tokens"),
        raw.get("prompt_cache_hit_tokens"),
        raw.get("cache_read_input_tokens"),
    ):
        if (count := as_count(value)) is not None:
            return count
    return 0


def _cache_write(raw: JsonObject) -> int:
    details = as_object(raw.get("prompt_tokens_details"))
    for value in (
        details.get("cache_write_tokens"),
        details.get("cache_creation_tokens"),
        raw.get("cache_creation_input_tokens"),
    ):
        if (count := as_count(value)) is not None:
            return count
    return 0


def _reasoning(raw: JsonObject) -> int:
    details = as_object(raw.get("completion_tokens_details"))
    return as_count(details.get("reasoning_tokens")) or 0


def _beside(raw: JsonObject, prompt: int | None, completion: int | None) -> int:
    """Return how many tokens of the total stand neither in the prompt nor in the completion."""
    total = as_count(raw.get("total_tokens"))
    if total is None or prompt is None or completion is None:
        return 0
    return max(0, total - prompt - completion)


def _less(whole: int | None, part: int) -> int | None:
    """Return a whole without its part; a part larger than the whole stood beside it."""
    if whole is None:
        return None
    return whole - part if part <= whole else whole


def _prompt_tokens(request: ChatRequest, count_tokens: TokenCounter) -> int:
    tokens = sum(
        count_tokens(message.content + "".join(call.key for call in message.tool_calls))
        + _TOKENS_AROUND_A_MESSAGE
        + sum(image.tokens for image in message.images)
        for message in request.messages
    )
    for tool in request.tools:
        tokens += count_tokens(f"{tool.name} {tool.description} {json.dumps(tool.parameters)}")
    return tokens
