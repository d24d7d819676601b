"""Own the line to the car: one thread connects, scans and re-reads; the screens pull a snapshot."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from diag.clock import Clock
from diag.errors import AdapterLost, TerranoError
from diag.i18n import Message, message
from diag.model import ModuleResult
from tui.engine import Engine, Watch
from tui.observer import SessionObserver
from tui.snapshot import Phase, ReadTime, Snapshot, Trouble

if TYPE_CHECKING:
    from diag.link import Link

_REREAD_S = 2.0
_JOIN_S = 5.0
#: A job that was stopped has this long to end; then it is given up.
_PATIENCE_S = 1.5
_RECONNECT = message("Check the cable and the adapter, then press F2 to connect again.")
_STILL_BUSY = message("Waiting until the adapter is free of the last try.")

_log = logging.getLogger(__name__)


class _Stopped(Exception):
    """Leave a running job."""


class _Job:
    """Something for the thread to do; `given_up` once nobody waits for what comes of it."""

    def __init__(self, work: Callable[[], None]) -> None:
        self.work = work
        self.stop = threading.Event()
        self.given_up = False


class Session:
    """One sitting at one car. Every public method returns at once, save `close`.

    One thread does one job after the other, so an adapter never has two owners: a job that does not end when
    it is stopped is given up, and the next one waits for it. `reread_s` is the pause between two readings of
    supply and key while nothing else runs; None for never.
    """

    def __init__(self, engine: Engine, clock: Clock, reread_s: float | None = _REREAD_S) -> None:
        self._engine = engine
        self._clock = clock
        self._reread_s = reread_s
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._lock = threading.Lock()
        self._wanted: _Job | None = None
        self._running: _Job | None = None
        self._stopping_since_s = 0.0
        self._link: Link | None = None
        self._thread: threading.Thread | None = None
        self._snapshot = Snapshot(started_s=clock.monotonic())

    def pull(self) -> Snapshot:
        """Return what is known now; notice an adapter that is gone, and how far a log has played."""
        self._give_up_late_job()
        link = self._link
        if link is not None and link.lost is not None:
            self._note_lost(link.lost)
        playback = self._engine.playback(link) if link is not None else None
        if playback != self._snapshot.playback:
            self._update(playback=playback)
        return self._snapshot

    def open(self, url: str) -> bool:
        """Connect to `url`, unless that line is open; False while something else runs."""
        return self._begin(Phase.CONNECTING, lambda: self._look_in(url))

    def jump_to_end(self) -> bool:
        """Open the log at its end; False while something else runs, or where there is no log."""
        url = self._snapshot.url
        if url is None or self._snapshot.playback is None:
            return False
        return self._begin(Phase.CONNECTING, lambda: self._reopen_at_end(url))

    def scan(self, url: str) -> bool:
        """Connect to `url` unless that line is open, then scan; False while something else runs."""
        return self._begin(Phase.CONNECTING, lambda: self._scan(url))

    def check(self, url: str) -> bool:
        """Check the adapter of `url`; the open line is let go first. False while something else runs."""
        return self._begin(Phase.CHECKING, lambda: self._check(url))

    def refuse(self, what: Message, advice: Message) -> None:
        """Say why something is not done."""
        self._update(trouble=Trouble(what, advice, self._clock.now()))

    def stop(self) -> None:
        """Give up what runs, within 2 s; what was found stays."""
        with self._lock:
            if self._wanted is None or not _can_stop(self._snapshot.phase):
                return
            self._wanted.stop.set()
            self._stopping_since_s = self._clock.monotonic()
            self._snapshot = replace(self._snapshot, phase=Phase.STOPPING)
        if self._link is not None:
            self._link.cancel()

    def close(self) -> None:
        """Give up what runs, close the link and end the thread."""
        self.stop()
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join(_JOIN_S)

    def _begin(self, phase: Phase, work: Callable[[], None]) -> bool:
        if self._snapshot.phase.busy:
            return False
        self._wanted = job = _Job(work)
        waits = self._running is not None and self._running.given_up
        step = _STILL_BUSY if waits else None
        self._update(phase=phase, trouble=None, stopped=False, step=step, asking=None)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="terrano-session", daemon=True)
            self._thread.start()
        self._jobs.put(job)
        return True

    def _give_up_late_job(self) -> None:
        """Stop waiting for a job that does not end; its thread goes on alone, and tells nobody."""
        late = self._clock.monotonic() - self._stopping_since_s >= _PATIENCE_S
        with self._lock:
            if self._wanted is not None and late and self._snapshot.phase is Phase.STOPPING:
                self._wanted.given_up = True
                self._snapshot = replace(self._snapshot, phase=Phase.IDLE, asking=None, stopped=True)

    def _update(self, **changes: Any) -> None:
        with self._lock:
            self._snapshot = replace(self._snapshot, **changes)

    def _run(self) -> None:
        pause_s = None if self._reread_s is None else max(0.1, self._clock.real_seconds(self._reread_s))
        while True:
            try:
                job = self._jobs.get(timeout=pause_s)
            except queue.Empty:
                job = _Job(self._reread)
            if job is None:
                break
            self._running = job
            self._guard(job)
            self._running = None
        self._let_go()

    def _guard(self, job: _Job) -> None:
        """Run a job; whatever goes wrong becomes a sentence on the screen, unless nobody waits for it."""
        stopped = False
        trouble: Trouble | None = None
        try:
            self.check_stopped()
            job.work()
        except (_Stopped, CancelledError):
            stopped = True
        except AdapterLost as error:
            stopped = job.stop.is_set()
            if not stopped:
                self._note_lost(error.what)
        except TerranoError as error:
            stopped = job.stop.is_set()
            trouble = None if stopped else Trouble(error.what, error.advice, self._clock.now())
        except Exception:  # noqa: BLE001 - the edge of the thread: screens stay, the log says why
            _log.exception("the adapter thread met an error of the program's own")
            trouble = self._own_error()
        self._end(job, trouble, stopped=stopped)

    def _end(self, job: _Job, trouble: Trouble | None, *, stopped: bool) -> None:
        """Show what became of a job; one that was given up must not speak into the next."""
        with self._lock:
            if job.given_up:
                return
            if trouble is not None:
                self._snapshot = replace(self._snapshot, trouble=trouble)
            if job is self._wanted and self._snapshot.phase.busy:
                self._snapshot = replace(self._snapshot, phase=Phase.IDLE, asking=None, stopped=stopped)

    def _own_error(self) -> Trouble:
        return Trouble(
            message("The program met an error of its own; what was read so far stays."),
            message("Start it again with --log FILE, repeat this, and send us the file."),
            self._clock.now(),
        )

    def _note_lost(self, what: Message) -> None:
        if self._snapshot.lost is None:
            lost = Trouble(what, _RECONNECT, self._clock.now())
            self._update(lost=lost, connected=False)

    def _scan(self, url: str) -> None:
        link = self._open(url)
        self._update(phase=Phase.SCANNING, modules=(), read_times=(), power_loss=None, result=None)
        result = self._engine.scan(link, SessionObserver(self))
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

    def _look_in(self, url: str) -> None:
        self._open(url)
        self._reread()

    def _reopen_at_end(self, url: str) -> None:
        self._let_go()
        self._connect(url, at_end=True)
        self._reread()

    def _open(self, url: str) -> Link:
        """Return the open line to `url`; one that is lost, or leads elsewhere, is let go first."""
        link = self._link
        if link is not None and link.lost is None and self._snapshot.url == url:
            return link
        self._let_go()
        self._forget_other(url)
        return self._connect(url)

    def _connect(self, url: str, *, at_end: bool = False) -> Link:
        link = self._engine.connect(url, Watch(self.step, self.check_stopped), at_end=at_end)
        if self._running is not None and self._running.given_up:
            link.close()
            raise _Stopped
        self._link = link
        self._update(identity=link.identity, connected=True, lost=None, trouble=None)
        self.check_stopped()
        return link

    def _let_go(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            self._update(connected=False, playback=None)
            link.close()

    def _check(self, url: str) -> None:
        self._let_go()
        self._forget_other(url)
        self._update(check=None, check_steps=())
        check = self._engine.check(url, Watch(self._check_step, self.check_stopped))
        self.learn(check=check, identity=check.identity or self._snapshot.identity)

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
        self.learn(battery=fresh.battery, ignition=fresh.ignition)
        if fresh.car is not None:
            self.learn(profile=fresh.car.profile, profile_because=fresh.car.because)

    # What the scanning thread tells while it works.

    def check_stopped(self) -> None:
        """Leave the running job where the technician asked for it."""
        if self._running is not None and self._running.stop.is_set():
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
        link = self._link
        playback = self._engine.playback(link) if link is not None else None
        at_s = playback.at_s if playback is not None else None
        read = ReadTime(result.name, self._clock.now(), at_s)
        self.learn(
            modules=(*self._snapshot.modules, result),
            read_times=(*self._snapshot.read_times, read),
            asking=None,
        )


def _can_stop(phase: Phase) -> bool:
    return phase.busy and phase is not Phase.STOPPING
