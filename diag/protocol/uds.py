"""Write UDS requests and read their answers, with udsoncan as the codec (ISO 14229-1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diag.i18n import message
from diag.protocol.checked import malformed, require_positive
from diag.protocol.dtc import format_dtc_with_failure_type, uds_status_names

if TYPE_CHECKING:
    from udsoncan import DidCodec

ALL_RECORDS = 0xFF
ALL_STATUS_BITS = 0xFF
ALL_GROUPS = 0xFFFFFF


@dataclass(frozen=True, slots=True)
class FaultRecord:
    """What a module stored with one fault code: the bytes after the status, as they came.

    Snapshots (19 04) and extended data (19 06) are the maker's own layout, so nothing is decoded here.
    """

    code: str
    status: tuple[str, ...]
    data: bytes


def session_request(session: int) -> bytes:
    """Write `10 session`, for a session of ISO 14229 (01 to 7F)."""
    from udsoncan.services.DiagnosticSessionControl import DiagnosticSessionControl

    return _payload(DiagnosticSessionControl.make_request(session))


def tester_present_request() -> bytes:
    """Write `3E 00`, which keeps a session open."""
    from udsoncan.services.TesterPresent import TesterPresent

    return _payload(TesterPresent.make_request())


def fault_codes_request(status_mask: int = ALL_STATUS_BITS) -> bytes:
    """Write `19 02 mask`."""
    from udsoncan.services.ReadDTCInformation import ReadDTCInformation

    report = ReadDTCInformation.Subfunction.reportDTCByStatusMask
    return _payload(ReadDTCInformation.make_request(report, status_mask=status_mask))


def supported_fault_codes_request() -> bytes:
    """Write `19 0A`."""
    from udsoncan.services.ReadDTCInformation import ReadDTCInformation

    return _payload(ReadDTCInformation.make_request(ReadDTCInformation.Subfunction.reportSupportedDTCs))


def snapshot_request(code: bytes, record: int = ALL_RECORDS) -> bytes:
    """Write `19 04 code record`; `code` is three bytes."""
    from udsoncan.services.ReadDTCInformation import ReadDTCInformation

    report = ReadDTCInformation.Subfunction.reportDTCSnapshotRecordByDTCNumber
    number = int.from_bytes(code, "big")
    return _payload(ReadDTCInformation.make_request(report, dtc=number, snapshot_record_number=record))


def extended_data_request(code: bytes, record: int = ALL_RECORDS) -> bytes:
    """Write `19 06 code record`; `code` is three bytes."""
    from udsoncan.services.ReadDTCInformation import ReadDTCInformation

    report = ReadDTCInformation.Subfunction.reportDTCExtendedDataRecordByDTCNumber
    number = int.from_bytes(code, "big")
    return _payload(ReadDTCInformation.make_request(report, dtc=number, extended_data_record_number=record))


def clear_request(group: int = ALL_GROUPS) -> bytes:
    """Write `14 group`, with a group of three bytes."""
    from udsoncan.services.ClearDiagnosticInformation import ClearDiagnosticInformation

    return _payload(ClearDiagnosticInformation.make_request(group))


def read_data_request(did: int) -> bytes:
    """Write `22 did`."""
    from udsoncan.services.ReadDataByIdentifier import ReadDataByIdentifier

    return _payload(ReadDataByIdentifier.make_request([did], _raw_identifiers()))


def data_of(request: bytes, response: bytes) -> bytes:
    """Return the data of the answer to a `22 did` for one DID.

    Raises:
        MalformedResponse: not the positive answer to it.
    """
    from udsoncan.Response import Response
    from udsoncan.services.ReadDataByIdentifier import ReadDataByIdentifier

    require_positive(request, response)
    if request[0] != 0x22 or len(request) != 3:
        raise malformed(message("the request did not ask for one value"))
    did = int.from_bytes(request[1:3], "big")
    interpreted = ReadDataByIdentifier.interpret_response(
        Response.from_payload(response), [did], _raw_identifiers()
    )
    return bytes(interpreted.service_data.values[did])


def fault_record_of(request: bytes, response: bytes) -> FaultRecord:
    """Return what the answer to `19 04` or `19 06` stored with its fault code.

    Raises:
        MalformedResponse: not the positive answer to it.
    """
    require_positive(request, response)
    if request[0] != 0x19 or request[1] not in (0x04, 0x06):
        raise malformed(message("the request did not ask for the data of a fault code"))
    return FaultRecord(
        format_dtc_with_failure_type(response[2:5]), uds_status_names(response[5]), response[6:]
    )


def _payload(request: Any) -> bytes:
    return bytes(request.get_payload())


def _raw_identifiers() -> dict[int | str, str | DidCodec | type[DidCodec]]:
    """Give udsoncan a codec that returns the bytes of any DID as they are."""
    from udsoncan import DidCodec

    class Raw(DidCodec):
        def decode(self, string_bin: bytes) -> bytes:
            return string_bin

        def __len__(self) -> int:
            raise DidCodec.ReadAllRemainingData

    return {"default": Raw()}
