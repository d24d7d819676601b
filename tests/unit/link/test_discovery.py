"""Finding adapters: what is offered, with which link URL, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass

from diag.link.discovery import find_adapters, serial_adapters, socketcan_adapters
from diag.link.url import parse_link_url


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
    parse_link_url(adapter.link)


def test_a_port_without_a_description_is_named_after_its_chip():
    (adapter,) = serial_adapters([Port("COM5", "n/a", vid=0x1A86, pid=0x7523)], lambda _: True)
    assert adapter.name == "WCH CH340"


def test_a_refused_port_of_another_system_may_be_in_use():
    (adapter,) = serial_adapters([Port("COM5")], lambda _: False)
    assert "other programs" in str(adapter.advice)


def test_a_port_that_the_system_refuses_comes_with_the_way_out():
    (adapter,) = serial_adapters([Port("/dev/ttyUSB0")], lambda _: False)
    assert not adapter.usable
    assert "dialout" in str(adapter.advice)


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


def test_looking_around_this_machine_raises_nothing_and_explains_what_is_unusable():
    assert all(adapter.usable or adapter.advice for adapter in find_adapters())
