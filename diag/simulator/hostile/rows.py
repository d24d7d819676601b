"""Load the rows of the hostile table from `rows.toml`, and say what each key of a row means."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from diag.model import Verdict
from diag.typed_data import convert

_FILE = Path(__file__).with_name("rows.toml")

#: The fault-code requests that the table is played for, by the name of their service.
FAULT_REQUESTS = {
    "03": b"\x03",
    "07": b"\x07",
    "19 02": b"\x19\x02\xff",
    "17": b"\x17\xff\x00",
    "18": b"\x18\x00\xff\x00",
}


class RowKind(StrEnum):
    """Whether an answer is wrong, or valid though odd."""

    BAD = "bad"
    ODD = "odd"


class Expectation(StrEnum):
    """What a truthful tool says of the module: its codes, none (confirmed), or neither of them."""

    CODES = "codes"
    NONE = "none"
    NOT_NONE = "not-none"


class Source(StrEnum):
    """Who sends a message: the module that was asked, another one, or nobody's business at all."""

    OWN = "own"
    OTHER = "other"
    BROADCAST = "broadcast"
    TESTER = "tester"


class MessageScript(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One message from the bus side.

    `payload`: hex bytes and placeholders (see `payloads.py`), cut into ISO 15765-2 frames; `raw`: one frame
    as it is. `shorten`: bytes missing at the end of the payload. `lose`: frames that never come, by number
    from 0, or from the end as -1. `misnumber`: a frame whose sequence number is one too high. `swap`: two
    frames in each other's place. `truncate`: bytes missing at the end of the first frame. `pad`: the filling
    byte, or `none`. `delay_s`: pause before the message, `gap_s` before each further frame.
    """

    payload: str = ""
    raw: str = ""
    source: Source = Source.OWN
    shorten: int = 0
    lose: tuple[int, ...] = ()
    swap: tuple[int, ...] = ()
    misnumber: int | None = None
    truncate: int = 0
    pad: str = "00"
    delay_s: float = 0.0
    gap_s: float = 0.0


_Verdicts = Verdict | tuple[Verdict, ...]


class HostileRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that can happen to a fault-code request.

    `verdict` is what a truthful tool says of the module in a bad row: one word, a list where the pace decides
    between two true ones, or a table of these by scheme of link (`elm327`, `can`, `replay`) where one link
    sees more than another.

    `messages` come from the bus; `interleave` mixes their frames. `before` and `after` are lines of the
    adapter's own around the bus's, `says` lines in its place; `{request}` in them is the hex of the request.
    `formatting` switches settings of its text; `dress` names what happens to the finished text (`dress.py`);
    `refuses` are beginnings of AT commands answered `?`; `leaks`: the adapter ignores its receive filter.
    """

    id: str
    kind: RowKind
    expect: Expectation
    words: str
    verdict: _Verdicts | dict[str, _Verdicts] = ()
    services: tuple[str, ...] = tuple(FAULT_REQUESTS)
    messages: tuple[MessageScript, ...] = ()
    interleave: bool = False
    before: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    formatting: dict[str, bool] = {}
    dress: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()
    leaks: bool = False

    def verdicts(self, scheme: str) -> frozenset[Verdict]:
        """Return the verdicts that are true over a link of this scheme."""
        match self.expect:
            case Expectation.CODES:
                return frozenset({Verdict.CODES})
            case Expectation.NONE:
                return frozenset({Verdict.NONE})
            case _:
                known = self.verdict[scheme] if isinstance(self.verdict, dict) else self.verdict
                return frozenset({known} if isinstance(known, Verdict) else known)

    @property
    def on_can(self) -> bool:
        """Whether frames alone tell the whole row, so that a CAN adapter or a capture can play it."""
        adapters_own = (self.before, self.says, self.after, self.formatting, self.dress, self.refuses)
        return not any(adapters_own)


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    row: tuple[HostileRow, ...]


@cache
def hostile_rows() -> tuple[HostileRow, ...]:
    """Return every row, in the order of the file."""
    return convert(tomllib.loads(_FILE.read_text(encoding="utf-8")), _Table).row


def service_of(payload: bytes) -> str | None:
    """Return the name of the fault-code service that a request names, None for every other request."""
    name = payload[: 2 if payload[:1] == b"\x19" else 1].hex(" ").upper()
    return name if name in FAULT_REQUESTS else None
