"""What only reads may go out; nothing else does, whatever the module and the bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.link.permit import (
    BODY_CONTROL_REQUEST_ID,
    IMMOBILISER_FRAMES,
    PermitMode,
    decide,
    is_immobiliser_secret,
)
from diag.model import Address, FunctionalAddress, ModuleAddress

ENGINE = ModuleAddress(0x7E0, 0x7E8)
BODY = ModuleAddress(0x745, 0x765)
EVERYONE = FunctionalAddress()

CHANGING_SERVICES = bytes.fromhex(
    "04 05 08 11 14 23 27 28 2C 2E 2F 30 31 32 33 34 35 36 37 38 3B 3D 83 84 85 87"
)
READING = """
    01 0C|02 0C 00|03|07|09 02|0A|13 FF 00|17 FF 00|18 00 FF 00|1A 90|22 F1 90|10 01|10 03|10 81|10 C0
    |19 02 FF|19 04 9A 15 11 FF|19 06 9A 15 11 FF|19 0A|3E 00|3E 01|3E 02|3E 80|21 81|21 4E
"""

diagnostic_ids = st.integers(0x700, 0x7FF).filter(lambda each: each != 0x7DF)
modules = st.builds(ModuleAddress, diagnostic_ids, st.integers(0x700, 0x7FF))
addresses = st.one_of(modules, st.just(EVERYONE), st.just(BODY))


def allows(address: Address, payload: str) -> bool:
    decision = decide(PermitMode.READ, address, bytes.fromhex(payload))
    assert decision.allowed == (decision.reason is None)
    return decision.allowed


@pytest.mark.parametrize("payload", [payload.strip() for payload in READING.split("|")])
def test_reading_goes_out(payload: str) -> None:
    assert allows(ENGINE, payload)


@pytest.mark.parametrize(
    "payload",
    ["10 02", "10 85", "10 FB", "10 DA", "10", "19 01 FF", "19", "3E 03", "3E", "21", "", "31 01 FF 00"],
)
def test_forms_that_may_change_the_car_stay(payload: str) -> None:
    assert not allows(ENGINE, payload)


@given(st.sampled_from(CHANGING_SERVICES), st.binary(max_size=8), addresses)
def test_no_changing_service_ever_goes_out(service: int, data: bytes, address: Address) -> None:
    decision = decide(PermitMode.READ, address, bytes((service,)) + data)
    assert (decision.allowed, decision.rule) == (False, "service")


@given(st.binary(max_size=10), addresses)
def test_a_silent_link_sends_nothing(payload: bytes, address: Address) -> None:
    decision = decide(PermitMode.SILENT, address, payload)
    assert (decision.allowed, decision.rule) == (False, "silent")


@given(st.binary(max_size=10), addresses)
def test_every_decision_to_withhold_has_its_reason(payload: bytes, address: Address) -> None:
    decision = decide(PermitMode.READ, address, payload)
    assert decision.allowed == (decision.reason is None)
    assert decision.rule


@given(st.integers(0x40, 0xFF), st.binary(max_size=8), addresses)
def test_answers_and_unknown_services_are_never_sent(service: int, data: bytes, address: Address) -> None:
    assert not decide(PermitMode.READ, address, bytes((service,)) + data).allowed


@pytest.mark.parametrize("page", ["21 21", "21 83", "21 83 00"])
def test_immobiliser_pages_of_the_body_module_are_never_asked_for(page: str) -> None:
    assert not allows(BODY, page)
    assert allows(ENGINE, page)
    assert decide(PermitMode.READ, BODY, bytes.fromhex(page)).rule == "immobiliser"


def test_other_pages_of_the_body_module_may_be_read() -> None:
    assert allows(BODY, "21 4E")


@given(st.sampled_from([0x10, 0x21, 0x3E]), st.binary(max_size=4))
def test_sessions_and_pages_are_asked_of_one_module_at_a_time(service: int, data: bytes) -> None:
    decision = decide(PermitMode.READ, EVERYONE, bytes((service,)) + data)
    assert (decision.allowed, decision.rule) == (False, "everyone")


@pytest.mark.parametrize("service", range(256))
def test_over_all_ids_nothing_goes_out_but_to_diagnostic_addresses(service: int) -> None:
    payload = bytes((service, 0x02, 0xFF))
    sent_to = {
        request_id
        for request_id in range(0x800)
        if decide(PermitMode.READ, ModuleAddress(request_id, 0x7E8), payload).allowed
    }
    everywhere = {*range(0x700, 0x800)} - {0x7DF}
    assert sent_to == (everywhere if allows(ENGINE, payload.hex()) else set())


@given(st.integers(0, 0x1FFFFFFF), st.integers(0, 0x1FFFFFFF), st.booleans(), st.binary(max_size=8))
def test_no_address_but_an_11_bit_diagnostic_one_is_ever_asked(
    request_id: int, response_id: int, is_extended: bool, payload: bytes
) -> None:
    decision = decide(PermitMode.READ, ModuleAddress(request_id, response_id, is_extended), payload)
    if is_extended or request_id >> 8 != 7 or response_id >> 8 != 7 or request_id == 0x7DF:
        assert not decision.allowed


@pytest.mark.parametrize(
    "address",
    [
        ModuleAddress(0x60D, 0x7E8),
        ModuleAddress(0x342, 0x7E8),
        ModuleAddress(0x002, 0x7E8),
        ModuleAddress(0x6FF, 0x7E8),
        ModuleAddress(0x800, 0x7E8),
        ModuleAddress(0x7DF, 0x7E8),
        ModuleAddress(0x7E0, 0x6FF),
        ModuleAddress(0x7E0, 0x800),
        ModuleAddress(0x7E0, 0x7E8, is_extended=True),
        ModuleAddress(0x18DA10F1, 0x18DAF110),
        FunctionalAddress(0x60D),
        FunctionalAddress(0x7DF, (0x615,)),
        FunctionalAddress(is_extended=True),
    ],
    ids=str,
)
def test_frames_that_modules_send_each_other_are_never_imitated(address: Address) -> None:
    decision = decide(PermitMode.READ, address, b"\x03")
    assert (decision.allowed, decision.rule) == (False, "address")


def test_immobiliser_secrets_are_known_by_their_bytes() -> None:
    secrets = {(first, second) for first in range(256) for second in range(256) if is_secret(first, second)}
    assert secrets == {(0x21, 0x21), (0x21, 0x83), (0x61, 0x21), (0x61, 0x83)}
    assert not is_immobiliser_secret(b"\x21")
    assert not is_immobiliser_secret(b"")
    assert is_immobiliser_secret(b"\x61\x21\x01\x02")


def is_secret(first: int, second: int) -> bool:
    return is_immobiliser_secret(bytes((first, second)))


def test_the_ids_that_carry_immobiliser_data_are_named() -> None:
    assert BODY_CONTROL_REQUEST_ID == 0x745
    assert frozenset({0x342, 0x512}) == IMMOBILISER_FRAMES
