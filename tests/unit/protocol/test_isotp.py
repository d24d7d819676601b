"""Frames become whole messages or are called broken; a lost frame is never guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from diag.protocol.isotp import Assembler, PartKind

if TYPE_CHECKING:
    from pathlib import Path


def frames_of(payload: bytes, padding: int = 0xAA) -> list[bytes]:
    if len(payload) <= 7:
        return [bytes((len(payload),)) + payload]
    frames = [(0x1000 | len(payload)).to_bytes(2, "big") + payload[:6]]
    for number, start in enumerate(range(6, len(payload), 7), start=1):
        data = bytes((0x20 | number & 0xF,)) + payload[start : start + 7]
        frames.append(data.ljust(8, bytes((padding,))))
    return frames


def feed_hex(assembler: Assembler, *frames: str) -> list[PartKind]:
    return [assembler.feed(bytes.fromhex(frame)).kind for frame in frames]


@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=4))
def test_messages_come_out_as_they_went_in(payloads: list[bytes]) -> None:
    assembler = Assembler()
    whole = [
        part.payload
        for payload in payloads
        for part in map(assembler.feed, frames_of(payload))
        if part.kind is PartKind.COMPLETE
    ]
    assert whole == payloads
    assert assembler.close() is None


@given(st.binary(min_size=20, max_size=200), st.data())
def test_a_message_with_a_frame_missing_is_never_complete(payload: bytes, data: st.DataObject) -> None:
    frames = frames_of(payload)
    del frames[data.draw(st.integers(0, len(frames) - 1))]
    assembler = Assembler()
    parts = [assembler.feed(frame) for frame in frames]
    last = assembler.close()
    kinds = [part.kind for part in ([*parts, last] if last else parts)]
    assert PartKind.COMPLETE not in kinds
    assert kinds.count(PartKind.BROKEN) == 1


@given(st.lists(st.binary(max_size=10), max_size=20))
def test_no_bytes_at_all_raise(frames: list[bytes]) -> None:
    assembler = Assembler()
    for frame in frames:
        part = assembler.feed(frame)
        assert (part.kind is PartKind.COMPLETE) == bool(part.payload)
        assert (part.kind is PartKind.BROKEN) == (part.reason is not None)


def test_the_longest_message_wraps_its_frame_numbers() -> None:
    assembler = Assembler()
    payload = bytes(number % 256 for number in range(4095))
    assert [assembler.feed(frame) for frame in frames_of(payload)][-1].payload == payload


def test_flow_control_disturbs_nothing() -> None:
    assembler = Assembler()
    assert feed_hex(assembler, "10 08 01 02 03 04 05 06", "30 00 00", "21 07 08") == [
        PartKind.PROGRESS,
        PartKind.FLOW_CONTROL,
        PartKind.COMPLETE,
    ]


def test_an_ended_capture_leaves_the_message_broken() -> None:
    assembler = Assembler()
    assembler.feed(bytes.fromhex("10 0E 01 02 03 04 05 06"))
    assert assembler.is_unfinished
    part = assembler.close()
    assert part is not None
    assert part.kind is PartKind.BROKEN
    assert str(part.reason) == "the answer ended 8 bytes early"
    assert assembler.close() is None


def test_the_next_message_is_kept_and_the_cut_one_is_named() -> None:
    assembler = Assembler()
    assembler.feed(bytes.fromhex("10 0E 01 02 03 04 05 06"))
    part = assembler.feed(bytes.fromhex("02 43 00"))
    assert (part.kind, part.payload) == (PartKind.COMPLETE, b"\x43\x00")
    assert part.cut_before is not None
    assert assembler.feed(bytes.fromhex("02 43 00")).cut_before is None


def test_a_lost_beginning_is_reported_once() -> None:
    assembler = Assembler()
    assert feed_hex(assembler, "21 01 02 03 04 05 06 07", "22 01 02", "01 7E", "21 01") == [
        PartKind.BROKEN,
        PartKind.NONE,
        PartKind.COMPLETE,
        PartKind.BROKEN,
    ]


def test_a_repeated_frame_breaks_the_message() -> None:
    kinds = feed_hex(
        Assembler(), "10 14 01 02 03 04 05 06", "21" + "00" * 7, "21" + "00" * 7, "22" + "00" * 7
    )
    assert kinds == [PartKind.PROGRESS, PartKind.PROGRESS, PartKind.BROKEN, PartKind.NONE]


def test_frames_shorter_than_they_say_are_broken() -> None:
    for frame in ("03 43 00", "08 01 02 03 04 05 06 07", "10 0E 01", "10 05 01 02 03 04 05 06"):
        assert feed_hex(Assembler(), frame) == [PartKind.BROKEN]
    assert feed_hex(Assembler(), "10 0E 01 02 03 04 05 06", "21 01 02") == [
        PartKind.PROGRESS,
        PartKind.BROKEN,
    ]


def test_what_is_no_iso_tp_gives_nothing() -> None:
    assert feed_hex(Assembler(), "", "00 11 22", "40 00", "F1 02 03") == [PartKind.NONE] * 4


def test_a_real_vin_comes_out_whole(realdata: Path) -> None:
    assembler = Assembler()
    for line in (realdata / "derived" / "octavia_obd2_first600s.log").read_text().splitlines():
        name, _, data = line.split()[2].partition("#")
        if name == "7E8" and (part := assembler.feed(bytes.fromhex(data))).payload.startswith(b"\x49\x02"):
            break
    assert len(part.payload) == 20
    assert part.payload[3:].isalnum()
