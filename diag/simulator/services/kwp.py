"""Answer KWP2000 requests: fault codes 13 17 18, identification 1A, local ids 21 (ISO 14230-3)."""

from __future__ import annotations

from collections.abc import Callable

from diag.simulator.scenarios import ModuleSetup
from diag.simulator.services.codes import KWP_STATUS, two_bytes
from diag.simulator.services.refusal import (
    CONDITIONS_NOT_CORRECT,
    NOT_IN_THIS_SESSION,
    REQUEST_OUT_OF_RANGE,
    SUB_FUNCTION_NOT_SUPPORTED,
    require,
)
from diag.simulator.services.session import Session
from diag.simulator.services.values import data_of, support_mask
from diag.simulator.state import CarState

_ALL_GROUPS = b"\xff\x00"
_MASKS = (0x00, 0x20, 0x40)


class KwpServices:
    """Services 13, 17, 18, 1A and 21 of one module."""

    def __init__(self, setup: ModuleSetup, state: Callable[[], CarState], session: Session) -> None:
        self._setup = setup
        self._state = state
        self._session = session
        self.handlers: dict[int, Callable[[bytes], bytes | None]] = {
            0x13: lambda request: self._codes(request, request[1:], with_status=False),
            0x17: lambda request: self._codes(request, request[1:], with_status=True),
            0x18: lambda request: self._codes(request, request[2:], with_status=True),
            0x1A: self._identification,
            0x21: self._local_id,
        }

    def _codes(self, request: bytes, group: bytes, *, with_status: bool) -> bytes:
        require(len(group) == 2, SUB_FUNCTION_NOT_SUPPORTED)
        require(group == _ALL_GROUPS, REQUEST_OUT_OF_RANGE)
        require(self._session.is_open or not self._setup.needs_session, CONDITIONS_NOT_CORRECT)
        rows = [
            two_bytes(fault.code) + (bytes([KWP_STATUS[fault.state]]) if with_status else b"")
            for fault in self._setup.faults
        ]
        return bytes([request[0] + 0x40, len(rows)]) + b"".join(rows)

    def _identification(self, request: bytes) -> bytes:
        require(len(request) == 2, SUB_FUNCTION_NOT_SUPPORTED)
        text = self._setup.identification.get(f"{request[1]:02X}")
        require(text is not None, SUB_FUNCTION_NOT_SUPPORTED)
        return bytes([0x5A, request[1]]) + data_of(text or "", self._state())

    def _local_id(self, request: bytes) -> bytes:
        """Outside a session local ids are refused with NRC 80, as a Qashqai of 2012 does."""
        require(len(request) == 2, SUB_FUNCTION_NOT_SUPPORTED)
        require(self._session.is_open, NOT_IN_THIS_SESSION)
        known = {int(key, 16): text for key, text in self._setup.local_ids.items()}
        local_id = request[1]
        if local_id in _MASKS:
            return bytes([0x61, local_id]) + support_mask(known, local_id)
        require(local_id in known, REQUEST_OUT_OF_RANGE)
        return bytes([0x61, local_id]) + data_of(known[local_id], self._state())
