"""Send the frames that the modules of a car send by themselves: one file for each family of cars."""

from __future__ import annotations

from diag.simulator.broadcast import f_alpha, renault
from diag.simulator.broadcast.broadcaster import Broadcaster
from diag.simulator.broadcast.frame import Broadcast
from diag.simulator.scenarios import CarFamily

__all__ = ["BROADCASTS", "Broadcast", "Broadcaster"]

#: The broadcast frames of each family.
BROADCASTS: dict[CarFamily, tuple[Broadcast, ...]] = {
    CarFamily.F_ALPHA: f_alpha.FRAMES,
    CarFamily.RENAULT: renault.FRAMES,
}
