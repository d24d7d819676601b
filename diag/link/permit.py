"""Decide what may be sent to a car. Every request of every link passes `decide`, and nothing else does it.

The permit is an allow-list of (address, service, sub-function) for each mode. It is pure: no time, no input,
no state. Modes for clearing and writing are not built, so nothing can ask for them.

Sources: ISO 15031-5 (SAE J1979) services, ISO 14229-1, ISO 14230-3, ISO 15765-4 addresses; the local ids and
frames that carry immobiliser data are those of the Qashqai J10 frame list (balrog-kun), the sessions
of opendbc and ddt4all.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from diag.i18n import Message, message
from diag.model import Address, FunctionalAddress, ModuleAddress


class PermitMode(StrEnum):
    """How much may be sent: nothing, or what only reads."""

    SILENT = "silent"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request may go out; `rule` is the stable name of what decided, `reason` is for people."""

    allowed: bool
    rule: str
    reason: Message | None = None


#: The ids that diagnostic messages use; frames of every other id are what modules tell each other.
DIAGNOSTIC_IDS = range(0x700, 0x800)
_EVERYONE = FunctionalAddress()
BODY_CONTROL_REQUEST_ID = 0x745
IMMOBILISER_FRAMES = frozenset({0x342, 0x512})
_IMMOBILISER_LOCAL_IDS = frozenset({0x21, 0x83})
_READ_SESSIONS = frozenset({0x01, 0x03, 0x81, 0xC0})
_READ_DTC_REPORTS = frozenset({0x02, 0x04, 0x06, 0x0A})
_TESTER_PRESENT_KINDS = frozenset({0x00, 0x01, 0x02, 0x80})

#: Services that read, whatever their data: OBD-II 01 02 03 07 09 0A, KWP 13 17 18 1A, UDS 22.
_READ_SERVICES = frozenset({0x01, 0x02, 0x03, 0x07, 0x09, 0x0A, 0x13, 0x17, 0x18, 0x1A, 0x22})
#: Services whose first data byte decides.
_READ_SUB_FUNCTIONS = {0x10: _READ_SESSIONS, 0x19: _READ_DTC_REPORTS, 0x3E: _TESTER_PRESENT_KINDS}
_READ_LOCAL_ID = 0x21
#: Services that go to one module at a time: sessions, staying in one, and local ids, its own numbers.
_ONE_MODULE_SERVICES = frozenset({0x10, _READ_LOCAL_ID, 0x3E})


def is_immobiliser_secret(payload: bytes) -> bool:
    """Say whether a request or its response carries immobiliser data: local ids 21 21 and 21 83.

    21 83 identifies most modules harmlessly and carries secrets on the body module only; without the
    module at hand it counts as secret.
    """
    return len(payload) >= 2 and payload[0] in (0x21, 0x61) and payload[1] in _IMMOBILISER_LOCAL_IDS


def decide(mode: PermitMode, address: Address, payload: bytes) -> Decision:
    """Decide on one request."""
    if mode is PermitMode.SILENT:
        return Decision(False, "silent", message("Sending is switched off: this link only listens."))
    if not payload:
        return Decision(False, "empty", message("An empty request is never sent."))
    if not _is_diagnostic(address):
        reason = message("Requests go to diagnostic addresses alone, 700 to 7FF: not sent.")
        return Decision(False, "address", reason)
    if payload[0] in _ONE_MODULE_SERVICES and not isinstance(address, ModuleAddress):
        reason = message("This request must name one module: not sent to all.")
        return Decision(False, "everyone", reason)
    return _decide_service(address, payload)


def _decide_service(address: Address, payload: bytes) -> Decision:
    """Decide on what a request asks, where its address is a proper one."""
    service = payload[0]
    if service in _READ_SERVICES:
        return Decision(True, "read-service")
    if service in _READ_SUB_FUNCTIONS:
        return _decide_sub_function(payload)
    if service == _READ_LOCAL_ID:
        return _decide_local_id(address, payload)
    reason = message("This service can change the car: not sent, the tool is read-only.")
    return Decision(False, "service", reason)


def _is_diagnostic(address: Address) -> bool:
    """Say whether a request, and the flow control of its answer, go where diagnostics go."""
    if not isinstance(address, ModuleAddress):
        return address == _EVERYONE
    pair = (address.request_id, address.response_id)
    return (
        not address.is_extended
        and all(each in DIAGNOSTIC_IDS for each in pair)
        and address.request_id != _EVERYONE.request_id
    )


def _decide_sub_function(payload: bytes) -> Decision:
    """Services 10, 19 and 3E go out in their reading forms only."""
    if len(payload) >= 2 and payload[1] in _READ_SUB_FUNCTIONS[payload[0]]:
        return Decision(True, "read-sub-function")
    reason = message("This form of the request can change the car: not sent, read-only.")
    return Decision(False, "sub-function", reason)


def _decide_local_id(address: Address, payload: bytes) -> Decision:
    """Service 21 names its page, and never one of the body module's immobiliser pages."""
    if len(payload) < 2:
        return Decision(False, "local-id-form", message("This request must name one page: not sent."))
    if address.request_id == BODY_CONTROL_REQUEST_ID and payload[1] in _IMMOBILISER_LOCAL_IDS:
        return Decision(False, "immobiliser", message("This page holds immobiliser data: never asked for."))
    return Decision(True, "read-local-id")
