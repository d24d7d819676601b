"""Open the simulated car inside this process, behind an ELM327 of its own, as a technician's adapter is."""

from __future__ import annotations

from collections.abc import Callable

from diag.clock import Clock
from diag.errors import UsageError
from diag.i18n import message
from diag.link.base import Link
from diag.link.elm327 import connect_over
from diag.link.elm327.port import lost
from diag.link.options import LinkOptions
from diag.link.url import LinkUrl
from diag.model import Ignition
from diag.simulator.elm327 import Elm327Engine
from diag.simulator.hostile import build_car
from diag.simulator.ports.device import DeviceMaker
from diag.simulator.ports.memory import memory_pipe
from diag.simulator.scenarios import load_scenario

DEFAULT_SCENARIO = "clarion-code"
_POSITIONS = (Ignition.OFF, Ignition.ACC, Ignition.ON)


class DevicePort:
    """The serial line to an adapter in this process: a byte port for the ELM327 link."""

    def __init__(self, make_device: DeviceMaker) -> None:
        self._end, far_end = memory_pipe()
        self._device = make_device(far_end.write)

    def write(self, data: bytes) -> None:
        """Hand bytes to the adapter."""
        if self._end.closed:
            raise lost(message("it was switched off"))
        self._device.feed(data)

    def read(self, timeout_s: float) -> bytes:
        """Return what the adapter has said, waiting up to `timeout_s` real seconds for the first byte."""
        data = self._end.read(timeout_s)
        if not data and self._end.closed:
            raise lost(message("it was switched off"))
        return data

    def close(self) -> None:
        """Switch the adapter off."""
        self._end.close()
        self._device.close()


def connect_sim(url: LinkUrl, options: LinkOptions) -> Link:
    """Start the car of the scenario that `url` names and connect to the adapter in front of it.

    Raises:
        UsageError: the scenario, the seed or the ignition position is unknown.
    """
    port, stop_car = start_car(url, options.clock)
    return connect_over(port, url, options, stop_car)


def start_car(url: LinkUrl, clock: Clock) -> tuple[DevicePort, Callable[[], None]]:
    """Start the car that `url` names; return its adapter's bytes and what ends the car.

    Raises:
        UsageError: the scenario, the seed or the ignition position is unknown.
    """
    scenario = load_scenario(url.target or DEFAULT_SCENARIO)
    car = build_car(scenario, seed=_seed(url), ignition=_ignition(url), clock=clock)
    port = DevicePort(lambda output: Elm327Engine(car, scenario.adapter, clock, output))
    car.start()
    return port, car.stop


def _seed(url: LinkUrl) -> int | None:
    """Return the seed that the URL names, None where it names none."""
    text = url.options.get("seed")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()):
        raise UsageError(
            message("Link option {name}={text} is not a whole number.", name="seed", text=text),
            message("Write it as in {name}=3.", name="seed"),
        )
    return int(text)


def _ignition(url: LinkUrl) -> Ignition | None:
    """Return the key position that the URL names, None where it names none."""
    text = url.options.get("ignition")
    if text is None:
        return None
    for position in _POSITIONS:
        if text.upper() == position.value:
            return position
    raise UsageError(
        message("Unknown ignition position: {text}", text=text),
        message("Known positions: {names}", names=" ".join(_POSITIONS)),
    )
