"""A streamed reply, put together from its pieces."""

from ..records.json_types import JsonObject, JsonValue
from ..records.messages import ChatReply
from .faults import Fault, Outcome
from .json_door import as_count, as_list, as_object, as_text
from .wire_reply import fault_of_record, read_content, read_reply


class _StreamedCall:
    """One tool call whose name and arguments come in pieces."""

    def __init__(self) -> None:
        self.call_id = ""
        self.name = ""
        self.arguments = ""

    def add(self, piece: JsonObject) -> None:
        function = as_object(piece.get("function"))
        self.call_id = self.call_id or as_text(piece.get("id"))
        self.name += as_text(function.get("name"))
        self.arguments += as_text(function.get("arguments"))

    def as_json(self) -> JsonObject:
        function = {"name": self.name, "arguments": self.arguments}
        return {"id": self.call_id, "function": function}


class StreamedReply:
    """Collects the events of one stream; at its end it is a reply, or says what is missing."""

    def __init__(self, *, model: str) -> None:
        self._model = model
        self._texts: list[str] = []
        self._refusal = ""
        self._calls: dict[int, _StreamedCall] = {}
        self._logprobs: list[JsonValue] = []
        self._finish = ""
        self._usage: JsonObject = {}
        self._events = 0

    @property
    def text(self) -> str:
        """The text so far, which a reader may have seen."""
        return "".join(self._texts)

    @property
    def is_finished(self) -> bool:
        """Whether the model said why it stopped: what may follow is usage alone."""
        return bool(self._finish)

    def add(self, event: JsonValue) -> str | Fault:
        """Take in one event; return the text that it adds, which may be empty."""
        body = as_object(event)
        if body.get("error"):
            return fault_of_record(body, status=500, is_inside_200=True)
        self._events += 1
        self._model = as_text(body.get("model")) or self._model
        self._usage = as_object(body.get("usage")) or self._usage
        choices = as_list(body.get("choices"))
        return self._add_choice(as_object(choices[0])) if choices else ""

    def result(self) -> ChatReply | Fault:
        """Return the whole reply once the stream has ended."""
        if not self._finish:
            ended = "held no events" if not self._events else "ended before the reply was whole"
            return Fault(
                outcome=Outcome.UNREACHABLE if self._events else Outcome.UNREADABLE,
                message=f"the stream {ended}",
            )
        message: JsonObject = {
            "content": self.text,
            "refusal": self._refusal,
            "tool_calls": [self._calls[at].as_json() for at in sorted(self._calls)],
        }
        choice: JsonObject = {
            "message": message,
            "finish_reason": self._finish,
            "logprobs": {"content": self._logprobs},
        }
        body: JsonObject = {"choices": [choice], "usage": self._usage, "model": self._model}
        return read_reply(body, model=self._model)

    def _add_choice(self, choice: JsonObject) -> str:
        delta = as_object(choice.get("delta")) or as_object(choice.get("message"))
        text = read_content(delta.get("content"))
        if text:
            self._texts.append(text)
        self._refusal += as_text(delta.get("refusal"))
        for piece in map(as_object, as_list(delta.get("tool_calls"))):
            at = as_count(piece.get("index"))
            self._calls.setdefault(len(self._calls) if at is None else at, _StreamedCall()).add(
                piece
            )
        self._logprobs += as_list(as_object(choice.get("logprobs")).get("content"))
        self._finish = as_text(choice.get("finish_reason")) or self._finish
        return text
