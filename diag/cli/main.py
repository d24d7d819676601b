"""Run the command line: find the command, do it, and turn whatever goes wrong into a sentence and a code."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from io import TextIOWrapper
from itertools import pairwise

from diag.cli.commands import COMMANDS, load_command
from diag.cli.usage import command_parser, settings_parser
from diag.config import Settings, load_settings
from diag.errors import ExitCode, TerranoError
from diag.i18n import LANGUAGES, Message, language_of_environment, message, use_language


def main(argv: Sequence[str] | None = None) -> int:
    """Run `terrano` with `argv` and return its exit code (contracts: sysexits)."""
    words = sys.argv[1:] if argv is None else list(argv)
    use_language(_language_named(words) or language_of_environment())
    _write_what_the_terminal_can_show()
    home = ""
    try:
        given, settings = _settings(words)
        home = settings.home_folder
        return _run(given, settings)
    except TerranoError as error:
        return _tell(error.what, error.advice, error.exit_code)
    except SystemExit as done:  # --help, --version and completion end this way
        return done.code if isinstance(done.code, int) else ExitCode.OK
    except KeyboardInterrupt:
        return _tell(message("Interrupted."), None, ExitCode.INTERRUPTED)
    except BrokenPipeError:
        _stop_writing()
        return ExitCode.OK
    except Exception:  # noqa: BLE001 - the last seam: a person gets a sentence, the traceback goes to a file
        return _tell_of_our_bug(home)


def _language_named(words: Sequence[str]) -> str | None:
    """Return the language of `--lang`, so that even a wrong command line is answered in it."""
    named = [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    named += [after for word, after in pairwise(words) if word == "--lang"]
    return named[-1] if named and named[-1] in LANGUAGES else None


def _write_what_the_terminal_can_show() -> None:
    """Let a character that the terminal's code page lacks become a question mark instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _settings(argv: list[str]) -> tuple[list[str], Settings]:
    """Find the settings first, so that everything after speaks the right language."""
    common, _ = settings_parser().parse_known_args(argv)
    settings = load_settings(
        {key: getattr(common, key, None) for key in ("lang", "profile")}, home=getattr(common, "home", None)
    )
    use_language(settings.lang)
    return argv, settings


def _run(argv: list[str], settings: Settings) -> int:
    arguments = Namespace(clock=None, log=None, quiet=False, settings=settings)
    wanted = (
        COMMANDS if any(word.startswith("--print-completion") for word in argv) else set(argv) & set(COMMANDS)
    )
    command_parser(wanted).parse_args(argv, arguments)
    if arguments.command is None:
        arguments.command, arguments.link, arguments.ascii = "tui", None, False
    code = load_command(arguments.command).run(arguments)
    sys.stdout.flush()  # a reader that has gone is noticed here, not after the last seam
    return code


def _stop_writing() -> None:
    """Drop what is still unwritten: the reader of our output has gone, as `| head` does; nothing is wrong."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(what: Message, advice: Message | None, code: ExitCode) -> int:
    print(what, file=sys.stderr)  # noqa: T201 - errors belong on the error output
    if advice is not None:
        print(advice, file=sys.stderr)  # noqa: T201
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
