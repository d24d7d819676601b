"""List the capture formats that are read, each recognised by its content; a new one is a row of FORMATS."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from diag.capture.candump import looks_like_candump, read_candump
from diag.capture.capture import FramesRead
from diag.capture.vector import looks_like_asc, looks_like_blf, read_asc, read_blf


@dataclass(frozen=True, slots=True)
class CaptureFormat:
    """A file format: how its first bytes look, and how a whole file of it is read.

    `relative` says that its times always count from the start of the recording.
    """

    name: str
    looks_like: Callable[[bytes], bool]
    read: Callable[[bytes], FramesRead]
    relative: bool = False


def _text(content: bytes) -> str:
    return content.decode("latin-1")


def _from_lines(read: Callable[[Iterable[str]], FramesRead]) -> Callable[[bytes], FramesRead]:
    """Let a reader of lines (with their line ends, of any system) read a file's content."""
    return lambda content: read(io.StringIO(_text(content), newline=None))


#: In the order of asking: what only one format can begin with comes first.
FORMATS = (
    CaptureFormat("blf", looks_like_blf, read_blf),
    CaptureFormat(
        "candump", lambda beginning: looks_like_candump(_text(beginning)), _from_lines(read_candump)
    ),
    CaptureFormat(
        "asc", lambda beginning: looks_like_asc(_text(beginning)), _from_lines(read_asc), relative=True
    ),
)
