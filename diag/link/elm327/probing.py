"""Try the commands in which ELM327 clones differ, and say what each is for."""

from __future__ import annotations

from diag.i18n import Message, message
from diag.link.check_report import Probe
from diag.link.elm327.handshake import AdapterName
from diag.link.elm327.settings import Settings
from diag.link.elm327.terminal import Terminal

_COMMAND_S = 0.8
_RAW_FRAMES_S = 1.6

#: Command, what is sent, what puts things back, what it is for.
_TRIED: tuple[tuple[str, str, str, Message], ...] = (
    ("AT CFC", "ATCFC1", "", message("flow control")),
    ("AT AT2", "ATAT2", "ATAT0", message("fast timing")),
    ("AT AL", "ATAL", "ATNL", message("long lines")),
    ("AT SH 29 bit", "ATSHDA10F1", "", message("29-bit addresses")),
)


def probe_commands(terminal: Terminal, settings: Settings, name: AdapterName) -> tuple[Probe, ...]:
    """Try each command; afterwards nothing counts as set, so that every setting is made again."""
    found = [
        Probe("AT I", bool(name.name), message("name")),
        Probe("AT @1", bool(name.description), message("description")),
        Probe("STI", bool(name.stn), message("STN commands")),
        Probe("AT SH", settings.knows("SH"), message("asking one module")),
        Probe("AT CRA", settings.knows("CRA"), message("hearing one module")),
        Probe("AT FC SH", settings.knows("FCSH"), message("long answers of all modules")),
        Probe(
            "AT FC SM",
            settings.knows("FCSH") and settings.knows("FCSM"),
            message("long answers of all modules"),
        ),
        Probe("AT AT", settings.knows("AT"), message("fixed timing")),
        Probe("AT ST", settings.knows("ST"), message("waiting as long as a module needs")),
    ]
    settings.allow(_RAW_FRAMES_S)
    found.append(Probe("AT CAF0", settings.raw_frames(), message("raw frames, for listening")))
    settings.ensure("CAF", "1")
    for shown, command, undo, purpose in _TRIED:
        found.append(Probe(shown, terminal.command(command, _COMMAND_S).confirmed, purpose))
        if undo:
            terminal.command(undo, _COMMAND_S)
    settings.forget()
    return tuple(found)
