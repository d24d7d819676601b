"""Send broadcast frames, each at its period, as long as its module is alive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import partial

from diag.clock import Clock
from diag.model import Frame
from diag.simulator.agenda import Agenda
from diag.simulator.broadcast.frame import Broadcast
from diag.simulator.state import CarState


class Broadcaster:
    """Sends the broadcast frames of the modules that are alive, while anyone listens."""

    def __init__(
        self,
        broadcasts: tuple[Broadcast, ...],
        *,
        clock: Clock,
        state: Callable[[], CarState],
        alive: Callable[[str], bool],
        has_audience: Callable[[], bool],
        transmit: Callable[[Frame], None],
    ) -> None:
        self._broadcasts = broadcasts
        self._clock = clock
        self._state = state
        self._alive = alive
        self._has_audience = has_audience
        self._transmit = transmit
        self._counts: dict[int, int] = defaultdict(int)

    def schedule(self, agenda: Agenda, scale: float) -> None:
        """Put the frames on the agenda, their periods stretched by `scale`."""
        groups: dict[int, list[Broadcast]] = defaultdict(list)
        for broadcast in self._broadcasts:
            groups[broadcast.period_ms].append(broadcast)
        for period_ms, group in groups.items():
            agenda.every(period_ms * scale / 1000, partial(self._send, group), self._has_audience)

    def _send(self, group: list[Broadcast]) -> None:
        state = self._state()
        now = self._clock.now().timestamp()
        alive = {name: self._alive(name) for name in {broadcast.sender for broadcast in group}}
        for broadcast in group:
            if state.ignition in broadcast.keys and alive[broadcast.sender]:
                count = self._counts[broadcast.arbitration_id]
                self._counts[broadcast.arbitration_id] = count + 1
                self._transmit(Frame(now, broadcast.arbitration_id, broadcast.encode(state, count)))
