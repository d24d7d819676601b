"""Own the line to the car: one thread connects, scans and re-reads; the screens pull a snapshot."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import replace
from typing import Any

from diag.clock import Clock
from diag.errors import AdapterLost, TerranoError
from diag.i18n import Message, message
from diag.link import Link
from diag.model import Ignition, ModuleResult, Reading
from diag.reading.result import BatteryReading, RadioReading
from diag.vehicle.profile import ModuleFact, Profile
from tui.engine import Engine
from tui.snapshot import Phase, Snapshot, Trouble

_REREAD_S = 2.0
_JOIN_S = 5.0
_RECONNECT = message("Check the cable and the adapter, then press F2 to connect again.")

_log = logging.getLogger(__name__)


class _Stopped(Exception):
    """Leave a running scan."""


class Session:
    """One sitting at one car. Every public method returns at once, save `close`.

    `reread_s` is the pause between two readings of supply and key while nothing else runs; None for never.
    """

    def __init__(self, engine: Engine, clock: Clock, reread_s: float | None = _REREAD_S) -> None:
        self._engine = engine
        self._clock = clock
        self._reread_s = reread_s
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._link: Link | None = None
        self._thread: threading.Thread | None = None
        self._snapshot = Snapshot(started_s=clock.monotonic())

    def pull(self) -> Snapshot:
        """Return what is known now; notice an adapter that is gone."""
        link = self._link
        if link is not None and link.lost is not None:
            self._note_lost(link.lost)
        return self._snapshot

    def scan(self, url: str) -> bool:
        """Connect to `url` unless that line is open, then scan; False while something else runs."""
        return self._begin(Phase.CONNECTING, lambda: self._scan(url))

    def check(self, url: str) -> bool:
        """Check the adapter of `url`; the open line is let go first. False while something else runs."""
        return self._begin(Phase.CHECKING, lambda: self._check(url))

    def stop(self) -> None:
        """Give up what runs, within 2 s; what was found stays."""
        with self._lock:
            if not self._snapshot.phase.busy:
                return
            self._stop.set()
            self._snapshot = replace(self._snapshot, phase=Phase.STOPPING)
        if self._link is not None:
            self._link.cancel()

    def close(self) -> None:
        """Give up what runs, close the link and end the thread."""
        self.stop()
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join(_JOIN_S)

    def _begin(self, phase: Phase, job: Callable[[], None]) -> bool:
        if self._snapshot.phase.busy:
            return False
        self._stop.clear()
        self._update(phase=phase, trouble=None, stopped=False)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="terrano-session", daemon=True)
            self._thread.start()
        self._jobs.put(job)
        return True

    def _update(self, **changes: Any) -> None:
        with self._lock:
            self._snapshot = replace(self._snapshot, **changes)

    def _run(self) -> None:
        pause_s = None if self._reread_s is None else max(0.1, self._clock.real_seconds(self._reread_s))
        while True:
            try:
                job = self._jobs.get(timeout=pause_s)
            except queue.Empty:
                job = self._reread
            if job is None:
                break
            self._guard(job)
        self._let_go()

    def _guard(self, job: Callable[[], None]) -> None:
        """Run a job; whatever goes wrong becomes a sentence on the screen."""
        stopped = False
        try:
            job()
        except (_Stopped, CancelledError):
            stopped = True
        except AdapterLost as error:
            self._note_lost(error.what)
        except TerranoError as error:
            self._update(trouble=Trouble(error.what, error.advice, self._clock.now()))
        except Exception:  # noqa: BLE001 - the edge of the thread: screens stay, the log says why
            _log.exception("the adapter thread met an error of the program's own")
            self._update(trouble=self._own_error())
        if self._snapshot.phase.busy:
            self._update(phase=Phase.IDLE, asking=None, stopped=stopped)

    def _own_error(self) -> Trouble:
        return Trouble(
            message("The program met an error of its own; what was read so far stays."),
            message("Start it again with --log FILE, repeat this, and send us the file."),
            self._clock.now(),
        )

    def _note_lost(self, what: Message) -> None:
        trouble = self._snapshot.trouble
        if trouble is None or not trouble.adapter_lost:
            self._update(trouble=Trouble(what, _RECONNECT, self._clock.now(), adapter_lost=True))

    def _scan(self, url: str) -> None:
        link = self._open(url)
        self._update(phase=Phase.SCANNING, modules=(), power_loss=None, result=None)
        result = self._engine.scan(link, _Observer(self))
        self._update(
            result=result,
            profile=result.profile,
            profile_because=result.profile_because,
            vin=result.vin,
            battery=result.battery,
            ignition=result.ignition,
            radio=result.radio,
            modules=result.modules,
            power_loss=result.power_loss,
            step=None,
        )

    def _open(self, url: str) -> Link:
        """Return the open line to `url`; one that is lost, or leads elsewhere, is let go first."""
        link = self._link
        if link is not None and link.lost is None and self._snapshot.url == url:
            return link
        self._let_go()
        self._forget_other(url)
        link = self._engine.connect(url, self.step)
        self._link = link
        self._update(identity=link.identity, trouble=None)
        self.check_stopped()
        return link

    def _let_go(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def _check(self, url: str) -> None:
        self._let_go()
        self._forget_other(url)
        self._update(check=None, check_steps=())
        check = self._engine.check(url, self._check_step)
        self._update(check=check, identity=check.identity or self._snapshot.identity)

    def _check_step(self, sentence: Message) -> None:
        self.learn(check_steps=(*self._snapshot.check_steps, sentence))

    def _forget_other(self, url: str) -> None:
        """Forget what was read over another link."""
        if self._snapshot.url != url:
            with self._lock:
                self._snapshot = Snapshot(self._snapshot.started_s, self._snapshot.phase, url)

    def _reread(self) -> None:
        link = self._link
        if link is None or link.lost is not None:
            return
        try:
            fresh = self._engine.reread(link, self._snapshot)
        except AdapterLost:
            raise
        except TerranoError as error:
            _log.warning("the values were not read again: %s", error)
            return
        self._update(battery=fresh.battery, ignition=fresh.ignition)

    # What the scanning thread tells while it works.

    def check_stopped(self) -> None:
        """Leave the running job where the technician asked for it."""
        if self._stop.is_set():
            raise _Stopped

    def step(self, sentence: Message) -> None:
        """Take what is being done now."""
        self.check_stopped()
        self._update(step=sentence)

    def learn(self, **facts: Any) -> None:
        """Take facts of a running scan, by the names of the snapshot's fields."""
        self.check_stopped()
        self._update(**facts)

    def add_module(self, result: ModuleResult) -> None:
        """Take a module that is done."""
        self.learn(modules=(*self._snapshot.modules, result), asking=None)


class _Observer:
    """Hand each thing that a scan finds to the session at once."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def step(self, sentence: Message) -> None:
        self._session.step(sentence)

    def profile(self, profile: Profile, because: Message) -> None:
        self._session.learn(profile=profile, profile_because=because)

    def vin(self, vin: str | None) -> None:
        self._session.learn(vin=vin)

    def battery(self, reading: BatteryReading) -> None:
        self._session.learn(battery=reading)

    def ignition(self, reading: Reading[Ignition]) -> None:
        self._session.learn(ignition=reading)

    def radio(self, reading: RadioReading) -> None:
        self._session.learn(radio=reading)

    def asking(self, module: ModuleFact) -> None:
        self._session.learn(asking=module.name)

    def module(self, result: ModuleResult) -> None:
        self._session.add_module(result)
