"""Run the command line: find the command, do it, and turn whatever goes wrong into a sentence and a code."""

from __future__ import annotations

import errno
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import pairwise
from typing import TextIO

from diag.cli.commands import COMMANDS, load_command
from diag.cli.usage import command_parser, settings_parser
from diag.config import Settings, default_settings, load_settings
from diag.errors import ConfigurationError, ExitCode, InputOutputError, TerranoError
from diag.i18n import LANGUAGES, Message, language_of_environment, message, use_language

#: Commands that work without settings, so a broken settings file does not stop them.
_WITHOUT_SETTINGS = frozenset({"explain", "schema"})
#: What the system says of an output that takes nothing more: full, closed, or its terminal gone.
_NOT_WRITTEN = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EBADF, errno.EIO})


def main(argv: Sequence[str] | None = None) -> int:
    """Run `terrano` with `argv` and return its exit code (contracts: sysexits)."""
    words = sys.argv[1:] if argv is None else list(argv)
    use_language(_language_named(words) or language_of_environment())
    _write_what_the_terminal_can_show()
    home = ""
    try:
        _check_output()
        settings, broken = _settings(words)
        home = settings.home_folder
        return _run(words, settings, broken)
    except TerranoError as error:
        return _tell(error.what, error.advice, error.exit_code)
    except SystemExit as done:  # --help, --version and completion end this way
        return done.code if isinstance(done.code, int) else ExitCode.OK
    except KeyboardInterrupt:
        return _tell(message("Interrupted."), None, ExitCode.INTERRUPTED)
    except BrokenPipeError:
        _stop_writing(sys.stdout)
        return ExitCode.OK
    except Exception as error:  # noqa: BLE001 - the last seam: a person gets a sentence, the traceback goes to a file
        return _tell_what_was_unforeseen(error, home)


def _language_named(words: Sequence[str]) -> str | None:
    """Return the language of `--lang`, so that even a wrong command line is answered in it."""
    named = [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    named += [after for word, after in pairwise(words) if word == "--lang"]
    return named[-1] if named and named[-1] in LANGUAGES else None


def _write_what_the_terminal_can_show() -> None:
    """Let a character that the terminal's code page lacks become a question mark instead of an error."""
    if sys.stderr is None:  # closed: `print` would turn to the standard output instead
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for the whole run
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _check_output() -> None:
    if sys.stdout is None:
        raise InputOutputError(
            message("There is no standard output to write to: it is closed."),
            message("Let it go to a file, a pipe or a terminal."),
        )


def _settings(words: list[str]) -> tuple[Settings, ConfigurationError | None]:
    """Find the settings first, so that everything after speaks the right language.

    Where a settings file or variable is broken, the defaults come with what is wrong.
    """
    common, _ = settings_parser().parse_known_args(words)
    given = {key: getattr(common, key, None) for key in ("lang", "profile", "ascii")}
    home, broken = getattr(common, "home", None), None
    try:
        settings = load_settings(given, home=home)
    except ConfigurationError as error:
        settings, broken = default_settings(given, home=home), error
    use_language(settings.lang)
    return settings, broken


def _run(words: list[str], settings: Settings, broken: ConfigurationError | None) -> int:
    arguments = Namespace(command=None, link=None, clock=None, log=None, quiet=False, settings=settings)
    wanted = (
        COMMANDS
        if any(word.startswith("--print-completion") for word in words)
        else set(words) & set(COMMANDS)
    )
    try:
        command_parser(wanted).parse_args(words, arguments)
    except SystemExit:
        _warn(broken)
        raise
    if broken is not None and arguments.command not in _WITHOUT_SETTINGS:
        raise broken
    _warn(broken)
    code = load_command(arguments.command or "tui").run(arguments)
    sys.stdout.flush()  # a reader that has gone is noticed here, not after the last seam
    return code


def _warn(broken: ConfigurationError | None) -> None:
    """Tell what is wrong with the settings where the command does without them."""
    if broken is not None:
        _tell(broken.what, message("The defaults are used."), broken.exit_code)


def _stop_writing(stream: TextIO) -> None:
    """Drop what is still unwritten: nobody takes what we write there any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _tell_what_was_unforeseen(error: Exception, home: str) -> int:
    """Tell of an output that takes nothing more; anything else is a bug of ours."""
    if isinstance(error, OSError) and error.errno in _NOT_WRITTEN and error.filename is None:
        _stop_writing(sys.stdout)
        what = message("The output cannot be written: {detail}", detail=error.strerror)
        return _tell(what, message("Free some space, or let it go elsewhere."), ExitCode.INPUT_OUTPUT)
    return _tell_of_our_bug(home)


def _tell(what: Message, advice: Message | None, code: ExitCode) -> int:
    try:
        print(what, file=sys.stderr)  # noqa: T201 - errors belong on the error output
        if advice is not None:
            print(advice, file=sys.stderr)  # noqa: T201
        sys.stderr.flush()
    except OSError:  # an error output that takes nothing leaves the exit code
        _stop_writing(sys.stderr)
    return code


def _tell_of_our_bug(home: str) -> int:
    """Keep the traceback in a file and say where it is."""
    import traceback
    from pathlib import Path

    detail = traceback.format_exc()
    folder = Path(home)
    file = folder / "last-error.txt"
    what = message("Something went wrong inside terrano itself.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(detail, encoding="utf-8")
    except OSError:
        return _tell(what, message("Please report this: {detail}", detail=detail), ExitCode.OUR_BUG)
    return _tell(what, message("Please report it with this file: {file}", file=file), ExitCode.OUR_BUG)
