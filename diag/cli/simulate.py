"""`terrano simulate`: run a simulated car on this machine, behind the ports that real adapters have."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING

from diag.cli.common import clock_of, print_data
from diag.errors import ExitCode, NotSupportedByLink, UsageError
from diag.i18n import message, tr

if TYPE_CHECKING:
    from diag.simulator.car import SimulatedCar
    from diag.simulator.hostile import HostileCar
    from diag.simulator.ports.device import DeviceMaker

_DEFAULT_SCENARIO = "clarion-code"
_HIGHEST_PORT = 0xFFFF
#: How long a signal may wait to be noticed on systems that do not interrupt a wait.
_LOOK_S = 0.2


@dataclass(slots=True)
class _Addresses:
    """Where the car can be reached: what the first line of the output says."""

    links: dict[str, list[str]] = field(default_factory=dict)
    control: str | None = None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the scenario, its seed and the ports."""
    add = parser.add_argument
    add("--scenario", metavar="NAME", default=_DEFAULT_SCENARIO, help=tr("what is the matter with the car"))
    add("--seed", metavar="N", type=int, help=tr("another car of the same kind"))
    for name in ("--elm327", "--slcan"):
        add(
            name,
            metavar="pty|tcp[:PORT]",
            action="append",
            default=[],
            help=tr("offer an adapter of this kind"),
        )
    add(
        "--control", metavar="tcp[:PORT]", help=tr("take JSON commands that turn the key and drop the supply")
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the car until SIGTERM (exit code 0) or SIGINT (130).

    Raises:
        UsageError: the scenario or a port is unknown.
        AdapterBusy: a TCP port is taken.
    """
    from diag.simulator.hostile import build_car
    from diag.simulator.scenarios import load_scenario

    wanted = _wanted_ports(arguments)
    scenario = load_scenario(arguments.scenario)
    with ExitStack() as stack, _signals() as received:
        car = build_car(scenario, seed=arguments.seed, clock=clock_of(arguments))
        stack.callback(car.stop)
        addresses = _open_ports(stack, car, wanted)
        car.start()
        _tell(arguments, addresses)
        idle = threading.Event()
        while not received:
            idle.wait(_LOOK_S)
    return ExitCode.INTERRUPTED if received[0] == signal.SIGINT else ExitCode.OK


@dataclass(frozen=True, slots=True)
class _Port:
    """One port asked for: of which kind (`elm327`, `slcan`, `control`), and the TCP port, None for a pty."""

    kind: str
    tcp_port: int | None


def _wanted_ports(arguments: argparse.Namespace) -> list[_Port]:
    texts = [("elm327", text) for text in arguments.elm327] + [("slcan", text) for text in arguments.slcan]
    if not texts:
        texts = [("elm327", "tcp" if sys.platform == "win32" else "pty")]
    if arguments.control is not None:
        texts.append(("control", arguments.control))
    return [_port(kind, text) for kind, text in texts]


def _port(kind: str, text: str) -> _Port:
    name, colon, number = text.partition(":")
    if text == "pty" and kind != "control":
        if sys.platform == "win32":
            raise NotSupportedByLink(
                message("Windows has no pseudo terminals."), message("Use tcp instead, as in --elm327 tcp")
            )
        return _Port(kind, None)
    if name != "tcp" or (
        colon and not (number.isascii() and number.isdigit() and int(number) <= _HIGHEST_PORT)
    ):
        raise UsageError(
            message("--{kind} {text}: no such port.", kind=kind, text=text),
            message("Write tcp, or tcp:PORT with a number up to 65535.")
            if kind == "control"
            else message("Write pty, tcp, or tcp:PORT with a number up to 65535."),
        )
    return _Port(kind, int(number or 0))


def _open_ports(stack: ExitStack, car: SimulatedCar | HostileCar, wanted: list[_Port]) -> _Addresses:
    """Open each port, to be closed by `stack`, and return where they are."""
    from diag.simulator.ports.tcp import LOOPBACK, TcpPort

    addresses = _Addresses()
    for port in wanted:
        make_device = _device_maker(car, port.kind)
        if port.tcp_port is None:
            from diag.simulator.ports.pty import PtyPort

            pseudo = PtyPort(make_device)
            stack.callback(pseudo.close)
            serial = pseudo.path
        else:
            listening = TcpPort(make_device, port.tcp_port)
            stack.callback(listening.close)
            serial = f"socket://{LOOPBACK}:{listening.port}"
        if port.kind == "control":
            addresses.control = serial.removeprefix("socket://")
        else:
            addresses.links.setdefault(port.kind, []).append(_link_url(port.kind, serial))
    return addresses


def _link_url(kind: str, serial: str) -> str:
    return f"elm327:{serial}" if kind == "elm327" else f"can:slcan:{serial}?bitrate=500000"


def _device_maker(car: SimulatedCar | HostileCar, kind: str) -> DeviceMaker:
    from diag.simulator.elm327 import Elm327Engine
    from diag.simulator.ports.control import ControlDevice
    from diag.simulator.ports.slcan import SlcanDevice

    makers: dict[str, DeviceMaker] = {
        "elm327": lambda output: Elm327Engine(car, car.scenario.adapter, car.clock, output),
        "slcan": lambda output: SlcanDevice(car, car.clock, output),
        "control": lambda output: ControlDevice(car, output),
    }
    return makers[kind]


def _tell(arguments: argparse.Namespace, addresses: _Addresses) -> None:
    from msgspec import UNSET

    from diag.report.documents import SimulateDocument, as_line

    document = SimulateDocument(
        scenario=arguments.scenario,
        seed=arguments.seed,
        links={kind: tuple(urls) for kind, urls in addresses.links.items()},
        control=UNSET if addresses.control is None else addresses.control,
    )
    print_data(as_line(document))


@contextmanager
def _signals() -> Iterator[list[int]]:
    """Collect SIGTERM and SIGINT in a list instead of ending at once, so that the ports are closed."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before: dict[signal.Signals, Callable[[int, FrameType | None], object] | int | None] = {
        number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
