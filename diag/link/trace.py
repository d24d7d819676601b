"""Keep every byte that a link sent, received or withheld, with secrets of the immobiliser struck out."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from diag.link.permit import is_immobiliser_secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from diag.model import Address


class TraceKind(StrEnum):
    """What happened to the bytes."""

    SENT = "sent"
    RECEIVED = "received"
    WITHHELD = "withheld"
    ADAPTER_SENT = "adapter-sent"
    ADAPTER_RECEIVED = "adapter-received"


@dataclass(frozen=True, slots=True)
class TraceEntry:
    """One row: `data` is hex for diagnostic bytes and the adapter's own text for adapter rows."""

    time: datetime
    kind: TraceKind
    address: str
    data: str
    note: str = ""

    def as_json(self) -> str:
        """Return the row as one JSON line."""
        row = {"time": self.time.isoformat(), "kind": self.kind, "address": self.address, "data": self.data}
        return json.dumps(row | ({"note": self.note} if self.note else {}), ensure_ascii=False)


class Trace:
    """The rows of one link: the last `capacity` in memory, each also handed to `sink` if there is one."""

    def __init__(self, capacity: int = 20_000, sink: Callable[[TraceEntry], None] | None = None) -> None:
        self._rows: deque[TraceEntry] = deque(maxlen=capacity)
        self._sink = sink
        self._lock = threading.Lock()

    def add(
        self, time: datetime, kind: TraceKind, address: Address | int | None, data: bytes, note: str = ""
    ) -> None:
        """Record diagnostic bytes; an immobiliser secret is replaced before it is kept."""
        shown = "(withheld: immobiliser)" if is_immobiliser_secret(data) else data.hex(" ").upper()
        name = f"{address:03X}" if isinstance(address, int) else str(address or "")
        self._keep(TraceEntry(time, kind, name, shown, note))

    def add_text(self, time: datetime, kind: TraceKind, text: str) -> None:
        """Record what was said to or by the adapter, in its own words."""
        self._keep(TraceEntry(time, kind, "", text))

    def _keep(self, entry: TraceEntry) -> None:
        with self._lock:
            self._rows.append(entry)
        if self._sink is not None:
            self._sink(entry)

    def entries(self) -> tuple[TraceEntry, ...]:
        """Return the rows kept, oldest first."""
        with self._lock:
            return tuple(self._rows)
