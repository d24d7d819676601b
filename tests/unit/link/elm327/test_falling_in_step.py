"""A prompt that comes too late is never taken for the answer to a later command."""

from __future__ import annotations

import os
import pty
import threading
import time
import tty
from collections.abc import Iterator

import pytest

from diag.link.base import Outcome
from diag.model import ModuleAddress

_GEARBOX = ModuleAddress(0x7E1, 0x7E9)


class _SlowLine:
    """Writes that arrive `delay_s` later, in their order, as over a slow radio."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._due: list[tuple[float, bytes]] = []
        self._changed = threading.Condition()
        self._open = True
        self.delay_s = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def write(self, data: bytes, extra_s: float = 0.0) -> None:
        with self._changed:
            self._due.append((time.monotonic() + self.delay_s + extra_s, data))
            self._due.sort(key=lambda item: item[0])
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._open = False
            self._changed.notify()
        self._thread.join(2.0)

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._open:
                    return
                if not self._due:
                    self._changed.wait(1.0)
                    continue
                left_s = self._due[0][0] - time.monotonic()
                if left_s > 0:
                    self._changed.wait(left_s)
                    continue
                _, data = self._due.pop(0)
            os.write(self._file, data)


@pytest.fixture
def slow_line() -> Iterator[tuple[_SlowLine, int, str]]:
    near, far = pty.openpty()
    tty.setraw(far)
    line = _SlowLine(near)
    yield line, near, os.ttyname(far)
    line.close()
    os.close(near)
    os.close(far)


@pytest.mark.parametrize("stale", ["?", "OK"])
def test_nothing_is_sent_to_an_address_that_was_refused_after_a_late_prompt(
    slow_line, bench_on, ask, engine, stale
):
    line, near, path = slow_line
    bench = bench_on(near, line.write, path)
    adapter = bench.adapter
    adapter.answers.update({"ATCRA7E8": "?\r\r>", "ATCRA": "?\r\r>", "AT": f"{stale}\r\r>"})
    link = bench.connect()
    ask(link, "03", engine)
    line.delay_s = 0.2
    adapter.answers["03"] = None
    adapter.on_command["03"] = lambda: line.write(b"NO DATA\r\r>", 1.3)
    ask(link, "03", engine)
    adapter.answers["ATSH7E1"] = "?\r\r>"
    for _ in range(2):
        assert ask(link, "07", _GEARBOX).response.outcome is Outcome.WITHHELD
    assert "07" not in adapter.requests


def test_the_late_ok_of_one_setting_confirms_no_other(pty_bench, ask):
    adapter = pty_bench.adapter
    adapter.answers.update({"ATCRA7E8": "?\r\r>", "ATCRA": "?\r\r>"})
    link = pty_bench.connect()
    adapter.answers["ATSH7E1"] = "?\r\r>"
    adapter.answers.update({f"ATST{steps:02X}": [(0.9, b"OK\r\r>")] for steps in range(256)})
    for deadline_s in (0.6, 0.7):
        assert ask(link, "07", _GEARBOX, deadline_s).response.outcome is Outcome.WITHHELD
    assert "07" not in adapter.requests


@pytest.mark.parametrize("answer", ["\r>", "OK\r\r>", "?\r\r>"])
def test_the_answer_of_a_command_to_a_request_may_be_one_of_several_late_ones(pty_bench, ask, engine, answer):
    pty_bench.adapter.answers["03"] = answer
    link = pty_bench.connect()
    assert ask(link, "03", engine).response.payload == b""
    pty_bench.adapter.answers["03"] = "7E80443010562\r\r>"
    assert ask(link, "03", engine).response.outcome is Outcome.POSITIVE
    between = pty_bench.adapter.commands[pty_bench.adapter.commands.index("03") + 1 : -1]
    assert "ATSH7E0" in between[between.index("AT@1") :]


def test_after_a_late_prompt_the_next_request_is_read_again(slow_line, bench_on, ask, engine):
    line, near, path = slow_line
    bench = bench_on(near, line.write, path)
    link = bench.connect()
    line.delay_s = 0.05
    bench.adapter.answers["03"] = None
    bench.adapter.on_command["03"] = lambda: line.write(b"NO DATA\r\r>", 1.0)
    ask(link, "03", engine)
    bench.adapter.on_command.clear()
    bench.adapter.answers["03"] = "7E80443010562\r\r>"
    outcomes = [ask(link, "03", engine, deadline_s=1.0).response.outcome for _ in range(3)]
    assert outcomes[-1] is Outcome.POSITIVE
    assert set(outcomes) <= {Outcome.POSITIVE, Outcome.WITHHELD}


def test_a_slow_adapter_that_restarted_is_set_up_over_more_than_one_request(slow_line, bench_on, ask, engine):
    line, near, path = slow_line
    bench = bench_on(near, line.write, path)
    link = bench.connect()
    bench.adapter.answers["03"] = "LV RESET\r\r>"
    ask(link, "03", engine)
    bench.adapter.answers["03"] = "7E80443010562\r\r>"
    line.delay_s = 0.15
    outcomes = [ask(link, "03", engine).response.outcome for _ in range(2)]
    assert outcomes == [Outcome.WITHHELD, Outcome.POSITIVE]
