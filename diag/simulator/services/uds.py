"""Answer UDS requests: fault codes by 19, data identifiers by 22 (ISO 14229-1)."""

from __future__ import annotations

from collections.abc import Callable

from diag.simulator.scenarios import Fault, ModuleSetup
from diag.simulator.services.codes import UDS_STATUS, UDS_STATUS_AVAILABLE, three_bytes
from diag.simulator.services.refusal import (
    CONDITIONS_NOT_CORRECT,
    INCORRECT_LENGTH,
    REQUEST_OUT_OF_RANGE,
    SUB_FUNCTION_NOT_SUPPORTED,
    Refusal,
    require,
)
from diag.simulator.services.session import Session
from diag.simulator.services.values import data_of, frozen_values
from diag.simulator.state import CarState

_ANY_RECORD = 0xFF
_FIRST_RECORD = 0x01
#: Data identifiers F400-F4FF carry the parameter ids of SAE J1979 (ISO 14229-1, C.1).
_OBD_DIDS = 0xF4


class UdsServices:
    """Services 19 (02, 04, 06, 0A) and 22 of one module."""

    def __init__(self, setup: ModuleSetup, state: Callable[[], CarState], session: Session) -> None:
        self._setup = setup
        self._state = state
        self._session = session
        self.handlers: dict[int, Callable[[bytes], bytes | None]] = {
            0x19: self._fault_information,
            0x22: self._data_by_identifier,
        }
        self._reports: dict[int, Callable[[bytes], bytes]] = {
            0x02: self._by_status_mask,
            0x04: self._snapshot,
            0x06: self._extended_data,
            0x0A: self._supported,
        }

    def _fault_information(self, request: bytes) -> bytes:
        require(len(request) >= 2, INCORRECT_LENGTH)
        report = self._reports.get(request[1])
        if report is None:
            raise Refusal(SUB_FUNCTION_NOT_SUPPORTED)
        require(self._session.is_open or not self._setup.needs_session, CONDITIONS_NOT_CORRECT)
        return bytes([0x59, request[1]]) + report(request[2:])

    def _by_status_mask(self, arguments: bytes) -> bytes:
        require(len(arguments) == 1, INCORRECT_LENGTH)
        mask = arguments[0]
        return self._list([fault for fault in self._setup.faults if UDS_STATUS[fault.state] & mask])

    def _supported(self, arguments: bytes) -> bytes:
        require(not arguments, INCORRECT_LENGTH)
        return self._list(list(self._setup.faults))

    @staticmethod
    def _list(faults: list[Fault]) -> bytes:
        rows = (three_bytes(fault) + bytes([UDS_STATUS[fault.state]]) for fault in faults)
        return bytes([UDS_STATUS_AVAILABLE]) + b"".join(rows)

    def _snapshot(self, arguments: bytes) -> bytes:
        """Return one record of parameter ids as they were when the code was stored."""
        fault = self._fault(arguments)
        head = three_bytes(fault) + bytes([UDS_STATUS[fault.state]])
        if fault.freeze_frame is None:
            return head
        values = frozen_values(fault.freeze_frame)
        record = b"".join(bytes([_OBD_DIDS, pid]) + value for pid, value in values.items())
        return head + bytes([_FIRST_RECORD, len(values)]) + record

    def _extended_data(self, arguments: bytes) -> bytes:
        """Return record 01: how often the fault occurred."""
        fault = self._fault(arguments)
        return three_bytes(fault) + bytes([UDS_STATUS[fault.state], _FIRST_RECORD, fault.occurrences])

    def _fault(self, arguments: bytes) -> Fault:
        require(len(arguments) == 4, INCORRECT_LENGTH)
        require(arguments[3] in (_FIRST_RECORD, _ANY_RECORD), REQUEST_OUT_OF_RANGE)
        for fault in self._setup.faults:
            if three_bytes(fault) == arguments[:3]:
                return fault
        raise Refusal(REQUEST_OUT_OF_RANGE)

    def _data_by_identifier(self, request: bytes) -> bytes:
        require(len(request) >= 3 and len(request) % 2 == 1, INCORRECT_LENGTH)
        state = self._state()
        found = b""
        for position in range(1, len(request), 2):
            identifier = request[position : position + 2]
            text = self._setup.data_ids.get(identifier.hex().upper())
            found += b"" if text is None else identifier + data_of(text, state)
        require(bool(found), REQUEST_OUT_OF_RANGE)
        return b"\x62" + found
