"""Calls of a model kept in a folder, to run again without network, key or bill.

One file holds one call, named for the hash of its request, so that a recording can be read,
compared and kept under version control. Secrets and given host names are taken out of what is
written, and out of what is hashed: a recording fits on another machine.
"""

import hashlib
import json
from collections import Counter
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ..records.errors import (
    ContentFiltered,
    ContextOverflow,
    ModelError,
    ModelRefused,
    ReplyUnreadable,
    SetupError,
)
from ..records.json_types import JsonObject, JsonValue
from ..records.messages import ChatReply, ChatRequest
from .chat_model import ChatModel
from .endpoint import ObservableModel, OnAttempt
from .json_door import as_object, as_text, parse_json
from .redaction import Redactor
from .wire_reply import shown

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_FORMAT = 1
_ABOUT = "recording.json"
_LASTING: dict[str, type[ModelError]] = {
    kind.__name__: kind
    for kind in (ContentFiltered, ContextOverflow, ModelRefused, ReplyUnreadable)
}
"""Errors that the same request brings again; a network failure is not kept."""


class RecordedModel:
    """Answers from a folder; asks the model behind it, if there is one, for what is missing.

    The second of two equal requests has the second recorded reply, so that sampling the same
    prompt many times is kept as it was. Replayed usage is that of the recorded run.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str,
        model: ChatModel | None = None,
        redactor: Redactor | None = None,
        today: date | None = None,
    ) -> None:
        """Name the folder; nothing is read or written before the first call.

        Args:
            folder: Where the calls stand.
            name: The model's name; part of the hash.
            model: Asked for what is not recorded; None replays only.
            redactor: What to take out beside whatever looks like a key.
            today: The day that a new recording is begun; None takes the clock's.
        """
        self._folder = folder
        self._name = name
        self._model = model
        self._redactor = redactor or Redactor()
        self._today = today or date.today()
        self._asked: Counter[str] = Counter()

    @property
    def name(self) -> str:
        """The model's name, as the bill and the price book know it."""
        return self._name

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Answer from the recording, or ask the model and record.

        Raises:
            ModelError: As the model raised it, now or when it was recorded.
            SetupError: The call is not recorded and there is no model, or its file is damaged.
        """
        asked = self._redactor.clean_object(_request_json(request))
        key = _hash({"model": self._name, "request": asked})
        self._asked[key] += 1
        path = self._folder / f"{key}-{self._asked[key]}.json"
        if path.is_file():
            return _replay(path)
        if self._model is None:
            raise SetupError(
                f"no call number {self._asked[key]} of request {key} of {self._name} is recorded"
                f" in {self._folder}; ask as it was recorded (question, options, documents), or"
                " record it with a model behind the recording"
            )
        try:
            reply = await self._model.complete(request)
        except ModelError as err:
            kind = type(err).__name__
            if kind in _LASTING:
                self._write(path, asked, {"error": kind, "message": str(err)})
            raise
        self._write(path, asked, {"reply": _reply_json(reply)})
        return reply

    @property
    def day(self) -> date:
        """The day that the recording was begun, which its prompts tell; today for a new one."""
        path = self._folder / _ABOUT
        if not path.is_file():
            return self._today
        try:
            return date.fromisoformat(as_text(as_object(parse_json(path.read_bytes())).get("day")))
        except (ValueError, OSError) as err:
            raise SetupError(
                f"the day of the recording in {path} cannot be read ({shown(str(err))}); mend it"
            ) from err

    def observed_by(self, on_attempt: OnAttempt) -> "RecordedModel":
        """Return the same recording, whose model tells its attempts to another."""
        model = self._model
        if not hasattr(model, "observed_by"):
            return self
        observed = copy(self)
        observed._model = cast(ObservableModel, model).observed_by(on_attempt)
        return observed

    async def aclose(self) -> None:
        """Close the connections of the model behind it."""
        close = getattr(self._model, "aclose", None)
        if close is not None:
            await close()

    def _write(self, path: Path, asked: JsonObject, answer: JsonObject) -> None:
        call = {"format": _FORMAT, "model": self._name, "request": asked}
        call |= self._redactor.clean_object(answer)
        about = self._folder / _ABOUT
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not about.is_file():
                _write_whole(about, {"format": _FORMAT, "day": self._today.isoformat()})
            _write_whole(path, call)
        except OSError as err:
            raise SetupError(
                f"cannot write the recording {self._folder}: {err.strerror or err}; "
                "give a folder that you may write to"
            ) from err


def _write_whole(path: Path, content: JsonObject) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    unfinished.replace(path)


def _replay(path: Path) -> ChatReply:
    try:
        call = as_object(parse_json(path.read_text(encoding="utf-8")))
        if call.get("format") != _FORMAT:
            raise ValueError(f"format {call.get('format')!r} is not {_FORMAT}")
        kind = as_text(call.get("error"))
        if kind not in _LASTING:
            return _reply_door().validate_python(call.get("reply"))
    except (ValueError, OSError) as err:
        raise SetupError(
            f"the recorded call {path} cannot be read ({shown(str(err))}); delete it"
        ) from err
    raise _LASTING[kind](as_text(call.get("message")))


def _hash(value: JsonObject) -> str:
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def _request_json(request: ChatRequest) -> JsonObject:
    """Return the request without what stands at its default: a later field keeps old hashes.

    A digest stands for each picture: it tells one from another, and the file stays small.
    """
    plain = replace(request, messages=tuple(replace(one, images=()) for one in request.messages))
    dumped: object = _request_door().dump_python(plain, mode="json", exclude_defaults=True)
    asked = dict(as_object(cast(JsonValue, dumped)))
    digests = [[image.digest for image in one.images] for one in request.messages]
    if any(digests):
        asked["images"] = digests
    return asked


def _reply_json(reply: ChatReply) -> JsonObject:
    dumped: object = _reply_door().dump_python(reply, mode="json")
    return as_object(cast(JsonValue, dumped))


@cache
def _request_door() -> "TypeAdapter[ChatRequest]":
    from pydantic import TypeAdapter

    return TypeAdapter(ChatRequest)


@cache
def _reply_door() -> "TypeAdapter[ChatReply]":
    from pydantic import TypeAdapter

    return TypeAdapter(ChatReply)
