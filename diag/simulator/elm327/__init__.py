"""An ELM327-class adapter in software, in front of the simulated car.

Written from the chip's published command set (ELM327 data sheet, v1.4 to v2.2), by hand and apart from the
client: what both misread alike would stay hidden.
"""

from diag.simulator.elm327.engine import Elm327Engine
from diag.simulator.elm327.interference import Interference, Performance, Piece
from diag.simulator.elm327.quirks import QUIRKS

__all__ = ["QUIRKS", "Elm327Engine", "Interference", "Performance", "Piece"]
