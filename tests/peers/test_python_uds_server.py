"""python-uds-server, somebody else's UDS module, is read over a SLCAN wire as it was set."""

from __future__ import annotations

from pathlib import Path

import pytest

from diag.link import Link, Outcome, Request, open_link
from diag.model import ModuleAddress
from diag.protocol.faults import fault_codes_of

ADDRESS = ModuleAddress(0x747, 0x767)


@pytest.fixture
def link(peer_folder: Path, start_peer, slcan_hub):
    server = Path(__file__).with_name("uds_server_on_slcan.py")
    channel = f"socket://127.0.0.1:{slcan_hub.port}"
    peer = start_peer([str(peer_folder / "python"), str(server), channel, "747", "767"])
    peer.wait_for("SERVING")
    with open_link(f"can:slcan:{channel}?bitrate=500000") as link:
        yield link


def ask(link: Link, request: str) -> bytes:
    exchange = link.submit(Request(bytes.fromhex(request), ADDRESS)).result(10)
    assert exchange.response.outcome is Outcome.POSITIVE, exchange.response
    assert exchange.response.responder == ADDRESS.response_id
    return exchange.response.payload


def test_the_identification_in_several_frames_is_what_the_server_was_given(link: Link):
    assert ask(link, "22 F1 90") == bytes.fromhex("62 F1 90") + b"VSKJVWR51U0001234"


def test_the_fault_codes_are_those_the_server_was_given(link: Link):
    request = bytes.fromhex("19 02 FF")
    codes = {code.code: code.status for code in fault_codes_of(request, ask(link, "19 02 FF"))}

    assert set(codes) == {"U1300-00", "P0562-16", "U1000-88"}
    assert "confirmed" in codes["P0562-16"]
    assert "test-failed" in codes["P0562-16"]
    assert "confirmed" not in codes["U1000-88"]


def test_a_session_it_does_not_have_is_refused_and_named(link: Link):
    exchange = link.submit(Request(bytes.fromhex("10 C0"), ADDRESS)).result(10)

    assert exchange.response.outcome is Outcome.NEGATIVE
    assert exchange.response.negative_response_code == 0x12


def test_a_value_it_does_not_know_gives_no_value(link: Link):
    exchange = link.submit(Request(bytes.fromhex("22 11 03"), ADDRESS)).result(10)

    assert exchange.response.outcome is Outcome.NEGATIVE
    assert exchange.response.negative_response_code == 0x31
