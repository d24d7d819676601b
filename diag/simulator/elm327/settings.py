"""Hold what an ELM327 remembers between commands, with the values it wakes up with."""

from __future__ import annotations

from dataclasses import dataclass

#: Names as `AT DP` says them, by protocol digit.
PROTOCOLS = {
    "1": "SAE J1850 PWM",
    "2": "SAE J1850 VPW",
    "3": "ISO 9141-2",
    "4": "ISO 14230-4 (KWP 5BAUD)",
    "5": "ISO 14230-4 (KWP FAST)",
    "6": "ISO 15765-4 (CAN 11/500)",
    "7": "ISO 15765-4 (CAN 29/500)",
    "8": "ISO 15765-4 (CAN 11/250)",
    "9": "ISO 15765-4 (CAN 29/250)",
    "A": "SAE J1939 (CAN 29/250)",
    "B": "USER1 (CAN 11/125)",
    "C": "USER2 (CAN 11/50)",
}

#: What a request gives on a protocol that this car does not speak on these pins.
FOREIGN_PROTOCOL_ANSWERS = {
    "1": "NO DATA",
    "2": "NO DATA",
    "3": "BUS INIT: ...ERROR",
    "4": "BUS INIT: ...ERROR",
    "5": "BUS INIT: ERROR",
    "7": "NO DATA",
    "8": "CAN ERROR",
    "9": "CAN ERROR",
    "A": "CAN ERROR",
    "B": "CAN ERROR",
    "C": "CAN ERROR",
}

CAR_PROTOCOL = "6"
FUNCTIONAL_ID = 0x7DF
#: One step of `AT ST`, in seconds.
TIMEOUT_STEP_S = 0.004096


@dataclass(frozen=True, slots=True)
class ReceiveFilter:
    """An id passes when (id & mask) == (pattern & mask)."""

    pattern: int
    mask: int

    def passes(self, arbitration_id: int) -> bool:
        """Say whether the chip takes this id in."""
        return arbitration_id & self.mask == self.pattern & self.mask


#: The responses of legislated OBD, 7E8 to 7EF.
OBD_RESPONSES = ReceiveFilter(0x7E8, 0x7F8)


@dataclass(slots=True)
class Settings:
    """The chip's settings; a fresh object is what a reset leaves.

    `protocol` is the digit chosen (`0`: automatic alone), `automatic` whether others may be tried, `found`
    the digit that is active. `timeout_steps` counts `TIMEOUT_STEP_S`.
    """

    echo: bool = True
    linefeeds: bool = False
    spaces: bool = True
    headers: bool = False
    show_length: bool = False
    auto_format: bool = True
    variable_length: bool = False
    flow_control: bool = True
    adaptive: int = 1
    timeout_steps: int = 0x32
    protocol: str = "0"
    automatic: bool = True
    found: str | None = None
    header: int = FUNCTIONAL_ID
    receive: ReceiveFilter | None = None
    pattern: int | None = None
    mask: int | None = None
    flow_mode: int = 0
    flow_header: int | None = None
    flow_data: bytes | None = None

    @property
    def newline(self) -> str:
        """What ends a line."""
        return "\r\n" if self.linefeeds else "\r"

    @property
    def timeout_s(self) -> float:
        """How long the chip waits for an answer, in seconds."""
        return max(self.timeout_steps, 1) * TIMEOUT_STEP_S

    @property
    def active_filter(self) -> ReceiveFilter | None:
        """The filter that was set by hand, or None."""
        if self.receive is not None:
            return self.receive
        if self.pattern is None and self.mask is None:
            return None
        return ReceiveFilter(self.pattern or 0, 0x7FF if self.mask is None else self.mask)

    @property
    def active_protocol(self) -> str | None:
        """The protocol digit in use, None while a search is still to be made."""
        return self.found if self.protocol == "0" else self.protocol
