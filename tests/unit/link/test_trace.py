"""The trace keeps every byte, in order, and no secret."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from diag.link.trace import Trace, TraceEntry, TraceKind
from diag.model import FunctionalAddress, ModuleAddress

NOW = datetime(2026, 1, 1, 10, 15, tzinfo=UTC)
ENGINE = ModuleAddress(0x7E0, 0x7E8)


def test_rows_are_kept_in_order_with_address_and_note() -> None:
    trace = Trace()
    trace.add(NOW, TraceKind.SENT, ENGINE, b"\x03")
    trace.add(NOW, TraceKind.RECEIVED, 0x7E8, b"\x43\x00")
    trace.add(NOW, TraceKind.WITHHELD, FunctionalAddress(), b"\x04", "read-only")
    trace.add(NOW, TraceKind.RECEIVED, None, b"\x41\x00")
    trace.add_text(NOW, TraceKind.ADAPTER_SENT, "ATZ")
    assert [(entry.kind, entry.address, entry.data, entry.note) for entry in trace.entries()] == [
        (TraceKind.SENT, "7E0/7E8", "03", ""),
        (TraceKind.RECEIVED, "7E8", "43 00", ""),
        (TraceKind.WITHHELD, "7DF", "04", "read-only"),
        (TraceKind.RECEIVED, "", "41 00", ""),
        (TraceKind.ADAPTER_SENT, "", "ATZ", ""),
    ]


@given(st.sampled_from([0x21, 0x61]), st.sampled_from([0x21, 0x83]), st.binary(min_size=3, max_size=20))
def test_immobiliser_data_is_struck_out(service: int, page: int, secret: bytes) -> None:
    trace = Trace()
    trace.add(NOW, TraceKind.RECEIVED, 0x765, bytes((service, page)) + secret)
    (entry,) = trace.entries()
    assert entry.data == "(withheld: immobiliser)"
    assert secret.hex(" ").upper() not in entry.as_json()


def test_only_the_last_rows_stay_and_the_sink_gets_all() -> None:
    kept: list[TraceEntry] = []
    trace = Trace(capacity=2, sink=kept.append)
    for service in (1, 3, 7):
        trace.add(NOW, TraceKind.SENT, ENGINE, bytes((service,)))
    assert [entry.data for entry in trace.entries()] == ["03", "07"]
    assert [entry.data for entry in kept] == ["01", "03", "07"]


def test_a_row_is_one_json_line() -> None:
    row = TraceEntry(NOW, TraceKind.WITHHELD, "7E0/7E8", "04", "nur lesen: нет")
    assert json.loads(row.as_json()) == {
        "time": "2026-01-01T10:15:00+00:00",
        "kind": "withheld",
        "address": "7E0/7E8",
        "data": "04",
        "note": "nur lesen: нет",
    }
    assert "\n" not in row.as_json()
    assert "note" not in json.loads(TraceEntry(NOW, TraceKind.SENT, "", "03").as_json())
