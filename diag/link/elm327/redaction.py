"""Strike out of an adapter's lines what an immobiliser says, before they are kept anywhere."""

from __future__ import annotations

import re

from diag.link.elm327.dialect import Line, LineKind, parse_line
from diag.link.permit import IMMOBILISER_FRAMES, is_immobiliser_secret

WITHHELD = "(withheld: immobiliser)"
#: Ids of diagnostic answers: an even number of digits that begins so is a frame with a length digit.
_DIAGNOSTIC_IDS = frozenset(range(0x700, 0x800))
_FRAME_LINE = re.compile(
    "^(" + "|".join(f"{id_:03X}" for id_ in sorted(IMMOBILISER_FRAMES)) + ")[0-9A-F ]*", re.IGNORECASE
)
#: Where a line is damaged, the bytes that a secret begins with are looked for anywhere in it.
_ANYWHERE = re.compile("[26]1(21|83)")


class Redactor:
    """Show lines one after another; a long secret goes on in lines that do not say what they carry."""

    def __init__(self) -> None:
        self._in_secret: set[int | None] = set()

    def shown(self, text: str) -> str:
        """Return the line as it may be kept."""
        stripped = text.replace("\0", "").strip()
        return WITHHELD if _FRAME_LINE.match(stripped) or self._is_secret(stripped) else text

    def _is_secret(self, text: str) -> bool:
        line = parse_line(text, _DIAGNOSTIC_IDS)
        match line.kind:
            case LineKind.FRAME:
                return self._frame(line)
            case LineKind.DATA:
                return self._begins(None, line.data)
            case LineKind.SEGMENT:
                return self._begins(None, line.data) if line.number == 0 else None in self._in_secret
            case LineKind.CUT | LineKind.GARBAGE:
                going_on = line.arbitration_id in self._in_secret
                return going_on or _ANYWHERE.search("".join(text.split())) is not None
            case _:
                return False

    def _frame(self, line: Line) -> bool:
        """Judge by the protocol control byte (ISO 15765-2): a whole answer, a first frame or a later one."""
        match line.data[0] >> 4:
            case 0:
                return self._begins(line.arbitration_id, line.data[1:])
            case 1:
                return self._begins(line.arbitration_id, line.data[2:])
            case _:
                return line.arbitration_id in self._in_secret

    def _begins(self, responder: int | None, payload: bytes) -> bool:
        secret = is_immobiliser_secret(payload)
        if secret:
            self._in_secret.add(responder)
        else:
            self._in_secret.discard(responder)
        return secret
