"""The screens in a real terminal: they paint, they leave, and nothing heavy loads before the first paint."""

import os
import pty
import select
import subprocess
import sys
import time

_PROGRAM = """
from diag.clock import SystemClock
from tui.app import run_app
import sys
sys.exit(run_app(None, ascii_only=False, profile=None, clock=SystemClock(), language="en"))
"""


def test_it_paints_and_leaves_with_exit_code_zero(tmp_path):
    parent, child = pty.openpty()
    environment = os.environ | {
        "TERM": "xterm-256color",
        "COLUMNS": "80",
        "LINES": "24",
        "HOME": str(tmp_path),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM], stdin=child, stdout=child, stderr=child, env=environment
    )
    os.close(child)
    try:
        _read_until(parent, b"then F2")
        os.write(parent, b"q")
        _drain(parent)
        assert process.wait(timeout=10) == 0
    finally:
        process.kill()
        process.wait()
        os.close(parent)


def test_nothing_heavy_loads_before_the_first_paint():
    heavy = "can isotp obd cantools udsoncan numpy serial"
    code = f"import tui.app, sys; print([name for name in '{heavy}'.split() if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found.strip() == "[]"


def _read_until(descriptor, wanted):
    seen = b""
    last = time.monotonic() + 20
    while wanted not in seen:
        assert time.monotonic() < last, seen[-500:]
        if select.select([descriptor], [], [], 0.2)[0]:
            seen += os.read(descriptor, 65536)


def _drain(descriptor):
    """Read until the program closed its end, so that it never blocks on a full terminal."""
    while True:
        try:
            if not os.read(descriptor, 65536):
                return
        except OSError:
            return
