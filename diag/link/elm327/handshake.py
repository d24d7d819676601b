"""Meet an adapter stage by stage: wake it, learn who it is, set it up, find the car's protocol."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from diag.errors import AdapterSilent, AdapterUnrecognised
from diag.i18n import Message, message
from diag.link.base import Outcome, Request, Response
from diag.link.check_report import SUPPORTED_PIDS
from diag.link.elm327.dialect import NO_ANSWER
from diag.link.elm327.settings import Settings
from diag.link.elm327.terminal import Terminal
from diag.model import FunctionalAddress
from diag.protocol.answer import AnswerKind, classify

_RESET_S = 2.0
_COMMAND_S = 0.8
_SETUP_S = 3.0
_ASK_MODULES_S = 1.5
#: How long an adapter may search for another protocol before we give up on it.
_SEARCH_S = 5.0
_ELM = re.compile(r"ELM|OBD|STN|VLINK|VGATE|\bV\d\.\d", re.IGNORECASE)

#: The protocols of AT SP and AT DP N (ELM327 data sheet).
PROTOCOLS = {
    "1": "SAE J1850 PWM",
    "2": "SAE J1850 VPW",
    "3": "ISO 9141-2",
    "4": "ISO 14230-4 KWP slow",
    "5": "ISO 14230-4 KWP fast",
    "6": "ISO 15765-4 11/500",
    "7": "ISO 15765-4 29/500",
    "8": "ISO 15765-4 11/250",
    "9": "ISO 15765-4 29/250",
    "A": "SAE J1939 29/250",
}
SPOKEN_PROTOCOLS = frozenset({"6", "8"})


@dataclass(frozen=True, slots=True)
class AdapterName:
    """What the adapter says of itself: AT I, AT @1, and STI where it is an STN."""

    name: str
    description: str = ""
    stn: str = ""

    @property
    def is_simulated(self) -> bool:
        """Whether the adapter says that it stands in front of a simulated car."""
        return "SIMULATED" in self.description.upper()


@dataclass(frozen=True, slots=True)
class ProtocolFound:
    """What the car speaks: the digit of AT SP, and the ids that answered; `reason` why none did.

    `answered` without ids: somebody answered, and the adapter does not say who.
    """

    digit: str
    responders: tuple[int, ...] = ()
    answered: bool = False
    reason: Message | None = None

    @property
    def words(self) -> str:
        """The protocol in words."""
        return PROTOCOLS.get(self.digit, self.digit)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one request: who answered, and why nobody else did.

    `answered` says that there was a right answer, from a module that the adapter may not name; `heard` that
    anything came at all.
    """

    responders: tuple[int, ...]
    answered: bool
    heard: bool
    reason: Message | None


def sum_up(
    request: Request, responses: tuple[Response, ...], nameless: tuple[bytes, ...], *, heard: bool
) -> Asked:
    """Say what came of a request to everyone; the reason is that of the first who gave no right answer.

    `nameless` answers came without a header: where there are several nobody knows whose each is, and still
    somebody answered.
    """
    right = [response for response in responses if response.outcome is Outcome.POSITIVE]
    somebody = any(classify(request.payload, payload).kind is AnswerKind.POSITIVE for payload in nameless)
    return Asked(
        responders=tuple(response.responder for response in right if response.responder is not None),
        answered=bool(right) or somebody,
        heard=heard,
        reason=next((response.reason for response in responses if response not in right), None),
    )


class Asker(Protocol):
    """What finding the protocol needs of a wire."""

    def ask(self, request: Request) -> Asked:
        """Send one request and wait for all that comes."""
        ...


def wake(terminal: Terminal) -> None:
    """Restart the adapter and wait for its prompt.

    Raises:
        AdapterSilent: not a byte came.
        AdapterUnrecognised: something came, but never a prompt.
    """
    heard: list[str] = []
    for command in ("ATZ", "ATZ"):
        terminal.begin()
        reply = terminal.command(command, _RESET_S)
        if reply.refused:
            reply = terminal.command("ATWS", _RESET_S)
        if reply.finished:
            terminal.discard()
            terminal.stray = False
            return
        heard += [*reply.lines, terminal.partial]
        terminal.settle(0.0, 0.4)
    if not any(heard):
        raise AdapterSilent(
            message("The adapter says nothing."),
            message("Check that it is plugged into the car and its light is on; unplug it for ten seconds."),
        )
    raise AdapterUnrecognised(
        message("What answers does not behave as an ELM327: {text}.", text="".join(heard)[:40]),
        message("Check the port, and the rate: elm327:PORT?baudrate=115200 sets another one."),
    )


def identify(terminal: Terminal) -> AdapterName:
    """Ask the adapter for its names.

    Raises:
        AdapterUnrecognised: it names itself as nothing we know, and confirms nothing.
    """
    echo_off = terminal.command("ATE0", _COMMAND_S)
    name = _line(terminal, "ATI")
    if not echo_off.confirmed and not _ELM.search(name):
        raise AdapterUnrecognised(
            message("What answers does not behave as an ELM327: {text}.", text=name[:40] or "?"),
            message("Check that the link names the adapter's port."),
        )
    found = AdapterName(name, _line(terminal, "AT@1"), _line(terminal, "STI"))
    terminal.know({"AT@1": found.description, "ATI": found.name})
    return found


def set_up(settings: Settings) -> None:
    """Make the settings that every request needs, and find out what the adapter lacks."""
    settings.allow(_SETUP_S)
    settings.prepare()
    settings.ensure("SP", settings.protocol)
    settings.probe()


def find_protocol(wire: Asker, terminal: Terminal, settings: Settings) -> ProtocolFound:
    """Find who answers: at 500 kbit/s with 11-bit ids first, as most cars of this family, then by search.

    The search is skipped where the bus took the request and nobody answered: the ignition is off there.
    """
    first = wire.ask(Request(SUPPORTED_PIDS, FunctionalAddress(), _ASK_MODULES_S))
    if first.answered or first.reason == NO_ANSWER:
        return ProtocolFound(settings.protocol, first.responders, first.answered, first.reason)
    usual, settings.protocol = settings.protocol, "0"
    searched = wire.ask(Request(SUPPORTED_PIDS, FunctionalAddress(), _SEARCH_S))
    found = _line(terminal, "ATDPN").upper().removeprefix("A") if searched.heard else ""
    settings.protocol = found if found in PROTOCOLS else usual
    return ProtocolFound(settings.protocol, searched.responders, searched.answered, first.reason)


def _line(terminal: Terminal, command: str) -> str:
    """Return the last line of an answer, empty where the adapter does not know the command."""
    reply = terminal.command(command, _COMMAND_S)
    return reply.lines[-1] if reply.finished and reply.lines and not reply.refused else ""
