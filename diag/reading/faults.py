"""Ask one module for its fault codes, and judge what came back; silence is never taken for none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from diag.errors import ProtocolError
from diag.i18n import Message, message, plural_message
from diag.link import Exchange, Link, Outcome, Response
from diag.model import FaultCode, Ignition, ModuleResult, Reading, ServiceResult, Verdict
from diag.protocol.faults import fault_codes_of
from diag.protocol.nrc import nrc_name
from diag.reading.asking import ask as ask_once
from diag.reading.ignition import has_supply
from diag.reading.sources import service_name
from diag.vehicle.fault_texts import words_for
from diag.vehicle.profile import ModuleFact

#: A powered module answers a session request within 50 ms (ISO 14230-2 P2); the rest is for slow adapters.
_SESSION_DEADLINE_S = 0.6
#: NRCs that say "not this service, not in this form, not in this session": another service may be understood.
#: (generalReject, serviceNotSupported, subFunctionNotSupported, format, outOfRange, not in session; KWP 80)
_ASK_ANOTHER_WAY = frozenset({0x10, 0x11, 0x12, 0x13, 0x31, 0x7E, 0x7F, 0x80})
_COUNT_REQUEST = bytes.fromhex("0101")
_STORED_CODES = 0x03

#: Which outcome speaks for a module when several services were tried, strongest first.
_WEIGHT = (
    Outcome.POSITIVE,
    Outcome.BROKEN,
    Outcome.NEGATIVE,
    Outcome.SILENT,
    Outcome.WITHHELD,
    Outcome.NOT_RECORDED,
)
_BYTES_CAME = frozenset({Outcome.POSITIVE, Outcome.NEGATIVE, Outcome.BROKEN})
_VERDICTS = {
    Outcome.NEGATIVE: Verdict.REFUSED,
    Outcome.SILENT: Verdict.NO_ANSWER,
    Outcome.BROKEN: Verdict.LOST,
    Outcome.NOT_RECORDED: Verdict.NOT_ASKED,
    Outcome.WITHHELD: Verdict.NOT_ASKED,
}


def ask(link: Link, module: ModuleFact, ignition: Reading[Ignition]) -> ModuleResult:
    """Ask a module with the services its profile names; a silent one costs at most two deadlines.

    Raises:
        AdapterLost: the adapter is gone.
    """
    if not has_supply(module.powered_from, ignition.value):
        reason = message("no supply at ignition {position}", position=ignition.value)
        return ModuleResult(module.name, module.address, Verdict.NOT_ASKED, reason)
    return interpret(module, _converse(link, module))


def _converse(link: Link, module: ModuleFact) -> list[Exchange]:
    """Open the session, find the service the module understands, then ask for what goes with it."""
    if module.session:
        ask_once(link, bytes.fromhex(module.session), module.address, _SESSION_DEADLINE_S)
    exchanges: list[Exchange] = []
    for request in _deciding_requests(module):
        exchanges.append(ask_once(link, request, module.address))
        if not _may_know_another(exchanges[-1].response):
            break
    if not any(exchange.response.outcome in {Outcome.POSITIVE, Outcome.NEGATIVE} for exchange in exchanges):
        return exchanges
    exchanges += [ask_once(link, request, module.address) for request in module.requests[1:]]
    if module.requests[0][0] == _STORED_CODES and exchanges[0].response.outcome is Outcome.POSITIVE:
        exchanges.append(ask_once(link, _COUNT_REQUEST, module.address))
    return exchanges


def _deciding_requests(module: ModuleFact) -> tuple[bytes, ...]:
    return (*module.requests[:1], *(bytes.fromhex(request) for request in module.alternatives))


def _may_know_another(response: Response) -> bool:
    if response.outcome is Outcome.NEGATIVE:
        return response.negative_response_code in _ASK_ANOTHER_WAY
    return response.outcome is Outcome.NOT_RECORDED


def interpret(module: ModuleFact, exchanges: Sequence[Exchange]) -> ModuleResult:
    """Judge a module from the exchanges held with it, live or recorded.

    The first fault-code request, or the alternative that the module understood, decides. A request that goes
    with it (pending codes) has a verdict of its own: its codes count, its silence is named in the reason. A
    module that counts codes (01 01) and names none is "lost", not "none".
    """
    deciding_requests = _deciding_requests(module)
    deciding = [exchange for exchange in exchanges if exchange.request.payload in deciding_requests]
    if not deciding:
        return ModuleResult(module.name, module.address, Verdict.NOT_ASKED, message("nothing was asked"))
    chosen = min(deciding, key=lambda exchange: _WEIGHT.index(exchange.response.outcome))
    main = service_result(chosen)
    others = tuple(
        service_result(exchange)
        for exchange in exchanges
        if exchange.request.payload in module.requests[1:] and exchange is not chosen
    )
    codes = _merged(code for service in (main, *others) for code in service.fault_codes)
    verdict = Verdict.CODES if codes else main.verdict
    reason = main.reason or _reason_of_others(others)
    counted = _counted(exchanges)
    if verdict is Verdict.NONE and counted:
        verdict, reason = Verdict.LOST, _counts_but_names_none(counted)
    spoke = any(_spoke(module, response) for exchange in exchanges for response in exchange.responses)
    return ModuleResult(module.name, module.address, verdict, reason, codes, (main, *others), spoke)


def _spoke(module: ModuleFact, response: Response) -> bool:
    """Say whether bytes of this very module came; an adapter's complaint or a nameless line is none."""
    return response.outcome in _BYTES_CAME and response.responder == module.address.response_id


