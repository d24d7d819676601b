"""Adapters of the ELM327 class, on a serial port, a pseudo-terminal or TCP."""

from __future__ import annotations

from diag.link.elm327.link import connect_elm327, connect_over
from diag.link.elm327.port import Port

__all__ = ["Port", "connect_elm327", "connect_over"]
