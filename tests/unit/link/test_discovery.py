"""Which adapters are found, under which link URL, and what is said where the system refuses one."""

from __future__ import annotations

import os
from types import SimpleNamespace

import pytest

from diag.link.discovery import AdapterKind, adapters_here, can_adapters, serial_adapters
from diag.link.url import parse_link_url


def _port(device, vid=None, pid=None, description="n/a"):
    return SimpleNamespace(device=device, vid=vid, pid=pid, description=description)


@pytest.mark.parametrize(
    ("port", "url", "kind"),
    [
        (_port("COM5", 0x1A86, 0x7523), "elm327:COM5", AdapterKind.ELM327),
        (_port("COM6", 0x0403, 0x6001, "USB Serial Port"), "elm327:COM6", AdapterKind.ELM327),
        (_port("COM7", 0xAD50, 0x60C4), "can:slcan:COM7?bitrate=500000", AdapterKind.SLCAN),
        (_port("COM8", description="OBDII over Bluetooth"), "elm327:COM8", AdapterKind.ELM327),
        (_port("COM1"), "elm327:COM1", AdapterKind.UNKNOWN),
    ],
)
def test_a_port_is_offered_with_the_link_to_use(port, url, kind):
    (found,) = serial_adapters([port])
    assert (found.url, found.kind, found.usable) == (url, kind, True)
    assert found.name
    parse_link_url(found.url)


def test_a_usb_id_is_shown_as_lsusb_writes_it():
    (found,) = serial_adapters([_port("COM5", 0x1A86, 0x7523)])
    assert found.usb_id == "1A86:7523"


def test_a_port_the_system_refuses_comes_with_the_command_that_helps():
    (found,) = serial_adapters([_port("/dev/ttyNotThere", 0x1A86, 0x7523)])
    assert not found.usable
    assert "usermod -aG dialout" in str(found.advice)


def test_can_hardware_is_offered_and_buses_without_hardware_are_not():
    found = can_adapters(
        [
            {"interface": "socketcan", "channel": "can0"},
            {"interface": "pcan", "channel": "PCAN_USBBUS1"},
            {"interface": "virtual", "channel": "channel-1"},
            {"interface": "udp_multicast", "channel": "239.74.163.2"},
            {"interface": "serial", "channel": "/dev/ttyS0"},
            {"interface": "kvaser", "channel": None},
        ]
    )
    assert [adapter.url for adapter in found] == ["can:socketcan:can0", "can:pcan:PCAN_USBBUS1"]


def test_looking_around_this_machine_puts_likely_adapters_first(caplog):
    found = adapters_here()
    unknown = [adapter.kind is AdapterKind.UNKNOWN for adapter in found]
    assert unknown == sorted(unknown)
    assert not caplog.records
    assert all(adapter.usable or adapter.advice for adapter in found)
    assert os.linesep not in "".join(adapter.url for adapter in found)
