"""Turn the lines of one answer into arrivals, each responder's frames apart from the others'."""

from __future__ import annotations

from diag.i18n import Message, message
from diag.link.base import Outcome, Request
from diag.link.elm327.dialect import Line, LineKind, Status, parse_line
from diag.link.wire import Arrival, ArrivalKind
from diag.model import ModuleAddress
from diag.protocol.isotp import Assembler, Part, PartKind

_FIRST_SEGMENT_BYTES = 6
_SEGMENT_BYTES = 7
#: Service, sub-function and status mask of a list of codes (ISO 14229-1, ReadDTCInformation).
_UDS_LIST_HEAD = 3

_GARBAGE = Status(Outcome.BROKEN, message("the adapter sent something that is no answer"))
_EMPTY = Status(Outcome.BROKEN, message("the adapter ended the request without a word"))
_NOT_UNDERSTOOD = Status(
    Outcome.WITHHELD, message("the adapter did not understand the request (?), so nothing was sent")
)
_HEADERLESS = frozenset({LineKind.DATA, LineKind.LENGTH, LineKind.SEGMENT})
_UNSIGNED = Status(Outcome.BROKEN, message("the adapter does not say which module answered"))
_NO_LENGTH = message(
    "the adapter hides how long the answer was, so an empty list of codes may be a list that was lost"
)
_CUT = message("a line lost characters on the way from the adapter")
_OTHERS = Status(Outcome.SILENT, message("only other modules answered"))
_NO_FLOW_CONTROL = message(
    "this adapter cannot ask this module for the rest of a long answer (AT FC refused)"
)

#: Which of several words decides about responders that gave nothing: the gravest.
_GRAVITY = {Outcome.SILENT: 0, Outcome.WITHHELD: 1, Outcome.BROKEN: 2}


