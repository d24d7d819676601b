import json

import pytest

from diag.simulator.ports.control import ControlDevice


class Switch:
    def __init__(self) -> None:
        self.commands: list[dict] = []

    def control(self, command):
        self.commands.append(command)
        return {"ignition": "ACC"}


@pytest.fixture
def control():
    told: list[bytes] = []
    switch = Switch()
    return ControlDevice(switch, told.append), switch, told


def test_each_line_is_a_command_and_is_answered_by_a_line(control):
    device, switch, told = control
    device.feed(b'{"ignition": "ACC"}\n{"state": true}\n')
    assert switch.commands == [{"ignition": "ACC"}, {"state": True}]
    assert told == [b'{"ignition": "ACC"}\n'] * 2


def test_a_line_may_come_in_pieces(control):
    device, switch, told = control
    device.feed(b'{"ignition":')
    assert told == []
    device.feed(b' "ACC"}\r\n')
    assert switch.commands == [{"ignition": "ACC"}]


@pytest.mark.parametrize("line", [b"ignition ACC\n", b"[1]\n", b"3\n", b"\xff\xfe\n"])
def test_what_is_no_object_is_an_error(control, line):
    device, switch, told = control
    device.feed(line)
    assert switch.commands == []
    assert set(json.loads(told[0])) == {"error"}


def test_empty_lines_are_passed_over(control):
    device, _, told = control
    device.feed(b"\n \n")
    assert told == []
