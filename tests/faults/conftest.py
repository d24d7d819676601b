"""Plays the hostile table over every kind of link, once for all tests of this folder."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import msgspec
import pytest

from diag.clock import SystemClock
from diag.errors import AdapterLost
from diag.link import Exchange, Link, LinkOptions, Request, open_link
from diag.link.elm327 import connect_over
from diag.link.sim import DevicePort
from diag.link.url import parse_link_url
from diag.model import Ignition, ModuleAddress, Verdict
from diag.reading.faults import interpret, service_result
from diag.simulator.elm327 import Elm327Engine
from diag.simulator.hostile import HostileCar, HostileRow, RowKind, build_car, hostile_rows
from diag.simulator.hostile.frames import planned_frames
from diag.simulator.hostile.rows import FAULT_REQUESTS
from diag.simulator.ports.slcan import SlcanDevice
from diag.simulator.ports.tcp import TcpPort
from diag.simulator.scenarios import Scenario, load_scenario
from diag.vehicle.fault_texts import words_for
from diag.vehicle.profile import FactConfidence, ModuleFact, Text

ECM, BCM, AV = ModuleAddress(0x7E0, 0x7E8), ModuleAddress(0x745, 0x765), ModuleAddress(0x747, 0x767)
#: Neighbours differ in address, so that each request makes an adapter change its header.
ASKED = (("03", ECM), ("17", BCM), ("07", ECM), ("19 02", AV), ("18", BCM))
WORKERS = 8
SCORER = Path(__file__).with_name("python_obd_score.py")


@dataclass(frozen=True, slots=True)
class Cell:
    """What we said of one row for one service over one kind of link, and what went out on the bus for it."""

    row: HostileRow
    service: str
    kind: str
    verdict: Verdict
    module_verdict: Verdict
    codes: tuple[str, ...]
    requests: tuple[tuple[int, bytes], ...] = ()


def _kinds() -> tuple[str, ...]:
    ptys = () if sys.platform == "win32" else ("elm327 pty",)
    return ("elm327 memory", "elm327 tcp", *ptys, "can slcan tcp")


@cache
def _quiet_scenario() -> Scenario:
    """Return the scenario with few broadcast frames, so that many cars fit into one process."""
    return msgspec.structs.replace(load_scenario("hostile"), broadcast_scale=100.0)


@cache
def _headerless_scenario() -> Scenario:
    """Return the scenario with an adapter that hides headers from the first answer on."""
    quiet = _quiet_scenario()
    adapter = msgspec.structs.replace(quiet.adapter, quirks=(*quiet.adapter.quirks, "no-headers"))
    return msgspec.structs.replace(quiet, adapter=adapter)


def _hides_headers(row: HostileRow) -> bool:
    """Say whether the row is of an adapter that hides headers, which shows already while connecting."""
    return row.formatting.get("headers", True) is False


@contextmanager
def _opened(kind: str, scenario: Scenario) -> Iterator[tuple[Link, HostileCar]]:
    """Connect to a hostile car of its own over one kind of link."""
    clock = SystemClock()
    with ExitStack() as stack:
        car = build_car(scenario, seed=0, clock=clock)
        assert isinstance(car, HostileCar)
        car.control({"row": "plain-none"})
        car.control({"latency_ms": 0})
        car.start()
        stack.callback(car.stop)
        traits = car.scenario.adapter
        if kind == "elm327 memory":
            port = DevicePort(lambda output: Elm327Engine(car, traits, clock, output))
            link = connect_over(port, parse_link_url("elm327:memory"), LinkOptions())
            stack.callback(link.close)
            yield link, car
            return
        yield stack.enter_context(open_link(_port_url(kind, car, stack))), car


def _port_url(kind: str, car: HostileCar, stack: ExitStack) -> str:
    clock = SystemClock()
    if kind == "can slcan tcp":
        port = TcpPort(lambda output: SlcanDevice(car, clock, output))
        stack.callback(port.close)
        return f"can:slcan:socket://127.0.0.1:{port.port}?bitrate=500000"
    if kind == "elm327 tcp":
        port = TcpPort(lambda output: Elm327Engine(car, car.scenario.adapter, clock, output))
        stack.callback(port.close)
        return f"elm327:socket://127.0.0.1:{port.port}"
    from diag.simulator.ports.pty import PtyPort

    pseudo = PtyPort(lambda output: Elm327Engine(car, car.scenario.adapter, clock, output))
    stack.callback(pseudo.close)
    return f"elm327:{pseudo.path}"


def _module(service: str, address: ModuleAddress) -> ModuleFact:
    title = Text("module", "блок")
    return ModuleFact(
        name="module",
        title=title,
        request_id=f"{address.request_id:03X}",
        response_id=f"{address.response_id:03X}",
        powered_from=Ignition.OFF,
        fault_requests=(FAULT_REQUESTS[service].hex(" "),),
        source="test",
        confidence=FactConfidence.CONFIRMED,
    )


def _cell(row: HostileRow, service: str, kind: str, exchange: Exchange, address: ModuleAddress) -> Cell:
    result = service_result(exchange)
    module = interpret(_module(service, address), [exchange])
    codes = tuple(code.code for code in result.fault_codes)
    return Cell(row, service, kind, result.verdict, module.verdict, codes)


def _played(kind: str, rows: tuple[HostileRow, ...]) -> list[Cell]:
    """Play rows over live links, those of an adapter without headers over one of their own."""
    shown = tuple(row for row in rows if not _hides_headers(row))
    hidden = tuple(row for row in rows if _hides_headers(row))
    return [
        *_played_over(kind, _quiet_scenario(), shown),
        *_played_over(kind, _headerless_scenario(), hidden),
    ]


def _played_over(kind: str, scenario: Scenario, rows: tuple[HostileRow, ...]) -> list[Cell]:
    """Play rows over one live link; one that is lost is opened again and the row counts as lost."""
    cells: list[Cell] = []
    waiting = [
        (row, service, address) for row in rows for service, address in ASKED if service in row.services
    ]
    while waiting:
        with _opened(kind, scenario) as (link, car):
            while waiting:
                row, service, address = waiting.pop(0)
                car.control({"row": row.id})
                car.fault_requests.clear()
                # Odd rows answer, so that waiting longer for them costs little; bad ones may never do.
                deadline_s = 0.3 if row.kind is RowKind.BAD else 0.7
                request = Request(FAULT_REQUESTS[service], address, deadline_s, deadline_s, 4 * deadline_s)
                try:
                    exchange = link.submit(request).result()
                except AdapterLost:
                    cells.append(Cell(row, service, kind, Verdict.LOST, Verdict.LOST, ()))
                    break
                cell = _cell(row, service, kind, exchange, address)
                cells.append(_with_requests(cell, car))
    return cells


def _with_requests(cell: Cell, car: HostileCar) -> Cell:
    return replace(cell, requests=tuple(car.fault_requests))


def _replayed(row: HostileRow, folder: Path) -> list[Cell]:
    """Write what the row looks like on the bus as a candump log, and ask the log.

    A session answer comes first, since a pair of ids counts only where an answer proves it; frames at the end
    show that there was time to answer.
    """
    path = folder / f"{row.id}.log"
    asked = [(service, address) for service, address in ASKED if service in row.services]
    lines = [
        line
        for number, (service, address) in enumerate(asked)
        for line in _recorded(row, address.request_id, FAULT_REQUESTS[service], 1000.0 + 20 * number)
    ]
    path.write_text("".join([*_introduced(asked), *lines, "(1200.000000) can0 60D#0606000000000000\n"]))
    cells = []
    with open_link(f"replay:{path}") as link:
        for service, address in asked:
            exchange = link.submit(Request(FAULT_REQUESTS[service], address)).result()
            cells.append(_cell(row, service, "replay", exchange, address))
    return cells


def _introduced(asked: list[tuple[str, ModuleAddress]]) -> Iterator[str]:
    for number, (_, address) in enumerate(asked):
        yield f"({900 + number:.6f}) can0 {address.request_id:03X}#021081\n"
        yield f"({900.1 + number:.6f}) can0 {address.response_id:03X}#025081\n"


def _recorded(row: HostileRow, request_id: int, request: bytes, at_s: float) -> Iterator[str]:
    question = bytes((len(request), *request)).ljust(8, b"\0")
    yield f"({at_s:.6f}) can0 {request_id:03X}#{question.hex().upper()}\n"
    allowed = False
    for planned in planned_frames(row, request_id, request):
        at_s += 0.002 + planned.delay_s
        if planned.waits and not allowed:
            allowed = True
            yield f"({at_s:.6f}) can0 {request_id:03X}#3000000000000000\n"
            at_s += 0.002
        yield f"({at_s:.6f}) can0 {planned.arbitration_id:03X}#{planned.data.hex().upper()}\n"


def _python_obd() -> dict[str, dict[str, list[str] | str]]:
    done = subprocess.run(
        [sys.executable, str(SCORER)], capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@dataclass(frozen=True, slots=True)
class Played:
    """Every cell of our table, and what python-OBD says: codes, `[]` for "none", or why there is no value."""

    cells: tuple[Cell, ...]
    python_obd: dict[str, dict[str, list[str] | str]]


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Every row, for every service, over every kind of link that can carry it, all at the same time."""
    everything = hostile_rows()
    on_can = tuple(row for row in everything if row.on_can)
    folder = tmp_path_factory.mktemp("captures")
    # msgspec (0.22) crashes where two threads convert to a type that neither has met before.
    assert _headerless_scenario()
    assert words_for("P0562")
    with ThreadPoolExecutor(len(_kinds()) * WORKERS + 1) as pool:
        peer = pool.submit(_python_obd) if sys.platform != "win32" else None
        jobs = [
            pool.submit(_played, kind, (on_can if kind.startswith("can") else everything)[number::WORKERS])
            for kind in _kinds()
            for number in range(WORKERS)
        ]
        replayed = [cell for row in on_can for cell in _replayed(row, folder)]
        cells = (*(cell for job in jobs for cell in job.result()), *replayed)
        return Played(cells, peer.result() if peer else {})


@pytest.fixture(scope="session")
def cells(played: Played) -> tuple[Cell, ...]:
    """Our own cells."""
    return played.cells