class _Segments:
    """A long answer as adapters print it without headers: its length, then `0:`, `1:` ... lines."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._bytes = bytearray()
        self._next = 0

    def feed(self, number: int, data: bytes) -> Part:
        """Take one segment."""
        room = _FIRST_SEGMENT_BYTES if self._next == 0 else _SEGMENT_BYTES
        wanted = min(self._length - len(self._bytes), room)
        if wanted <= 0 or number != self._next % 16 or len(data) < wanted:
            return Part(PartKind.BROKEN, reason=message("a frame in the middle of the answer was lost"))
        self._bytes += data[:wanted]
        self._next += 1
        if len(self._bytes) < self._length:
            return Part(PartKind.PROGRESS)
        return Part(PartKind.COMPLETE, bytes(self._bytes))


class AnswerReader:
    """Read the answer to one request, line by line; `sent` is the text that went to the adapter.

    `long_answers` says whether the adapter can ask the addressed module for more than one frame, `headerless`
    whether lines without a header may be believed: only from an adapter that is known to hide headers, and
    where no other module's can come through.
    """

    def __init__(
        self, request: Request, sent: str, *, long_answers: bool = True, headerless: bool = True
    ) -> None:
        self._sent = sent
        self._long_answers = long_answers
        self._headerless = headerless
        address = request.address
        self._is_functional = not isinstance(address, ModuleAddress)
        self._responders = frozenset(
            (address.response_id,) if isinstance(address, ModuleAddress) else address.response_ids
        )
        self._assemblers: dict[int, Assembler] = {}
        self._segments: _Segments | None = None
        self._unsigned: list[Arrival] = []
        self._verdict: Status | None = None
        self._raw: list[str] = []
        self.was_reset = False
        self.saw_header = False
        self._is_command_answer = False

    @property
    def raw(self) -> tuple[str, ...]:
        """The lines so far, as the adapter wrote them."""
        return tuple(self._raw)

    @property
    def nameless(self) -> tuple[bytes, ...]:
        """The answers to everyone's question that came without a header."""
        return tuple(answer.payload for answer in self._unsigned)

    @property
    def suits_a_command(self) -> bool:
        """Whether nothing came, or what only commands are answered with: perhaps an earlier one was."""
        return not self._raw or self._is_command_answer

    def feed(self, text: str) -> list[Arrival]:
        """Take one line."""
        if not self._raw and "".join(text.split()).upper() == self._sent:
            return []
        line = parse_line(text, self._responders)
        if line.kind is LineKind.EMPTY:
            return []
        self._raw.append(text)
        return self._understood(line)

    def _understood(self, line: Line) -> list[Arrival]:
        arrivals: list[Arrival] = []
        self._is_command_answer |= line.kind in {LineKind.OK, LineKind.UNKNOWN_COMMAND}
        if line.kind in _HEADERLESS and not self._headerless:
            return self._judge(_UNSIGNED)
        match line.kind:
            case LineKind.FRAME:
                arrivals = self._frame(line)
            case LineKind.DATA:
                arrivals = self._whole_without_header(line)
            case LineKind.LENGTH:
                arrivals = self._begin_segments(line.number)
            case LineKind.SEGMENT:
                arrivals = self._segment(line)
            case LineKind.STATUS:
                arrivals = self._status(line)
            case LineKind.UNKNOWN_COMMAND:
                arrivals = self._judge(_NOT_UNDERSTOOD)
            case _:
                arrivals = self._damage(line)
        return arrivals

    def end(self, status: Status | None = None) -> list[Arrival]:
        """Say that the adapter delivers nothing more: what is unfinished is broken."""
        if status is not None:
            self._judge(status)
        verdict = self._verdict or (_OTHERS if self._raw else _EMPTY)
        if verdict.outcome is Outcome.WITHHELD and len(self._raw) > 1:
            verdict = _GARBAGE
        arrivals = self._released()
        arrivals += [
            self._broken(responder, self._why_unfinished(part.reason))
            for responder, part in ((id_, assembler.close()) for id_, assembler in self._assemblers.items())
            if part is not None
        ]
        if self._segments is not None:
            arrivals.append(self._broken(None, self._why_unfinished(message("the answer ended early"))))
            self._segments = None
        reason = verdict.reason
        arrivals.append(Arrival(ArrivalKind.END, reason=reason, outcome=verdict.outcome, raw=self.raw))
        return arrivals

    def _why_unfinished(self, otherwise: Message | None) -> Message | None:
        if self._verdict is not None and self._verdict.outcome is Outcome.BROKEN:
            return self._verdict.reason
        return otherwise if self._long_answers else _NO_FLOW_CONTROL

    def _frame(self, line: Line) -> list[Arrival]:
        assert line.arbitration_id is not None
        responder = line.arbitration_id
        self.saw_header = self.saw_header or responder in self._responders
        part = self._assemblers.setdefault(responder, Assembler()).feed(line.data)
        return self._of_part(responder, part, line.text)

    def _of_part(self, responder: int | None, part: Part, text: str) -> list[Arrival]:
        match part.kind:
            case PartKind.COMPLETE:
                return [self._payload(responder, part.payload, text)]
            case PartKind.PROGRESS:
                return (
                    [Arrival(ArrivalKind.PROGRESS, responder, raw=(text,))] if self._knows(responder) else []
                )
            case PartKind.BROKEN if self._knows(responder):
                return [self._broken(responder, part.reason, text)]
            case PartKind.FLOW_CONTROL:
                return []
            case _:
                return self._judge(_GARBAGE)

    def _knows(self, responder: int | None) -> bool:
        return responder is None or responder in self._responders

    def _whole_without_header(self, line: Line) -> list[Arrival]:
        """Take an answer whose length nobody gave, unless nothing in it tells whether it is whole."""
        if _may_be_cut(line.data):
            return [self._broken(None, _NO_LENGTH, line.text)]
        return self._without_header(self._payload(None, line.data, line.text))

    def _without_header(self, answer: Arrival) -> list[Arrival]:
        """Keep answers to everyone's question back until the end: two of them may be of two modules."""
        if not self._is_functional or _is_pending(answer.payload):
            return [answer]
        self._unsigned.append(answer)
        return []

    def _released(self) -> list[Arrival]:
        """Return the one answer that came without a header, or say that nobody knows whose they were."""
        if len({answer.payload for answer in self._unsigned}) <= 1:
            return self._unsigned[:1]
        return [self._broken(None, _UNSIGNED.reason, *(answer.raw[0] for answer in self._unsigned))]

    def _begin_segments(self, length: int) -> list[Arrival]:
        unfinished, self._segments = self._segments, _Segments(length)
        return (
            [self._broken(None, message("the next answer began before this one was whole"))]
            if unfinished
            else []
        )

    def _segment(self, line: Line) -> list[Arrival]:
        if self._segments is None:
            return self._judge(_GARBAGE)
        part = self._segments.feed(line.number, line.data)
        if part.kind is not PartKind.PROGRESS:
            self._segments = None
        if part.kind is PartKind.COMPLETE:
            return self._without_header(self._payload(None, part.payload, line.text))
        return self._of_part(None, part, line.text)

    def _status(self, line: Line) -> list[Arrival]:
        assert line.status is not None
        self.was_reset = self.was_reset or line.status.was_reset
        return self._judge(line.status)

    def _damage(self, line: Line) -> list[Arrival]:
        """Report a line that is no answer; nobody knows which of several modules it came from."""
        if line.arbitration_id in self._responders:
            return [self._broken(line.arbitration_id, _CUT, line.text)]
        status = Status(Outcome.BROKEN, _CUT) if line.kind is LineKind.CUT else _GARBAGE
        self._judge(status)
        return [self._broken(None, status.reason, line.text)] if self._is_functional else []

    def _judge(self, status: Status) -> list[Arrival]:
        if self._verdict is None or _GRAVITY[status.outcome] > _GRAVITY[self._verdict.outcome]:
            self._verdict = status
        return []

    def _payload(self, responder: int | None, payload: bytes, text: str) -> Arrival:
        return Arrival(ArrivalKind.PAYLOAD, responder, payload, raw=(text,))

    def _broken(self, responder: int | None, reason: Message | None, *raw: str) -> Arrival:
        return Arrival(ArrivalKind.BROKEN, responder, reason=reason, raw=raw)


def _may_be_cut(payload: bytes) -> bool:
    """Say whether an answer reads the same when its list was lost: 59 02 and 59 0A give no count of codes."""
    return len(payload) <= _UDS_LIST_HEAD and payload[:2] in (b"\x59\x02", b"\x59\x0a")


def _is_pending(payload: bytes) -> bool:
    """Say whether a module only said that it is still working (NRC 78)."""
    return len(payload) == 3 and payload[0] == 0x7F and payload[2] == 0x78
