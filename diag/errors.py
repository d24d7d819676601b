"""Everything that can go wrong, as one tree; each leaf has one exit code and one sentence.

TerranoError                     70  our bug, when nothing below fits
├─ UsageError                    64  the command line or a link URL is wrong
├─ DataError                     65  a file is not what it should be
│  ├─ CaptureError                   a capture
│  └─ DatabaseError                  a DBC
├─ InputNotFound                 66  a named file is not there
├─ AdapterError                  69
│  ├─ AdapterNotFound                no such port or interface
│  ├─ AdapterBusy                    another program has it, or the system refuses it
│  ├─ AdapterSilent                  open, but it says nothing
│  ├─ AdapterUnrecognised            it speaks, but not as an ELM327
│  └─ AdapterLost                    it was there and is gone
├─ InputOutputError              74
├─ DeadlineError                 75  nothing came in time
├─ ProtocolError                 76
│  └─ MalformedResponse              too short, for another request, or contradicting itself
├─ RefusedByGate                 77
│  ├─ NotPermitted                   the permit withholds the request
│  ├─ NotSupportedByLink             this link cannot do it
│  └─ HeaderUnconfirmed              the adapter did not confirm the address
└─ ConfigurationError            78
   └─ ProfileError                   a profile file has a wrong key or value
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

from diag.i18n import Message, message


class ExitCode(IntEnum):
    """Exit codes of every command, as sysexits names them."""

    OK = 0
    USAGE = 64
    BAD_DATA = 65
    NO_INPUT = 66
    NO_ADAPTER = 69
    OUR_BUG = 70
    INPUT_OUTPUT = 74
    TIMEOUT = 75
    PROTOCOL = 76
    REFUSED = 77
    CONFIGURATION = 78
    INTERRUPTED = 130


class TerranoError(Exception):
    """Something went wrong: `what` happened, and the `advice` what to do about it."""

    exit_code: ClassVar[ExitCode] = ExitCode.OUR_BUG

    def __init__(self, what: Message, advice: Message | None = None) -> None:
        super().__init__(what, advice)
        self.what = what
        self.advice = advice or message("Nothing to do here.")

    def __str__(self) -> str:
        return self.what.in_language("en")


class UsageError(TerranoError):
    """The command line or a link URL is wrong, as in `--link foo:`."""

    exit_code = ExitCode.USAGE


class DataError(TerranoError):
    """A file is not what it should be."""

    exit_code = ExitCode.BAD_DATA


class CaptureError(DataError):
    """A capture cannot be read at all, as an empty file."""


class DatabaseError(DataError):
    """A DBC does not load."""


class InputNotFound(TerranoError):
    """A file named on the command line is not there."""

    exit_code = ExitCode.NO_INPUT


class AdapterError(TerranoError):
    """The adapter is not there or not fit."""

    exit_code = ExitCode.NO_ADAPTER


class AdapterNotFound(AdapterError):
    """No such port or interface, as `/dev/ttyUSB7` on a laptop with none."""


class AdapterBusy(AdapterError):
    """Another program holds the port, or the system refuses it."""


class AdapterSilent(AdapterError):
    """The port is open and nothing answers, as a dongle without supply."""


class AdapterUnrecognised(AdapterError):
    """Something answers, but not as this kind of adapter."""


class AdapterLost(AdapterError):
    """The adapter was there and is gone, as a pulled cable."""


class InputOutputError(TerranoError):
    """Reading or writing a file failed, as a full disk."""

    exit_code = ExitCode.INPUT_OUTPUT


class DeadlineError(TerranoError):
    """Nothing came in time."""

    exit_code = ExitCode.TIMEOUT


class ProtocolError(TerranoError):
    """An answer breaks the protocol or refuses the request."""

    exit_code = ExitCode.PROTOCOL


class MalformedResponse(ProtocolError):
    """An answer is too short, belongs to another request, or contradicts itself."""


class RefusedByGate(TerranoError):
    """A gate of ours refused, before anything was sent."""

    exit_code = ExitCode.REFUSED


class NotPermitted(RefusedByGate):
    """The permit withholds the request."""


class NotSupportedByLink(RefusedByGate):
    """This link cannot do what was asked, as frames from an ELM327 without monitoring."""


class HeaderUnconfirmed(RefusedByGate):
    """The adapter did not confirm the address, so nothing was sent."""


class ConfigurationError(TerranoError):
    """A setting is wrong: names file and key."""

    exit_code = ExitCode.CONFIGURATION


class ProfileError(ConfigurationError):
    """A profile file has a wrong key or value: names file and key."""
