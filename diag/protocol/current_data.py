"""Cut answers to the value services 01 and 02 into values, each as long as its PID asks for (SAE J1979)."""

from __future__ import annotations

from diag.protocol.padding import is_padding
from diag.protocol.pid_lengths import pid_lengths

_LONGEST_REQUEST = 6


def asked_items(request: bytes) -> tuple[bytes, ...]:
    """Return what the answer must echo before each value: the PID, in service 02 with its frame number."""
    if request[0] == 0x01:
        return tuple(bytes((pid,)) for pid in request[1 : 1 + _LONGEST_REQUEST])
    pairs = (
        request[1 : 1 + _LONGEST_REQUEST] if len(request) > 2 else request[1:] + b"\x00" * (len(request) - 1)
    )
    return tuple(pairs[start : start + 2] for start in range(0, len(pairs) - 1, 2))


def split_items(request: bytes, answer: bytes) -> tuple[tuple[int, bytes], ...] | None:
    """Cut an answer to service 01 or 02 into (PID, data); None where no cut accounts for every byte.

    A module may leave out values that it does not know, so the answer may hold fewer than were asked for.
    """
    items = asked_items(request)
    found = _split(frozenset(items), answer[1:]) if items else None
    return tuple(found) if found else None


def _split(open_items: frozenset[bytes], rest: bytes) -> list[tuple[int, bytes]] | None:
    for item in (item for item in open_items if rest.startswith(item)):
        body = rest[len(item) :]
        for length in pid_lengths(item[0]) or _unknown_lengths(open_items, body):
            if not 0 < length <= len(body):
                continue
            following = _split(open_items - {item}, body[length:])
            if following is not None:
                return [(item[0], body[:length]), *following]
    return [] if is_padding(rest) else None


def _unknown_lengths(open_items: frozenset[bytes], body: bytes) -> tuple[int, ...]:
    """A PID of unknown length can be cut only when it was asked for alone."""
    return (len(body),) if len(open_items) == 1 else ()
