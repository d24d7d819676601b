"""Answer OBD-II requests: current data, freeze frame, fault codes, vehicle information (SAE J1979)."""

from __future__ import annotations

from collections.abc import Callable

from diag.simulator.scenarios import Fault, ModuleSetup
from diag.simulator.services.codes import two_bytes
from diag.simulator.services.refusal import SUB_FUNCTION_NOT_SUPPORTED, require
from diag.simulator.services.values import ENCODERS, data_of, frozen_values, support_mask
from diag.simulator.state import CarState

_MOST_PIDS = 6
_MASKS = (0x00, 0x20, 0x40, 0x60, 0x80, 0xA0, 0xC0)
_READINESS = bytes([0x07, 0x65, 0x00])


class ObdServices:
    """Services 01, 02, 03, 07, 09 and 0A of one module."""

    def __init__(self, setup: ModuleSetup, state: Callable[[], CarState]) -> None:
        self._setup = setup
        self._state = state
        self._pids = frozenset(int(pid, 16) for pid in setup.obd_pids)
        self.handlers: dict[int, Callable[[bytes], bytes | None]] = {
            0x01: self._current_data,
            0x02: self._freeze_frame,
            0x03: lambda request: self._codes(request, ("current", "past")),
            0x07: lambda request: self._codes(request, ("pending",)),
            0x09: self._vehicle_information,
            0x0A: lambda request: self._codes(request, ("current",)),
        }

    def _current_data(self, request: bytes) -> bytes:
        wanted = request[1:]
        require(1 <= len(wanted) <= _MOST_PIDS, SUB_FUNCTION_NOT_SUPPORTED)
        state = self._state()
        found = [bytes([pid]) + value for pid in wanted if (value := self._value(pid, state)) is not None]
        require(bool(found), SUB_FUNCTION_NOT_SUPPORTED)
        return b"\x41" + b"".join(found)

    def _value(self, pid: int, state: CarState) -> bytes | None:
        if pid in _MASKS:
            return self._mask(self._pids, pid)
        if pid not in self._pids:
            return None
        return self._monitor_status() if pid == 0x01 else ENCODERS[pid](state)

    @staticmethod
    def _mask(ids: frozenset[int], base: int) -> bytes | None:
        """Return a support mask; past the first one, only where it has something to say."""
        return support_mask(ids, base) if base == 0 or any(one > base for one in ids) else None

    def _monitor_status(self) -> bytes:
        lamp = any(fault.state == "current" for fault in self._setup.faults)
        return bytes([lamp << 7 | len(self._faults(("current", "past")))]) + _READINESS

    def _faults(self, states: tuple[str, ...]) -> list[Fault]:
        return [fault for fault in self._setup.faults if fault.state in states]

    def _codes(self, request: bytes, states: tuple[str, ...]) -> bytes:
        require(len(request) == 1, SUB_FUNCTION_NOT_SUPPORTED)
        codes = [two_bytes(fault.code) for fault in self._faults(states)]
        return bytes([request[0] + 0x40, len(codes)]) + b"".join(codes)

    def _freeze_frame(self, request: bytes) -> bytes:
        require(len(request) == 3 and request[2] == 0, SUB_FUNCTION_NOT_SUPPORTED)
        stored = next((fault for fault in self._setup.faults if fault.freeze_frame is not None), None)
        values: dict[int, bytes] = {0x02: two_bytes(stored.code) if stored else b"\x00\x00"}
        if stored is not None and stored.freeze_frame is not None:
            values |= frozen_values(stored.freeze_frame)
        pid = request[1]
        value = self._mask(frozenset(values), pid) if pid in _MASKS else values.get(pid)
        require(value is not None, SUB_FUNCTION_NOT_SUPPORTED)
        return bytes([0x42, pid, 0x00]) + (value or b"")

    def _vehicle_information(self, request: bytes) -> bytes:
        require(len(request) == 2, SUB_FUNCTION_NOT_SUPPORTED)
        known = {int(key, 16): text for key, text in self._setup.vehicle_information.items()}
        if request[1] == 0x00:
            return b"\x49\x00" + support_mask(known, 0)
        require(request[1] in known, SUB_FUNCTION_NOT_SUPPORTED)
        return bytes([0x49, request[1]]) + data_of(known[request[1]], self._state())
