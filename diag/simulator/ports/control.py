"""Turn the key and drop the supply from outside: one JSON command a line, each answered by a line."""

from __future__ import annotations

import json
from typing import Any, Protocol

from diag.simulator.ports.device import Output

_LONGEST_LINE = 4096


class Controllable(Protocol):
    """What can be controlled: a car."""

    def control(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out one command and return the state, or `{"error": "..."}`."""
        ...


class ControlDevice:
    """The control of one car for one client."""

    def __init__(self, car: Controllable, output: Output) -> None:
        self._car = car
        self._output = output
        self._line = bytearray()

    def feed(self, data: bytes) -> None:
        """Take bytes; each whole line is a command."""
        *lines, rest = (bytes(self._line) + data).split(b"\n")
        for line in lines:
            if line.strip():
                self._output(json.dumps(self._answer(line), ensure_ascii=False).encode() + b"\n")
        self._line = bytearray(rest[-_LONGEST_LINE:])

    def close(self) -> None:
        """Do nothing: the car stays as it was left."""

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            command = json.loads(line)
        except ValueError:
            return {"error": "not a JSON object on one line"}
        return self._car.control(command) if isinstance(command, dict) else {"error": "not a JSON object"}
