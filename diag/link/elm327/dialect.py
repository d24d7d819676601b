"""Read one line of adapter text: what an ELM327 or one of its clones means by it.

Pure: text in, facts out. Strings as in the ELM327 data sheet (error messages and alerts) and as clones vary
them. Hex is accepted with or without spaces, headers and a DLC digit, in either case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from diag.i18n import Message, message
from diag.link.base import Outcome


class LineKind(Enum):
    """What one line is."""

    EMPTY = "empty"
    FRAME = "frame"
    DATA = "data"
    LENGTH = "length"
    SEGMENT = "segment"
    CUT = "cut"
    STATUS = "status"
    OK = "ok"
    UNKNOWN_COMMAND = "unknown command"
    GARBAGE = "garbage"


@dataclass(frozen=True, slots=True)
class Status:
    """What an adapter's own words mean for a request.

    `outcome` is that of responders that gave nothing; `was_reset` says that every earlier setting is gone.
    """

    outcome: Outcome
    reason: Message
    was_reset: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line, understood.

    FRAME: `arbitration_id` and `data` of a frame, protocol control bytes included. DATA: `data` of a whole
    response without header. LENGTH: `number` bytes follow in SEGMENTs, each with its `number` from 0 to 15.
    CUT: a line that lost characters, of `arbitration_id` where that is known. STATUS: the adapter's words.
    """

    kind: LineKind
    text: str
    arbitration_id: int | None = None
    data: bytes = b""
    number: int = 0
    status: Status | None = None


_EMPTY = re.compile(r"^(SEARCHING[. ]*|BUS INIT: ?[. ]*(OK)?|\.+)")
_HEX = re.compile(r"^[0-9A-F]+$")
_SEGMENT = re.compile(r"^([0-9A-F]): ?([0-9A-F ]*)$")
_BANNER = re.compile(r"^(ELM ?327|ELM ?32[0-9]|STN[0-9]|OBDLINK)")
_ERROR_NUMBER = re.compile(r"^ERR ?([0-9A-F]{2})\b")
_DAMAGED = re.compile(r"<? ?(DATA|RX) ERROR$")

_SINGLE_WORDS = {"OK": LineKind.OK, "?": LineKind.UNKNOWN_COMMAND}

NO_ANSWER = message("the adapter heard no answer (NO DATA)")
_NO_BUS = message("the adapter found no bus to talk on (UNABLE TO CONNECT): ignition, or another protocol")
_RESET = message("the adapter restarted in the middle of the request")
_DAMAGED_LINE = message("the adapter received damaged data")

_STATUSES: tuple[tuple[re.Pattern[str], Status], ...] = tuple(
    (re.compile(pattern), status)
    for pattern, status in (
        (r"^NO ?DATA", Status(Outcome.SILENT, NO_ANSWER)),
        (r"^UNABLE ?TO ?CONNECT", Status(Outcome.SILENT, _NO_BUS)),
        (
            r"^BUS ?INIT:? ?[. ]*ERROR",
            Status(Outcome.SILENT, message("the bus could not be started (BUS INIT: ERROR)")),
        ),
        (
            r"^(BUS ?INIT:? ?[. ]*)?STOPPED",
            Status(Outcome.BROKEN, message("the adapter stopped in between (STOPPED)")),
        ),
        (
            r"^BUFFER ?FULL",
            Status(Outcome.BROKEN, message("the adapter could not keep up and lost data (BUFFER FULL)")),
        ),
        (
            r"^CAN ?ERROR",
            Status(
                Outcome.SILENT,
                message(
                    "nobody on the CAN bus took the request (CAN ERROR): wrong pins, or the ignition is off"
                ),
            ),
        ),
        (r"^BUS ?ERROR", Status(Outcome.BROKEN, message("the adapter met a faulty bus (BUS ERROR)"))),
        (r"^BUS ?BUSY", Status(Outcome.BROKEN, message("the bus was too busy to send (BUS BUSY)"))),
        (
            r"^FB ?ERROR",
            Status(Outcome.BROKEN, message("the adapter did not hear itself on the bus (FB ERROR)")),
        ),
        (r"^<? ?(DATA|RX) ?ERROR", Status(Outcome.BROKEN, _DAMAGED_LINE)),
        (
            r"^!?ACT ?ALERT",
            Status(Outcome.BROKEN, message("the adapter is about to fall asleep (ACT ALERT)")),
        ),
        (r"^!?LP ?ALERT", Status(Outcome.BROKEN, message("the adapter is about to fall asleep (LP ALERT)"))),
        (
            r"^(LV ?RESET|LOW ?VOLTAGE ?RESET)",
            Status(
                Outcome.BROKEN,
                message("the adapter lost its supply and restarted (LV RESET)"),
                was_reset=True,
            ),
        ),
    )
)


