"""Measure the speeds that a technician feels, as ratios and side by side, with equal results asserted.

    .venv/bin/python tests/bench/speed.py

Prints one row a figure. Nothing here is a test: a slow machine fails nobody.
"""

from __future__ import annotations

import json
import os
import pty
import select
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TERRANO = str(Path(sys.executable).with_name("terrano"))
LATENCY_MS = 30
ROUNDS = 9
KEYS = 60


def seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def quiet(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def help_against_a_bare_interpreter() -> str:
    """`terrano --help` and an interpreter that does nothing, in turn."""
    pairs = [
        (seconds(lambda: quiet(TERRANO, "--help")), seconds(lambda: quiet(sys.executable, "-c", "pass")))
        for _ in range(ROUNDS)
    ]
    ratio = statistics.median(ours / bare for ours, bare in pairs)
    ours, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    return f"{ratio:.1f} x a bare interpreter ({ours * 1000:.0f} ms against {bare * 1000:.0f} ms); target 4"


@contextmanager
def simulated_car() -> Iterator[str]:
    """A car behind a TCP adapter whose every answer takes `LATENCY_MS`; yields the link URL."""
    command = [TERRANO, "simulate", "--scenario", "clarion-code", "--elm327", "tcp", "--control", "tcp"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        announced = json.loads(process.stdout.readline())
        host, port = announced["control"].rsplit(":", 1)
        with socket.create_connection((host, int(port))) as control, control.makefile("rw") as lines:
            lines.write(json.dumps({"latency_ms": LATENCY_MS}) + "\n")
            lines.flush()
            lines.readline()
            yield announced["links"]["elm327"][0]
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def scan_document(link: str) -> dict[str, object]:
    done = subprocess.run(
        [TERRANO, "--quiet", "scan", "--link", link, "--json"], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def verdicts(document: dict[str, object]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {
        module["name"]: (module["verdict"], tuple(code["code"] for code in module["fault_codes"]))
        for module in document["modules"]
    }


def scan_at_30_ms() -> str:
    """A whole `terrano scan` through the slow adapter; it finds what the fast one in process finds."""
    expected = verdicts(scan_document("sim:clarion-code"))
    with simulated_car() as link:
        times = []
        for _ in range(3):
            started = time.perf_counter()
            found = verdicts(scan_document(link))
            times.append(time.perf_counter() - started)
            assert found == expected, found
    return f"{statistics.median(times):.1f} s for {len(expected)} modules, process included; target 10"


class Screen:
    """The screens on a pseudo-terminal of 80x24, seen from outside."""

    def __init__(self, *command: str) -> None:
        self.parent, child = pty.openpty()
        environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
        self.process = subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=environment)
        os.close(child)
        self.seen = b""

    def press(self, key: bytes) -> None:
        while select.select([self.parent], [], [], 0)[0]:
            os.read(self.parent, 65536)
        self.seen = b""
        os.write(self.parent, key)

    def wait_for(self, wanted: bytes, timeout_s: float = 20.0) -> float:
        """Return the seconds until `wanted` was painted."""
        started = time.perf_counter()
        while wanted not in self.seen:
            left_s = timeout_s - (time.perf_counter() - started)
            assert left_s > 0, self.seen[-2000:]
            if select.select([self.parent], [], [], left_s)[0]:
                self.seen += os.read(self.parent, 65536)
        return time.perf_counter() - started

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        os.close(self.parent)


#: The least that Textual can do: one line of text.
ONE_LINE = """
from textual.app import App
from textual.widgets import Static
class OneLine(App):
    def compose(self):
        yield Static("What to do next")
OneLine().run()
"""


def painted_after(*command: str) -> float:
    """Return the seconds from the start of a process to its first line of text."""
    started = time.perf_counter()
    screen = Screen(*command)
    screen.wait_for(b"What to do next")
    painted_s = time.perf_counter() - started
    screen.end()
    return painted_s


def first_paint() -> str:
    """The start screen and a Textual app of one line, in turn."""
    pairs = [
        (painted_after(TERRANO, "demo"), painted_after(sys.executable, "-c", ONE_LINE)) for _ in range(ROUNDS)
    ]
    ours, least = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / other for mine, other in pairs)
    return f"{ours:.0f} ms; target 500; {ratio:.1f} x a Textual app of one line ({least:.0f} ms)"


def key_echo_during_a_scan() -> str:
    """From pressing an arrow key, while a scan runs, to the other module's full name under the list."""
    times: list[float] = []
    with simulated_car() as link:
        screen = Screen(TERRANO, "tui", "--link", link)
        screen.wait_for(b"What to do next")
        screen.press(b"\x1b[12~")
        screen.wait_for(b"Asking Engine")
        screen.press(b"\x1b[B")
        screen.wait_for(b"Automatic gearbox")
        for turn in range(KEYS):
            down = turn % 2 == 0
            screen.press(b"\x1b[B" if down else b"\x1b[A")
            times.append(screen.wait_for(b"Brakes, ABS and stab" if down else b"Automatic gearbox"))
            time.sleep(0.03)
        screen.end()
    times.sort()
    p95 = times[int(len(times) * 0.95) - 1]
    median = statistics.median(times)
    return f"{median * 1000:.0f} ms median, {p95 * 1000:.0f} ms p95 of {KEYS} keys; target 50"


FIGURES: dict[str, Callable[[], str]] = {
    "help": help_against_a_bare_interpreter,
    "first paint": first_paint,
    "scan at 30 ms": scan_at_30_ms,
    "key echo during a scan": key_echo_during_a_scan,
}


def main() -> None:
    wanted = sys.argv[1:] or list(FIGURES)
    for name in wanted:
        print(f"{name:24}{FIGURES[name]()}", flush=True)


if __name__ == "__main__":
    main()