def service_result(exchange: Exchange) -> ServiceResult:
    """Judge one fault-code service of one module from its exchange."""
    request, response = exchange.request.payload, exchange.response
    service = service_name(request)
    if response.outcome is not Outcome.POSITIVE:
        return ServiceResult(service, _VERDICTS[response.outcome], _reason(response))
    try:
        codes = fault_codes_of(request, response.payload)
    except ProtocolError as error:
        return ServiceResult(service, Verdict.LOST, error.what)
    faults = tuple(replace(code, text=words_for(code.code)) for code in codes if not _is_only_untested(code))
    untested = len(codes) - len(faults)
    reason = _not_tested_yet(untested) if untested else _doubt_who_answered(response)
    return ServiceResult(service, Verdict.CODES if faults else Verdict.NONE, reason, faults)


def _is_only_untested(code: FaultCode) -> bool:
    """Say whether a module lists a code only because its test has not run (ISO 14229-1 D.2, bits 4 and 6)."""
    return bool(code.status) and all(name.startswith("not-tested") for name in code.status)


def _doubt_who_answered(response: Response) -> Message | None:
    """Say that an adapter without headers leaves open which module an answer came from."""
    return message("the adapter does not show which module answered") if response.responder is None else None


def _not_tested_yet(count: int) -> Message:
    return plural_message(
        "{count} test of this module has not run yet",
        "{count} tests of this module have not run yet",
        count,
    )


def _reason(response: Response) -> Message:
    if response.outcome is Outcome.NEGATIVE and response.negative_response_code is not None:
        return nrc_name(response.negative_response_code)
    if response.outcome is Outcome.NOT_RECORDED:
        return message("not in this log")
    return response.reason or message("no reason known")


def _reason_of_others(others: Iterable[ServiceResult]) -> Message | None:
    for other in others:
        if other.reason is not None:
            return message("{what}: {why}", what=_service_words(other.service), why=other.reason)
    return None


def _service_words(service: str) -> Message:
    match service:
        case "07":
            return message("pending codes")
        case "0A":
            return message("permanent codes")
        case _:
            return message("request {name}", name=service)


def _merged(codes: Iterable[FaultCode]) -> tuple[FaultCode, ...]:
    """Return each code once, with the status of every service that named it."""
    merged: dict[str, FaultCode] = {}
    for code in codes:
        known = merged.get(code.code)
        if known is None:
            merged[code.code] = code
        else:
            status = tuple(dict.fromkeys((*known.status, *code.status)))
            merged[code.code] = replace(known, status=status)
    return tuple(merged.values())


def _counted(exchanges: Iterable[Exchange]) -> int:
    """Return how many codes the module counts in the answer to 01 01 (SAE J1979: byte A, bits 0-6)."""
    for exchange in exchanges:
        payload = exchange.response.payload
        if exchange.request.payload == _COUNT_REQUEST and exchange.response.outcome is Outcome.POSITIVE:
            return payload[2] & 0x7F if len(payload) >= 3 else 0
    return 0


def _counts_but_names_none(count: int) -> Message:
    return plural_message(
        "the module counts {count} fault code and names none",
        "the module counts {count} fault codes and names none",
        count,
    )
