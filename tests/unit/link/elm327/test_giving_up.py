"""Connecting is given up within 2 s, wherever it stands."""

from __future__ import annotations

import threading
import time

import pytest

from diag.link.checking import check_adapter
from diag.link.options import LinkOptions

#: Commands that the adapter falls silent at, each a stage of connecting.
SILENT_AT = ["ATZ", "ATE0", "ATH1", "ATCRA7E8", "ATRV", "0100"]


class _Stopped(Exception):
    pass


class _Impatience:
    """Somebody who wants to leave as soon as the adapter has been given a command."""

    def __init__(self, adapter, command: str) -> None:
        self.asked_at_s: float | None = None
        self._wanted = threading.Event()
        adapter.answers[command] = None
        adapter.on_command[command] = self._leave

    def _leave(self) -> None:
        if self.asked_at_s is None:
            self.asked_at_s = time.monotonic()
            self._wanted.set()

    def check_stopped(self) -> None:
        if self._wanted.is_set():
            raise _Stopped


@pytest.mark.parametrize("command", SILENT_AT)
def test_giving_up_while_connecting_takes_less_than_two_seconds(pty_bench, command):
    person = _Impatience(pty_bench.adapter, command)
    with pytest.raises(_Stopped):
        pty_bench.connect(LinkOptions(check_stopped=person.check_stopped))
    assert person.asked_at_s is not None
    assert time.monotonic() - person.asked_at_s < 2.0


def test_a_search_for_another_protocol_is_given_up(pty_bench):
    pty_bench.adapter.answers["0100"] = "CAN ERROR\r\r>"
    person = _Impatience(pty_bench.adapter, "ATSP0")
    with pytest.raises(_Stopped):
        pty_bench.connect(LinkOptions(check_stopped=person.check_stopped))
    assert time.monotonic() - person.asked_at_s < 2.0


@pytest.mark.parametrize("command", ["ATZ", "ATI", "0100"])
def test_giving_up_a_check_takes_less_than_two_seconds(pty_bench, command):
    person = _Impatience(pty_bench.adapter, command)
    with pytest.raises(_Stopped):
        check_adapter(pty_bench.url, LinkOptions(check_stopped=person.check_stopped))
    assert time.monotonic() - person.asked_at_s < 2.0


def test_an_open_link_asks_nobody_whether_to_stop(pty_bench, ask, engine):
    stopped = threading.Event()

    def check_stopped() -> None:
        if stopped.is_set():
            raise _Stopped

    link = pty_bench.connect(LinkOptions(check_stopped=check_stopped))
    stopped.set()
    assert ask(link, "03", engine).response.reason is not None
    assert link.lost is None
