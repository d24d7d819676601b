"""A car in a box at the session's seam, and the screens as plain text."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

os.environ["TEXTUAL_ANIMATIONS"] = "none"

import pytest
from textual.pilot import Pilot

from diag.clock import VirtualClock
from diag.errors import AdapterLost
from diag.i18n import Message, literal, message
from diag.link import Capabilities, Identity
from diag.link.check_report import AdapterCheck, CheckVerdict, Stage, StageResult, StageState
from diag.link.trace import Trace
from diag.model import (
    Confidence,
    FaultCode,
    Ignition,
    Mode,
    ModuleResult,
    RadioLock,
    RadioPower,
    Reachability,
    Reading,
    ServiceResult,
    Verdict,
    Words,
)
from diag.reading.result import BatteryReading, PowerLoss, RadioReading, ScanObserver, ScanResult
from diag.vehicle.profile import FactConfidence, ModuleFact, Profile, Text
from tui.engine import Fresh, Watch
from tui.offers import Offer, Offers
from tui.session import Session
from tui.snapshot import Playback, Snapshot
from tui.terrano import TerranoApp

START = datetime(2026, 11, 22, 10, 15, 0, tzinfo=UTC)
URL = "sim:clarion-code"
LOG_S = 600.0
_GOLDENS = Path(__file__).parent / "screens"
_MODULES = {
    "ECM": ("7E0", "7E8", "Engine"),
    "TCM": ("7E1", "7E9", "Transmission"),
    "ABS": ("740", "760", "Brakes (ABS)"),
    "cluster": ("743", "763", "Instruments"),
    "HVAC": ("744", "764", "Climate"),
    "BCM": ("745", "765", "Body control"),
    "AV": ("747", "767", "Radio and audio"),
    "IPDM": ("74D", "76D", "Power distribution in the engine bay"),
    "airbag": ("752", "772", "Airbags"),
}


def _fact(name: str) -> ModuleFact:
    request, response, title = _MODULES[name]
    return ModuleFact(
        source="a test",
        confidence=FactConfidence.CONFIRMED,
        name=name,
        title=Text(title, f"{title} (ru)"),
        request_id=request,
        response_id=response,
        powered_from=Ignition.ON,
        fault_requests=("03",),
    )


PROFILE = Profile(
    name="nissan-f-alpha",
    title=Text("Pathfinder R51", "Pathfinder R51"),
    covers=Text("R51", "R51"),
    modules=tuple(_fact(name) for name in _MODULES),
)
P0603_WORDS = Words("Engine module: memory was without power", "Память без питания")
P0603 = FaultCode(
    "P0603",
    ("confirmed",),
    "03",
    "0603",
    P0603_WORDS,
)
U1000 = FaultCode("U1000", ("confirmed", "test failed"), "03", "D000", None)


def _result(name: str, status: tuple[str, ...], words: Words) -> ModuleResult:
    address = _fact(name).address
    if name == "ECM":
        first = replace(P0603, status=status, text=words)
        services = (
            ServiceResult("03", Verdict.CODES, None, (first, U1000)),
            ServiceResult("07", Verdict.REFUSED, message("service not supported")),
        )
        return ModuleResult(name, address, Verdict.CODES, None, (first, U1000), services)
    if name == "HVAC":
        reason = literal("timeout 1.0 s")
        return ModuleResult(
            name,
            address,
            Verdict.NO_ANSWER,
            reason,
            (),
            (ServiceResult("17 FF 00", Verdict.NO_ANSWER, reason),),
        )
    return ModuleResult(name, address, Verdict.NONE, None, (), (ServiceResult("03", Verdict.NONE),))


class BoxLink:
    """A link that answers nothing by itself; the engine in the box plays the scan."""

    def __init__(self) -> None:
        self.capabilities = Capabilities(supply=True)
        self.identity = Identity(URL, Mode.PRACTICE, "ELM327 v1.5", "ISO 15765-4", practice=True)
        self.trace = Trace()
        self.lost: Message | None = None
        self.closed = threading.Event()
        self.cancelled = threading.Event()

    def supply(self) -> Future[None]:
        future: Future[None] = Future()
        future.set_result(None)
        return future

    def cancel(self) -> None:
        self.cancelled.set()

    def close(self) -> None:
        self.closed.set()


@dataclass
class BoxEngine:
    """Plays one scan.

    `hold` stops it before the module of that name, or in "connect", until `go` is set or it is cancelled; a
    `deaf` one does not hear that connecting is to be stopped. `at_s` is where a log stands, None for no log.
    """

    clock: VirtualClock
    hold: str | None = None
    fail_connect: Exception | None = None
    lose_at: str | None = None
    mode: Mode = Mode.PRACTICE
    profile: Profile = PROFILE
    check_verdict: CheckVerdict = CheckVerdict.FAIR
    ignition: Ignition = Ignition.ON
    at_s: float | None = None
    deaf: bool = False
    words: Words = P0603_WORDS
    connecting: int = 0
    most_connecting: int = 0
    status: tuple[str, ...] = ("confirmed",)
    links: list[BoxLink] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)
    held: threading.Event = field(default_factory=threading.Event)

    def connect(self, url: str, watch: Watch, *, at_end: bool = False) -> BoxLink:
        watch.progress(message("Opening the adapter."))
        self.connecting += 1
        self.most_connecting = max(self.most_connecting, self.connecting)
        try:
            return self._connect(url, watch, at_end=at_end)
        finally:
            self.connecting -= 1

    def _connect(self, url: str, watch: Watch, *, at_end: bool) -> BoxLink:
        if self.hold == "connect":
            self.held.set()
            while not self.go.wait(0.01):
                if not self.deaf:
                    watch.check_stopped()
        if at_end:
            self.at_s = LOG_S
        if self.fail_connect is not None:
            raise self.fail_connect
        link = BoxLink()
        link.identity = Identity(
            url, self.mode, "ELM327 v1.5", "ISO 15765-4", practice=self.mode is Mode.PRACTICE
        )
        self.links.append(link)
        return link

    def battery(self) -> BatteryReading:
        at_s = 270.6 if self.mode is Mode.REPLAY else None
        voltage = Reading(12.6, "V", literal("adapter pin 16"), self.clock.now(), 0.3, at_s=at_s)
        return BatteryReading(voltage, (voltage,))

    def scan(self, link: BoxLink, observer: ScanObserver) -> ScanResult:
        battery = self.battery()
        at_s = battery.voltage.at_s if battery.voltage else None
        ignition = Reading(self.ignition, "", literal("frame 60D"), self.clock.now(), at_s=at_s)
        radio = RadioReading(
            RadioPower.ON,
            RadioLock.UNKNOWN,
            Reachability.YES,
            literal("module 747 answers"),
            Confidence.HINT,
            self.clock.now(),
        )
        because = message("Recognised by its VIN.")
        observer.profile(self.profile, because)
        observer.vin("VSKJVWR51U0001234")
        observer.battery(battery)
        observer.ignition(ignition)
        results = tuple(self._ask(name, link, observer) for name in _MODULES)
        observer.radio(radio)
        return ScanResult(
            self.clock.now(),
            link.identity,
            "VSKJVWR51U0001234",
            self.profile,
            because,
            battery,
            ignition,
            radio,
            results,
            power_loss=PowerLoss((("ECM", P0603), ("ECM", U1000))),
        )

    def _ask(self, name: str, link: BoxLink, observer: ScanObserver) -> ModuleResult:
        observer.asking(_fact(name))
        if name == self.lose_at:
            link.lost = message("The port is gone.")
            raise AdapterLost(link.lost)
        if name == self.hold:
            self.held.set()
            while not self.go.wait(0.01):
                if link.cancelled.is_set():
                    raise CancelledError
        result = _result(name, self.status, self.words)
        observer.module(result)
        return result

    def playback(self, link: BoxLink) -> Playback | None:
        return None if self.at_s is None else Playback(self.at_s, LOG_S, self.at_s < LOG_S)

    def check(self, url: str, watch: Watch) -> AdapterCheck:
        progress = watch.progress
        progress(message("Port {port} is open", port=url))
        self.held.set()
        while self.hold == "check" and not self.go.wait(0.01):
            progress(message("Waking the adapter"))
        stages = (
            StageResult(Stage.PORT, StageState.PASSED, message("Port {port} is open", port=url)),
            StageResult(Stage.IDENTITY, StageState.PASSED, literal("Adapter: ELM327 v1.5")),
            StageResult(
                Stage.SUPPLY, StageState.FAILED, literal("No supply voltage."), literal("Use a meter.")
            ),
            StageResult(Stage.PROTOCOL, StageState.PASSED, literal("Protocol: ISO 15765-4 11/500")),
            StageResult(Stage.MODULES, StageState.NOT_REACHED),
        )
        off = (literal("It loses frames while it listens."),)
        return AdapterCheck(url, self.check_verdict, stages, switched_off=off, latency_s=0.012, errors=0)

    def reread(self, link: BoxLink, known: Snapshot) -> Fresh:
        return Fresh(self.battery(), known.ignition)


class Box:
    """The app in a box: its clock, its engine, and its screen as text."""

    def __init__(self, **engine: object) -> None:
        self.clock = VirtualClock(START)
        self.engine = BoxEngine(self.clock, **engine)
        self.session = Session(self.engine, self.clock, reread_s=None)

    def app(
        self, url: str | None = URL, *, ascii_only: bool = False, offers: Offers | None = None
    ) -> TerranoApp:
        found = offers or Offers(
            adapters=(Offer("elm327:/dev/ttyUSB0", literal("OBDLink SX on /dev/ttyUSB0")),)
        )
        return TerranoApp(
            self.session, self.clock, url=url, ascii_only=ascii_only, find=lambda: found, pull_s=None
        )

    async def settle(self, pilot: Pilot[None]) -> str:
        """Let the session finish, draw, and return the screen."""
        for _ in range(200):
            if not self.session.pull().phase.busy:
                break
            await asyncio.sleep(0.01)
        return await self.look(pilot)

    async def look(self, pilot: Pilot[None]) -> str:
        """Draw and return the screen as text."""
        await pilot.pause()
        pilot.app.pull()
        await pilot.pause()
        strips = pilot.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips) + "\n"


@pytest.fixture
def stage() -> Callable[..., Box]:
    """Make a stage; keyword arguments are the engine's."""
    made: list[Box] = []

    def make(**engine: object) -> Box:
        made.append(Box(**engine))
        return made[-1]

    yield make
    for one in made:
        one.session.close()


@pytest.fixture
def same_as_golden() -> Callable[[str, str], None]:
    """Compare a screen with `screens/NAME.txt`; TERRANO_WRITE_SCREENS=1 writes it, to be read as a diff."""

    def compare(name: str, screen: str) -> None:
        path = _GOLDENS / f"{name}.txt"
        if os.environ.get("TERRANO_WRITE_SCREENS"):
            path.write_text(screen, encoding="utf-8")
        assert screen == path.read_text(encoding="utf-8")

    return compare