def parse_line(text: str, responders: frozenset[int] = frozenset()) -> Line:
    """Understand one line of an answer; `responders` are the ids that answers are expected from."""
    whole = _tidy(text)
    words = _EMPTY.sub("", whole).strip()
    if whole in _SINGLE_WORDS or not words:
        return Line(_SINGLE_WORDS.get(whole, LineKind.EMPTY), text)
    status = _status(whole) or _status(words)
    if status is not None:
        return Line(LineKind.STATUS, text, status=status)
    if _DAMAGED.search(words):
        line = _hex_line(text, _DAMAGED.sub("", words).strip(), responders)
        return Line(LineKind.CUT, text, line.arbitration_id)
    return _hex_line(text, words, responders)


def parse_frame(text: str) -> Line:
    """Understand one line heard while listening: always a header and its data."""
    tokens = _tidy(text).split()
    if not tokens or not all(map(_HEX.match, tokens)):
        return parse_line(text)
    return _frame(text, tokens[0][:3], tokens) if len(tokens) > 1 else _packed(text, tokens[0], frozenset())


def _tidy(text: str) -> str:
    return text.replace("\0", "").strip().upper()


def _status(words: str) -> Status | None:
    for pattern, status in _STATUSES:
        if pattern.search(words):
            return status
    number = _ERROR_NUMBER.search(words)
    if number:
        reason = message("the adapter reports an internal error (ERR{number})", number=number[1])
        return Status(Outcome.BROKEN, reason, was_reset=True)
    if _BANNER.search(words):
        return Status(Outcome.BROKEN, _RESET, was_reset=True)
    return None


def _hex_line(text: str, words: str, responders: frozenset[int]) -> Line:
    segment = _SEGMENT.match(words)
    if segment:
        data = _bytes_of(segment[2].split())
        kind = LineKind.CUT if data is None else LineKind.SEGMENT
        return Line(kind, text, data=data or b"", number=int(segment[1], 16))
    tokens = words.split()
    if not all(map(_HEX.match, tokens)):
        return Line(LineKind.GARBAGE, text)
    if len(tokens) == 1:
        return _packed(text, tokens[0], responders)
    if len(tokens[0]) == 3:
        return _frame(text, tokens[0], tokens)
    data = _bytes_of(tokens)
    if data is None:
        return Line(LineKind.CUT, text)
    return Line(LineKind.DATA, text, data=data)


def _frame(text: str, header: str, tokens: list[str]) -> Line:
    """Take a spaced line with an 11-bit header apart: `7E8 [8] 04 41 0C 1A F8`."""
    rest = tokens[1:] if len(tokens[0]) == 3 else [tokens[0][3:], *tokens[1:]]
    arbitration_id = int(header, 16)
    length = None
    if len(rest) > 1 and len(rest[0]) == 1:
        length, rest = int(rest[0], 16), rest[1:]
    data = _bytes_of(rest)
    if data is None or len(header) != 3 or not 1 <= len(data) <= 8 or length not in (None, len(data)):
        return Line(LineKind.CUT, text, arbitration_id)
    return Line(LineKind.FRAME, text, arbitration_id, data)


def _packed(text: str, digits: str, responders: frozenset[int]) -> Line:
    """Take a line without spaces apart: an odd number of digits means an 11-bit header.

    An even number that begins with the id of an expected responder is a frame with a DLC digit, or one that
    lost a digit: no response begins like that.
    """
    header, rest = digits[:3], digits[3:]
    from_responder = len(header) == 3 and int(header, 16) in responders
    if len(digits) == 3 and not from_responder:
        return Line(LineKind.LENGTH, text, number=int(digits, 16))
    if len(digits) % 2 and rest:
        return _frame(text, header, [header, rest])
    if from_responder and len(rest) > 3 * 2 and len(rest) == 1 + 2 * int(rest[0], 16):
        return _frame(text, header, [header, rest[1:]])
    if from_responder:
        return Line(LineKind.CUT, text, int(header, 16))
    if len(digits) % 2:
        return Line(LineKind.CUT, text)
    return Line(LineKind.DATA, text, data=bytes.fromhex(digits))


def _bytes_of(tokens: list[str]) -> bytes | None:
    """Return the bytes of hex groups, None where a group lost a digit."""
    if any(len(token) % 2 for token in tokens):
        return None
    return bytes.fromhex("".join(tokens))
