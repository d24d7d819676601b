"""Know how many data bytes each PID and each information type carries (SAE J1979 appendix B and G)."""

from __future__ import annotations

#: Data bytes of services 01 and 02 by PID; two numbers where cars with more sensors send more.
_LENGTHS: dict[int, tuple[int, ...]] = {
    **dict.fromkeys((0x00, 0x20, 0x40, 0x60, 0x80, 0xA0, 0xC0, 0xE0, 0x01, 0x41), (4,)),
    **dict.fromkeys((0x02, 0x03), (2,)),
    **dict.fromkeys((0x04, 0x05, *range(0x0A, 0x0C), *range(0x0D, 0x10), 0x11, 0x12, 0x13), (1,)),
    **dict.fromkeys(range(0x06, 0x0A), (1, 2)),
    **dict.fromkeys((0x0C, 0x10, *range(0x14, 0x1C), 0x1F, 0x21, 0x22, 0x23), (2,)),
    **dict.fromkeys((0x1C, 0x1D, 0x1E, *range(0x2C, 0x31), 0x33), (1,)),
    **dict.fromkeys((*range(0x24, 0x2C), *range(0x34, 0x3C), 0x4F, 0x50), (4,)),
    **dict.fromkeys((0x31, 0x32, *range(0x3C, 0x40), *range(0x42, 0x45), 0x4D, 0x4E), (2,)),
    **dict.fromkeys((*range(0x45, 0x4D), 0x51, 0x52, 0x5A, 0x5B, 0x5C, 0x5F, 0x61, 0x62), (1,)),
    **dict.fromkeys((0x53, 0x54, 0x59, 0x5D, 0x5E, 0x63), (2,)),
    **dict.fromkeys(range(0x55, 0x59), (1, 2)),
    0xA6: (4,),
}

#: Data bytes of one item of service 09 by information type.
_ITEM_LENGTHS = {0x02: 17, 0x04: 16, 0x06: 4, 0x08: 2, 0x0A: 20, 0x0B: 2, 0x0D: 17}


def pid_lengths(pid: int) -> tuple[int, ...]:
    """Return the numbers of data bytes that a PID may have, smallest first; empty where it is not known."""
    return _LENGTHS.get(pid, ())


def information_item_length(information_type: int) -> int | None:
    """Return the bytes of one item of service 09, None where it is not known."""
    return _ITEM_LENGTHS.get(information_type)
