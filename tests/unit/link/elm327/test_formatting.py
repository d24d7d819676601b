"""Once an adapter was told to send raw frames, nothing goes out before it confirmed that it formats again."""

from __future__ import annotations

import time

import pytest

from diag.link.base import Outcome
from diag.link.check_report import CheckVerdict
from diag.link.checking import check_adapter
from diag.link.options import LinkOptions
from diag.model import ModuleAddress

_REFUSED = "?\r\r>"


def _listen(bench, link) -> None:
    with link.listen():
        until = time.monotonic() + 2.0
        while "ATMA" not in bench.adapter.commands and time.monotonic() < until:
            time.sleep(0.01)
    assert "ATCAF0" in bench.adapter.commands


@pytest.mark.parametrize("answer", [_REFUSED, b"O\xff\r\r>", "\r\r>", None])
def test_no_request_goes_out_while_the_adapter_may_send_raw_frames(pty_bench, ask, body, engine, answer):
    link = pty_bench.connect()
    _listen(pty_bench, link)
    before = list(pty_bench.adapter.requests)
    pty_bench.adapter.answers["ATCAF1"] = answer
    for address in (body, engine, body):
        response = ask(link, "1902FF", address).response
        assert response.outcome is Outcome.WITHHELD
    assert pty_bench.adapter.requests == before


def test_one_noisy_refusal_does_not_count_for_ever(pty_bench, ask, engine):
    link = pty_bench.connect()
    _listen(pty_bench, link)
    pty_bench.adapter.answers["ATCAF1"] = _REFUSED
    ask(link, "03", engine)
    del pty_bench.adapter.answers["ATCAF1"]
    pty_bench.adapter.commands.clear()
    pty_bench.adapter.answers["03"] = "7E80443010562\r\r>"
    assert ask(link, "03", engine).response.outcome is Outcome.POSITIVE
    commands = pty_bench.adapter.commands
    assert commands.index("ATCAF1") < commands.index("03")


def test_an_adapter_that_does_not_know_formatting_is_never_told_to_stop_it(pty_bench, ask, engine):
    pty_bench.adapter.answers["ATCAF1"] = _REFUSED
    pty_bench.adapter.answers["ATMA"] = "23D0005\r"
    pty_bench.adapter.on_interrupt = b"\r>"
    pty_bench.adapter.answers["03"] = "7E80443010562\r\r>"
    link = pty_bench.connect()
    with link.listen() as stream:
        assert stream.read(2.0) is not None
    assert ask(link, "03", engine).response.outcome is Outcome.POSITIVE
    assert "ATCAF0" not in pty_bench.adapter.commands


def test_a_check_asks_nobody_when_raw_frames_were_tried_and_stayed(pty_bench):
    def refuse_from_now_on() -> None:
        pty_bench.adapter.answers["ATCAF1"] = _REFUSED

    pty_bench.adapter.on_command["ATCAF0"] = refuse_from_now_on
    check = check_adapter(pty_bench.url, LinkOptions())
    assert pty_bench.adapter.requests == []
    assert check.verdict is CheckVerdict.POOR


def test_formatting_stays_confirmed_over_many_requests(pty_bench, ask, engine):
    link = pty_bench.connect()
    _listen(pty_bench, link)
    ask(link, "03", engine)
    pty_bench.adapter.commands.clear()
    ask(link, "03", ModuleAddress(0x7E0, 0x7E8))
    assert pty_bench.adapter.commands == ["03"]
