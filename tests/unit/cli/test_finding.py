"""Finding adapters: what is offered, with which link URL, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass

from diag.cli.finding import serial_adapters, socketcan_adapters


@dataclass
class Port:
    device: str
    description: str = "FT232R USB UART"
    hwid: str = "USB VID:PID=0403:6001"
    vid: int | None = 0x0403
    pid: int | None = 0x6001


def test_a_usb_serial_port_is_tried_as_an_elm327():
    (adapter,) = serial_adapters([Port("/dev/ttyUSB0")], lambda _: True)
    assert (adapter.link, adapter.usable, adapter.advice) == ("elm327:/dev/ttyUSB0", True, None)


def test_a_known_can_adapter_on_a_serial_port_gets_its_own_link():
    (adapter,) = serial_adapters([Port("/dev/ttyACM0", vid=0x16D0, pid=0x117E)], lambda _: True)
    assert adapter.link == "can:slcan:/dev/ttyACM0?bitrate=500000"


def test_a_port_that_the_system_refuses_comes_with_the_way_out():
    (adapter,) = serial_adapters([Port("/dev/ttyUSB0")], lambda _: False)
    assert not adapter.usable
    assert "dialout" in str(adapter.advice)
    assert "/dev/ttyUSB0" in str(adapter.advice)


def test_built_in_ports_with_nothing_behind_them_are_left_out():
    assert serial_adapters([Port("/dev/ttyS0", hwid="n/a", vid=None, pid=None)], lambda _: True) == ()


def interface(folder, name, kind, flags):
    (folder / name).mkdir()
    (folder / name / "type").write_text(f"{kind}\n", encoding="ascii")
    (folder / name / "flags").write_text(f"{flags}\n", encoding="ascii")


def test_can_interfaces_of_the_kernel_are_found_up_or_down(tmp_path):
    interface(tmp_path, "can0", 280, "0x40081")
    interface(tmp_path, "can1", 280, "0x40080")
    interface(tmp_path, "eth0", 1, "0x1003")
    up, down = socketcan_adapters(tmp_path)
    assert (up.link, up.usable) == ("can:socketcan:can0", True)
    assert (down.link, down.usable) == ("can:socketcan:can1", False)
    assert "ip link set can1 up" in str(down.advice)


def test_a_system_without_such_interfaces_has_none(tmp_path):
    assert socketcan_adapters(tmp_path / "nowhere") == ()
