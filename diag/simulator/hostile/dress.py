"""Change an adapter's finished reply the way real adapters and bad wires do; pure, by name."""

from __future__ import annotations

import re
from collections.abc import Callable

from diag.simulator.elm327 import Piece

_LATE_S = 0.08
_PROMPT = b">"
_GARBAGE = bytes.fromhex("8f13c2e90041b7fe05d1")
_IDENTITY = b"ELM327 v1.5"

Rewrite = Callable[[bytes], bytes]


def _body(reply: bytes) -> bytes:
    return reply.removesuffix(_PROMPT).rstrip(b"\r\n")


def _each_line(change: Callable[[bytes], bytes]) -> Rewrite:
    """Change every line that holds something, and nothing else."""
    return lambda reply: re.sub(rb"[^\r\n>]+", lambda match: change(match[0]), reply)


def _half(reply: bytes) -> bytes:
    body = _body(reply)
    return body[: len(body) * 2 // 3]


_REWRITES: dict[str, Rewrite] = {
    "lower-case": bytes.lower,
    "blank-lines": lambda reply: b"\r\r" + reply.replace(b"\r", b"\r\r"),
    "cr-lf": lambda reply: reply.replace(b"\r", b"\r\n"),
    "lf-only": lambda reply: reply.replace(b"\r\n", b"\r").replace(b"\r", b"\n"),
    "leading-nul": lambda reply: b"\0\0" + reply,
    "nul-between": lambda reply: reply.replace(b"\r", b"\0\r\0"),
    "glued-prompt": lambda reply: _body(reply) + _PROMPT,
    "prompt-space": lambda reply: reply.removesuffix(_PROMPT) + b"> ",
    "trailing-spaces": _each_line(lambda line: line + b"   "),
    "leading-spaces": _each_line(lambda line: b" " + line),
    "rx-error": _each_line(lambda line: line + b"<RX ERROR"),
    "data-error": _each_line(lambda line: line + b"<DATA ERROR"),
    "silence": lambda _reply: b"",
    "half": _half,
    "garbage": lambda _reply: _GARBAGE + b"\r\r>",
    "garbage-no-prompt": lambda _reply: _GARBAGE,
    "only-prompt": lambda _reply: _PROMPT,
    "lost-digit": _each_line(lambda line: line.rstrip()[:-1]),
    "reset": lambda _reply: b"\r\r" + _IDENTITY + b"\r\r>",
    "reset-after-half": lambda reply: _half(reply) + b"\r\r" + _IDENTITY + b"\r\r>",
}


def _whole(reply: bytes) -> tuple[Piece, ...]:
    return (Piece(reply),) if reply else ()


def _by_byte(reply: bytes) -> tuple[Piece, ...]:
    return tuple(Piece(bytes((byte,))) for byte in reply)


def _in_two(reply: bytes) -> tuple[Piece, ...]:
    middle = len(reply) // 2
    return Piece(reply[:middle]), Piece(reply[middle:], _LATE_S)


def _late_prompt(reply: bytes) -> tuple[Piece, ...]:
    return Piece(reply.removesuffix(_PROMPT)), Piece(_PROMPT, _LATE_S)


_SPLITS: dict[str, Callable[[bytes], tuple[Piece, ...]]] = {
    "byte-by-byte": _by_byte,
    "in-two": _in_two,
    "late-prompt": _late_prompt,
}

DRESSES = frozenset(_REWRITES) | frozenset(_SPLITS)


def dressed(names: tuple[str, ...], reply: bytes) -> tuple[Piece, ...]:
    """Return the writes that leave the adapter: rewrites in their order, then one way of splitting."""
    for name in names:
        if name in _REWRITES:
            reply = _REWRITES[name](reply)
    for name in names:
        if name in _SPLITS:
            return _SPLITS[name](reply)
    return _whole(reply)
