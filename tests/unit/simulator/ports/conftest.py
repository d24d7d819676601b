"""A device that answers with what it was told, and a way to read until something has come."""

from __future__ import annotations

import pytest


class Echo:
    """Answers each write with the same bytes; `asked` and `closed` tell what happened to it."""

    made: list[Echo]

    def __init__(self, output) -> None:
        self.output = output
        self.asked = b""
        self.closed = 0

    def feed(self, data: bytes) -> None:
        self.asked += data
        self.output(data)

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def echoes():
    """The echo devices made so far; call it to make one."""

    class Echoes(list):
        def __call__(self, output):
            self.append(Echo(output))
            return self[-1]

    return Echoes()
