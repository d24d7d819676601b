"""Name what a session needs of the engine, and bind it to the real one; heavy parts load at first use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from diag.clock import Clock
from diag.i18n import Message
from diag.link import Link
from diag.model import Ignition, Reading
from diag.reading.result import BatteryReading, ScanObserver, ScanResult
from diag.vehicle.profile import Profile
from tui.snapshot import Snapshot

if TYPE_CHECKING:
    from diag.link.elm327 import AdapterCheck

#: Three periods of the slowest frame that shows the key.
_LISTEN_S = 0.35


@dataclass(frozen=True, slots=True)
class Fresh:
    """Supply and key, read again."""

    battery: BatteryReading | None
    ignition: Reading[Ignition] | None


class Engine(Protocol):
    """What a session asks for; every method runs on the session's thread and may block."""

    def connect(self, url: str, progress: Callable[[Message], None]) -> Link:
        """Open the line. Raises what `open_link` raises, and what `progress` raises."""
        ...

    def scan(self, link: Link, observer: ScanObserver) -> ScanResult:
        """Scan once. Raises `AdapterLost`, `CancelledError`, and what `observer` raises."""
        ...

    def check(self, url: str, progress: Callable[[Message], None]) -> AdapterCheck:
        """Check the adapter that nobody holds open. Raises what `progress` raises."""
        ...

    def reread(self, link: Link, known: Snapshot) -> Fresh:
        """Read supply and key again; what cannot be read stays as `known`."""
        ...


class RealEngine:
    """The engine of the product: any link, the one scan."""

    def __init__(self, clock: Clock, profile_name: str | None) -> None:
        self._clock = clock
        self._profile_name = profile_name

    def connect(self, url: str, progress: Callable[[Message], None]) -> Link:
        """Open the line; a capture is opened at its end, where all that it knows is known."""
        from diag.link.opening import LinkOptions, connect

        return connect(url, LinkOptions(clock=self._clock, progress=progress))

    def scan(self, link: Link, observer: ScanObserver) -> ScanResult:
        """Scan once."""
        from diag.reading.scan import scan

        return scan(link, clock=self._clock, profile_name=self._profile_name, observer=observer)

    def check(self, url: str, progress: Callable[[Message], None]) -> AdapterCheck:
        """Check the adapter that nobody holds open."""
        from diag.link.elm327 import check_adapter
        from diag.link.opening import LinkOptions

        return check_adapter(url, LinkOptions(clock=self._clock, progress=progress))

    def reread(self, link: Link, known: Snapshot) -> Fresh:
        """Read supply and key again; modules are asked for the voltage only where nothing else shows it."""
        from diag.reading import battery, ignition
        from diag.reading.listening import listen

        profile = known.profile
        if profile is None:
            return Fresh(known.battery, known.ignition)
        heard = listen(link, self._clock, _LISTEN_S, _ids_shown(profile))
        key = ignition.interpret(profile, heard, self._clock.now())
        voltage = battery.ask(link, _without_requests(profile), heard, key.value)
        if voltage.voltage is None:
            voltage = battery.ask(link, profile, heard, key.value)
        return Fresh(
            voltage if voltage.voltage is not None else known.battery,
            key if key.value is not Ignition.UNKNOWN else known.ignition,
        )


def _ids_shown(profile: Profile) -> frozenset[int]:
    """Return the ids of the frames that show key and voltage."""
    frames = [fact.frame for fact in profile.ignition_frames]
    frames += [source.frame for source in profile.voltage_sources if source.frame]
    return frozenset(int(frame, 16) for frame in frames)


def _without_requests(profile: Profile) -> Profile:
    import msgspec

    passive = tuple(source for source in profile.voltage_sources if source.kind != "request")
    return msgspec.structs.replace(profile, voltage_sources=passive)
