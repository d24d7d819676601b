"""Name what a session needs of the engine, and bind it to the real one; heavy parts load at first use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from diag.clock import Clock
from diag.i18n import Message
from diag.model import Ignition, Mode, Reading
from tui.snapshot import Playback, Snapshot

if TYPE_CHECKING:
    from diag.link import Link
    from diag.link.check_report import AdapterCheck
    from diag.link.options import LinkOptions
    from diag.reading.result import BatteryReading, ScanObserver, ScanResult
    from diag.vehicle.choosing import Choice
    from diag.vehicle.profile import Profile

#: Three periods of the slowest frame that shows the key.
_LISTEN_S = 0.35


@dataclass(frozen=True, slots=True)
class Fresh:
    """Supply and key, read again; of a log that nobody read yet also the car that it looks like."""

    battery: BatteryReading | None
    ignition: Reading[Ignition] | None
    car: Choice | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on while an adapter is waited for: told each step, and raising where it shall end."""

    progress: Callable[[Message], None]
    check_stopped: Callable[[], None]


class Engine(Protocol):
    """What a session asks for; what does not say otherwise runs on the session's thread and may block."""

    def connect(self, url: str, watch: Watch, *, at_end: bool = False) -> Link:
        """Open the line, a log at its start or its end. Raises what `open_link` and `watch` raise."""
        ...

    def playback(self, link: Link) -> Playback | None:
        """Say at once where the log behind `link` stands, on any thread; None where it is no log."""
        ...

    def scan(self, link: Link, observer: ScanObserver) -> ScanResult:
        """Scan once. Raises `AdapterLost`, `CancelledError`, and what `observer` raises."""
        ...

    def check(self, url: str, watch: Watch) -> AdapterCheck:
        """Check the adapter that nobody holds open. Raises what `watch` raises."""
        ...

    def reread(self, link: Link, known: Snapshot) -> Fresh:
        """Read supply and key again; what cannot be read stays as `known`."""
        ...


class RealEngine:
    """The engine of the product: any link, the one scan."""

    def __init__(self, clock: Clock, profile_name: str | None) -> None:
        self._clock = clock
        self._profile_name = profile_name

    def connect(self, url: str, watch: Watch, *, at_end: bool = False) -> Link:
        """Open the line; a log plays from its start, or is opened at its end."""
        from diag.link.opening import connect

        return connect(_at_its_end(url) if at_end else url, self._options(watch))

    def playback(self, link: Link) -> Playback | None:
        """Say where the log behind `link` stands."""
        if link.identity.mode is not Mode.REPLAY:
            return None
        from diag.link.replay import ReplayLink

        if not isinstance(link, ReplayLink):
            return None
        start_s, end_s = link.capture.start_s, link.capture.end_s
        return Playback(link.cursor.now() - start_s, end_s - start_s, link.cursor.runs)

    def scan(self, link: Link, observer: ScanObserver) -> ScanResult:
        """Scan once."""
        from diag.reading.scan import scan

        return scan(link, clock=self._clock, profile_name=self._profile_name, observer=observer)

    def check(self, url: str, watch: Watch) -> AdapterCheck:
        """Check the adapter that nobody holds open."""
        from diag.link.checking import check_adapter

        return check_adapter(url, self._options(watch))

    def _options(self, watch: Watch) -> LinkOptions:
        from diag.link.options import LinkOptions

        options = LinkOptions(
            clock=self._clock,
            progress=watch.progress,
            start_at_end=False,
            check_stopped=watch.check_stopped,
        )
        return options.for_profile(self._profile_name)

    def reread(self, link: Link, known: Snapshot) -> Fresh:
        """Read supply and key again; modules are asked for the voltage only where nothing else shows it.

        A log is only listened to: its answers are for scans, which count them.
        """
        from diag.reading import battery, ignition
        from diag.reading.listening import listen

        from_log = link.identity.mode is Mode.REPLAY
        car = self._car_in_log(link) if from_log and known.result is None else None
        profile = car.profile if car is not None else known.profile
        if profile is None:
            return Fresh(known.battery, known.ignition)
        heard = listen(link, self._clock, _LISTEN_S, _ids_shown(profile))
        key = ignition.interpret(profile, heard, self._clock.now())
        voltage = battery.ask(link, _without_requests(profile), heard, key.value)
        if voltage.voltage is None and not from_log:
            voltage = battery.ask(link, profile, heard, key.value)
        return Fresh(
            voltage if voltage.voltage is not None else known.battery,
            key if key.value is not Ignition.UNKNOWN else known.ignition,
            car,
        )

    def _car_in_log(self, link: Link) -> Choice:
        """Return the car that the frames around the cursor look like."""
        from diag.reading.listening import listen
        from diag.vehicle.choosing import choose_profile

        return choose_profile(None, listen(link, self._clock, _LISTEN_S).ids, self._profile_name)


def _at_its_end(url: str) -> str:
    """Return the link of the same log, at its end."""
    from diag.link.url import parse_link_url

    parsed = parse_link_url(url)
    return f"{parsed.scheme}:{parsed.target}?at=end"


def _ids_shown(profile: Profile) -> frozenset[int]:
    """Return the ids of the frames that show key and voltage."""
    frames = [fact.frame for fact in profile.ignition_frames]
    frames += [source.frame for source in profile.voltage_sources if source.frame]
    return frozenset(int(frame, 16) for frame in frames)


def _without_requests(profile: Profile) -> Profile:
    import msgspec

    passive = tuple(source for source in profile.voltage_sources if source.kind != "request")
    return msgspec.structs.replace(profile, voltage_sources=passive)
