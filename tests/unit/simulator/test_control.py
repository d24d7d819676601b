"""What a wrong command to the control port is answered with."""

import pytest

from diag.simulator.control import ControlCommand, read_command


@pytest.mark.parametrize("command", [{}, {"colour": 1}, {"ignition": "off"}, {"supply_v": 99}])
def test_a_wrong_command_is_told_every_field_there_is(command):
    with pytest.raises(ValueError, match="known: ") as caught:
        read_command(command, ("ECM",))
    known = str(caught.value).partition("known: ")[2]
    for field in ControlCommand.__struct_fields__:
        assert field in known
