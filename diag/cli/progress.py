"""Show on the error output how far the work is: one line on a terminal, elsewhere nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from diag.cli.common import settings_of
from diag.i18n import Message

if TYPE_CHECKING:
    from rich.progress import Progress as Line
    from rich.progress import TaskID

_BAR_WIDTH = 24


class Progress:
    """How far the work is. This one shows nothing, for pipes and for who asked to be left in quiet."""

    def step(self, sentence: Message) -> None:
        """Say what is being done now."""

    def expect(self, pieces: int) -> None:
        """Say how many pieces of work there are, once that is known."""

    def advance(self) -> None:
        """Say that one piece is done."""


class _LineOnTerminal(Progress):
    """A bar and the sentence of the moment, in one line."""

    def __init__(self, line: Line, task: TaskID) -> None:
        self._line = line
        self._task = task

    def step(self, sentence: Message) -> None:
        self._line.update(self._task, description=str(sentence))

    def expect(self, pieces: int) -> None:
        self._line.update(self._task, total=pieces)

    def advance(self) -> None:
        self._line.advance(self._task)


@contextmanager
def shown_progress(arguments: argparse.Namespace) -> Iterator[Progress]:
    """Show the progress of the work done inside where the error output is a terminal, unless `--quiet`."""
    if arguments.quiet or not sys.stderr.isatty():
        yield Progress()
        return
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Line

    sign = SpinnerColumn("line") if settings_of(arguments).ascii else BarColumn(_BAR_WIDTH)
    words = TextColumn("{task.description}", markup=False)
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    with Line(
        sign, words, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as line:
        yield _LineOnTerminal(line, line.add_task("", total=None))
