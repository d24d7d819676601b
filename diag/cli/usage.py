"""Parse the command line: a parser that speaks the language in force, and errors as sentences."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Collection
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

import diag
from diag.cli.commands import COMMANDS, load_command
from diag.errors import UsageError
from diag.i18n import LANGUAGES, Message, message, tr

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

#: What argparse says, as a pattern whose groups fill the sentence beside it.
_SENTENCES: tuple[tuple[str, Callable[..., Message]], ...] = (
    (
        r"argument COMMAND: invalid choice: '(.*)' \(choose.*",
        lambda name: message("Unknown command: {name}", name=name),
    ),
    (
        r"argument (.+): invalid choice: '(.*)' \(choose from (.*)\)",
        lambda name, value, choices: message(
            "{name} cannot be {value}; allowed: {choices}", name=name, value=value, choices=choices
        ),
    ),
    (r"unrecognized arguments: (.*)", lambda names: message("Not understood: {names}", names=names)),
    (
        r"the following arguments are required: (.*)",
        lambda names: message("Something is missing: {names}", names=names),
    ),
    (
        r"argument (.+): expected .*",
        lambda name: message("{name} needs a value.", name=name),
    ),
    (
        r"argument (.+): invalid \S+ value: '(.*)'",
        lambda name, value: message("{name}: {value} is not a valid value.", name=name, value=value),
    ),
)


@cache
def _width() -> int:
    """Return the columns of the terminal; argparse would load much more to find them."""
    try:
        columns = int(os.environ.get("COLUMNS") or 0) or os.get_terminal_size().columns
    except (ValueError, OSError):
        columns = 80
    return max(columns - 2, 40)


class _Formatter(argparse.HelpFormatter):
    """A help text as wide as the terminal."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width())


class Parser(argparse.ArgumentParser):
    """An argparse parser without abbreviations, whose errors are `UsageError`s."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=_Formatter, **options)
        self._positionals.title = tr("what")
        self._optionals.title = tr("options")

    def add_help_option(self) -> None:
        """Add `--help` in the language in force."""
        self.add_argument("-h", "--help", action="help", help=tr("show this help and end"))

    def _print_message(self, message: str, file: SupportsWrite[str] | None = None) -> None:
        """Write a text of argparse without hiding, as argparse does, that it could not be written."""
        (file or sys.stderr).write(message)
        sys.stdout.flush()

    def error(self, message_of_argparse: str) -> NoReturn:
        """Raise what is wrong as one sentence."""
        raise UsageError(_sentence(message_of_argparse), message("See: {program} --help", program=self.prog))


def _sentence(text: str) -> Message:
    for pattern, sentence in _SENTENCES:
        found = re.fullmatch(pattern, text)
        if found:
            return sentence(*found.groups())
    return message("The command line is wrong: {detail}", detail=text)


def _clock_text(text: str) -> str:
    """Accept what `--clock` takes; the clock itself is made when it is needed."""
    if text == "virtual":
        return text
    name, _, rate = text.partition("=")
    if name != "rate" or not float(rate) > 0:
        raise ValueError(text)
    return text


def add_global_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that every command takes, before or after its name."""
    nothing = argparse.SUPPRESS
    add = parser.add_argument
    add("--lang", choices=LANGUAGES, default=nothing, help=tr("language"))
    add("--profile", metavar="NAME", default=nothing, help=tr("the car, where VIN and bus do not tell"))
    add(
        "--clock",
        metavar="virtual|rate=N",
        type=_clock_text,
        default=nothing,
        help=tr("another clock, for practice"),
    )
    add("--home", metavar="DIR", default=nothing, help=tr("folder for settings and data"))
    add("--log", metavar="FILE", default=nothing, help=tr("write every byte sent and received to FILE"))
    add("--ascii", action="store_true", default=nothing, help=tr("plain characters, for old terminals"))
    add("--quiet", action="store_true", default=nothing, help=tr("no progress line on a terminal"))


def settings_parser() -> Parser:
    """Return a parser of the global options alone, for `parse_known_args`."""
    parser = Parser(prog="terrano")
    add_global_options(parser)
    return parser


def command_parser(wanted: Collection[str]) -> Parser:
    """Return the parser of the command line, in the language in force.

    Every command is listed; only the modules of those in `wanted` are loaded for their options.
    """
    parser = Parser(
        prog="terrano",
        description=tr("Battery, radio and fault codes of a Nissan Terrano or Pathfinder."),
        epilog=tr("Without a command: the screens. A VIN is shown as its last 4 characters."),
    )
    parser.add_help_option()
    parser.add_argument(
        "--version",
        action="version",
        version=f"terrano {diag.__version__}",
        help=tr("show the version and end"),
    )
    parser.add_argument(
        "--link", metavar="URL", default=argparse.SUPPRESS, help=tr("the adapter, log or simulated car")
    )
    add_global_options(parser)
    _add_completion(parser)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title=tr("commands"), parser_class=Parser
    )
    for name, about in COMMANDS.items():
        sub = commands.add_parser(name, help=str(about), description=str(about))
        if name in wanted:
            sub.add_help_option()
            load_command(name).add_arguments(sub)
            add_global_options(sub)
    return parser


class _PrintCompletion(argparse.Action):
    """Print the completion script of a shell and end; shtab is loaded only then."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option: str | None = None,
    ) -> NoReturn:
        import shtab

        print(shtab.complete(parser, shell=str(values)))  # noqa: T201 - the script is this option's data
        raise SystemExit(0)


def _add_completion(parser: Parser) -> None:
    parser.add_argument(
        "--print-completion",
        choices=("bash", "zsh"),
        action=_PrintCompletion,
        default=argparse.SUPPRESS,
        help=tr("print a completion script for a shell"),
    )
