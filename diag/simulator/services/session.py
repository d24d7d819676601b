"""Open, keep and lose diagnostic sessions: services 10 and 3E in their KWP2000 and UDS forms."""

from __future__ import annotations

from collections.abc import Callable

from diag.clock import Clock
from diag.simulator.services.refusal import (
    INCORRECT_LENGTH,
    SUB_FUNCTION_NOT_SUPPORTED,
    Refusal,
    require,
)

#: How long a session stays open without a request (S3 of ISO 14229-2).
_KEPT_S = 5.0
_KWP_SESSIONS = frozenset({0x81, 0xC0})
_UDS_SESSIONS = frozenset({0x01, 0x03, 0xC0})
_DEFAULT_SESSIONS = frozenset({0x01, 0x81})
#: P2 and P2* of ISO 14229-2: 50 ms, and 5000 ms in steps of 10.
_TIMING = bytes([0x00, 0x32, 0x01, 0xF4])
_NO_ANSWER_WANTED = 0x80


class Session:
    """The diagnostic session of one module, which ends by itself after 5 s of silence."""

    def __init__(self, clock: Clock, *, kwp: bool, uds: bool) -> None:
        self._clock = clock
        self._kwp = kwp
        self._uds = uds
        self._open = False
        self._last_s = 0.0
        self.handlers: dict[int, Callable[[bytes], bytes | None]] = {
            0x10: self._control,
            0x3E: self._tester_present,
        }

    @property
    def is_open(self) -> bool:
        """Whether a session other than the default one is open."""
        return self._open and self._clock.monotonic() - self._last_s < _KEPT_S

    def keep(self) -> None:
        """Count time anew: a request came."""
        self._open = self.is_open
        self._last_s = self._clock.monotonic()

    def lose(self) -> None:
        """Fall back to the default session, as after a loss of supply."""
        self._open = False

    def _control(self, request: bytes) -> bytes | None:
        require(len(request) == 2, INCORRECT_LENGTH if self._uds else SUB_FUNCTION_NOT_SUPPORTED)
        session = request[1]
        if self._kwp and session in _KWP_SESSIONS:
            return self._enter(session, b"")
        if self._uds and session in _UDS_SESSIONS:
            return self._enter(session, b"" if session == 0xC0 else _TIMING)
        if self._uds and session & ~_NO_ANSWER_WANTED in _UDS_SESSIONS:
            self._enter(session & ~_NO_ANSWER_WANTED, b"")
            return None
        raise Refusal(SUB_FUNCTION_NOT_SUPPORTED)

    def _enter(self, session: int, timing: bytes) -> bytes:
        self._open = session not in _DEFAULT_SESSIONS
        self._last_s = self._clock.monotonic()
        return bytes([0x50, session]) + timing

    def _tester_present(self, request: bytes) -> bytes | None:
        """KWP2000: 3E or 3E 01 wants an answer, 3E 02 none; UDS: 3E 00 wants one, 3E 80 none."""
        kind = request[1:]
        if self._kwp and kind in (b"", b"\x01", b"\x02"):
            return None if kind == b"\x02" else b"\x7e"
        require(self._uds and len(kind) == 1, INCORRECT_LENGTH if self._uds else SUB_FUNCTION_NOT_SUPPORTED)
        require(kind in (b"\x00", b"\x80"), SUB_FUNCTION_NOT_SUPPORTED)
        return None if kind == b"\x80" else b"\x7e\x00"
