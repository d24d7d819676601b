"""Set an adapter up, and know what it has confirmed: nothing counts as set without its OK."""

from __future__ import annotations

from diag.clock import Clock
from diag.errors import HeaderUnconfirmed
from diag.i18n import Message, message
from diag.link.base import Request
from diag.link.elm327.terminal import Reply, Terminal
from diag.model import Address, ModuleAddress

#: Echo off, no linefeeds, no spaces, headers on, formatting on, fixed timing; an adapter may lack any.
_BASICS = (("E", "0"), ("L", "0"), ("S", "0"), ("H", "1"), ("CAF", "1"), ("AT", "0"))
#: A refusal of these may lie in the value: the command itself is asked again.
_VALUE_DECIDES = frozenset({"SP", "SH", "CRA", "AR"})
_COMMAND_S = 0.8
#: The unit of AT ST, and its largest value (ELM327 data sheet).
_TIMEOUT_STEP_S = 0.004096
_LONGEST_TIMEOUT_S = 255 * _TIMEOUT_STEP_S
#: Modules answer a functional request within 50 ms (ISO 15765-4, P2 CAN); adapters add their own delay.
_FUNCTIONAL_TIMEOUT_S = 0.3
_OTHER_ADAPTER = message("Connect again; if it stays, this adapter is not fit for this car.")
#: Any module outside the pairs of ISO 15765-4 will do for asking whether the adapter knows a command.
_PROBED_ID = 0x740
#: The least time before our deadline in which the adapter should have given up.
_MARGIN_S = 0.12


def is_legislated(address: ModuleAddress) -> bool:
    """Say whether an adapter hears this module, and asks it for long answers, by itself (ISO 15765-4)."""
    return 0x7E0 <= address.request_id <= 0x7E7 and address.response_id == address.request_id + 8


class Settings:
    """What the adapter has confirmed, and what it lacks.

    `missing` names commands that it does not know, as `AT CRA`. `protocol` is the digit that AT SP gets.
    """

    def __init__(self, terminal: Terminal, clock: Clock) -> None:
        self._terminal = terminal
        self._clock = clock
        self._set: dict[str, str] = {}
        self._touched: set[str] = set()
        self._was_raw = False
        self._until_s = 0.0
        self.missing: set[str] = set()
        self.protocol = "6"

    def allow(self, budget_s: float) -> None:
        """Let what follows take `budget_s` in all."""
        self._until_s = self._clock.monotonic() + budget_s

    def forget(self) -> None:
        """Take nothing as set any more, as after a restart of the adapter."""
        self._set.clear()

    def knows(self, name: str) -> bool:
        """Say whether the adapter has not refused the command `name`."""
        return name not in self.missing

    def is_set(self, name: str, value: str) -> bool:
        """Say whether the adapter confirmed this value last."""
        return self._set.get(name) == value

    def ensure(self, name: str, value: str) -> bool:
        """Set `AT name value` unless it is set; say whether the adapter confirmed it, now or before."""
        if self._set.get(name) == value:
            return True
        self._set.pop(name, None)
        left_s = self._left_s()
        if left_s <= 0.0:
            return False
        reply = self._send(name, value, min(_COMMAND_S, left_s))
        if reply.confirmed:
            self._confirm(name, value)
            return True
        if reply.refused and name not in _VALUE_DECIDES and not (name == "CAF" and self._was_raw):
            self.missing.add(name)
        elif not reply.refused:
            self.forget()
            if reply.finished:
                self._terminal.doubt()
        return False

    def _left_s(self) -> float:
        """Return the seconds left for one more command; none where it could not be answered in time."""
        left_s = self._until_s - self._clock.monotonic()
        return left_s if left_s > 1.5 * self._terminal.delay_s else 0.0

    def _send(self, name: str, value: str, timeout_s: float) -> Reply:
        reply = self._terminal.command(f"AT{name}{value}", timeout_s)
        if not reply.refused:
            self._touched.add(f"{name}{value}" if name == "FCSM" else name)
        return reply

    def _confirm(self, name: str, value: str) -> None:
        """Keep a confirmed setting; another protocol has other addresses."""
        if name == "SP":
            for gone in ("SH", "CRA", "FCSH", "FCSD", "FCSM"):
                self._set.pop(gone, None)
        if (name, value) == ("FCSM", "0"):
            self._touched.discard("FCSM1")
        self._set[name] = value

    def prepare(self) -> None:
        """Set what every request needs; what the adapter lacks is left, and remembered."""
        for name, value in _BASICS:
            if self.knows(name):
                self.ensure(name, value)

    def raw_frames(self) -> bool:
        """Switch formatting off, for listening; from now on every request needs it confirmed on again.

        An adapter that does not know formatting is left alone: nobody could be sure of it afterwards.
        """
        if not self.knows("CAF"):
            return False
        self._was_raw = True
        return self.ensure("CAF", "0")

    def probe(self) -> None:
        """Find out whether the adapter can be pointed at one module, and take its long answers."""
        header, filter_ = self.ensure("SH", "7E0"), self.ensure("CRA", "7E8")
        self.missing.update(name for name, known in (("SH", header), ("CRA", filter_)) if not known)
        self._to_module(ModuleAddress(_PROBED_ID, _PROBED_ID + 0x20))
        self.hear_all()

    def address(self, request: Request) -> None:
        """Point the adapter at the module, or at everyone, and see each step confirmed.

        Raises:
            HeaderUnconfirmed: a step was not confirmed; everything set before is forgotten.
        """
        address = request.address
        header = f"{address.request_id:03X}"
        if not self.reaches(address):
            raise HeaderUnconfirmed(words_for_missing("CRA"), _OTHER_ADAPTER)
        self.prepare()
        if self._was_raw:
            self._require(request, "CAF", "1")
        self._require(request, "SP", self.protocol)
        self._timeout(request)
        self._require(request, "SH", header)
        if isinstance(address, ModuleAddress):
            if self.knows("CRA"):
                self._require(request, "CRA", f"{address.response_id:03X}")
            ready = self._to_module(address)
        else:
            ready = self.hear_all() and self._automatic_flow_control()
        formatted = self.is_set("CAF", "1") or not self._was_raw
        if not (ready and formatted and self.is_set("SP", self.protocol) and self.is_set("SH", header)):
            raise self.refusal(request, "SH, CRA, FC SM")

    def hear_all(self) -> bool:
        """Take the filter away; say whether the adapter confirmed it, or never had one."""
        if self.is_set("CRA", "") or "CRA" not in self._touched:
            return True
        confirmed = self.ensure("AR", "") or self.ensure("CRA", "")
        self._set.pop("AR", None)
        if confirmed:
            self._set["CRA"] = ""
        return confirmed

    def reaches(self, address: Address) -> bool:
        """Say whether answers of this address can arrive: without a filter, only those of ISO 15765-4 do."""
        return self.knows("CRA") or not isinstance(address, ModuleAddress) or is_legislated(address)

    def reaches_long_answers(self, address: ModuleAddress) -> bool:
        """Say whether the adapter is set to ask this module for the rest of a long answer."""
        return is_legislated(address) or self.is_set("FCSM", "1")

    def _to_module(self, address: ModuleAddress) -> bool:
        """Send flow control to the module itself; where the adapter cannot, short answers still arrive."""
        steps = (("FCSH", f"{address.request_id:03X}"), ("FCSD", "300000"), ("FCSM", "1"))
        if not is_legislated(address) and all(
            self.knows(name) and self.ensure(name, value) for name, value in steps
        ):
            return True
        return self._automatic_flow_control()

    def _automatic_flow_control(self) -> bool:
        """Leave flow control to the adapter, so that none goes to a module of an earlier request."""
        return "FCSM1" not in self._touched or self.ensure("FCSM", "0")

    def _timeout(self, request: Request) -> None:
        """Make the adapter give up a little before our own deadline, so that its reason is heard."""
        wanted_s = max(
            request.deadline_s - max(_MARGIN_S, 2 * self._terminal.delay_s + 0.06), request.deadline_s / 2
        )
        if not isinstance(request.address, ModuleAddress):
            wanted_s = min(wanted_s, _FUNCTIONAL_TIMEOUT_S)
        steps = round(min(wanted_s, _LONGEST_TIMEOUT_S) / _TIMEOUT_STEP_S)
        if self.knows("ST"):
            self.ensure("ST", f"{max(steps, 1):02X}")

    def _require(self, request: Request, name: str, value: str) -> None:
        if not self.ensure(name, value):
            raise self.refusal(request, name)

    def refusal(self, request: Request, name: str) -> HeaderUnconfirmed:
        """Return the error that says that nothing was sent, and forget everything.

        Where only the time ran out, what was confirmed stays, so that the next request goes on from there.
        """
        if self._left_s() > 0.0:
            self.forget()
        return HeaderUnconfirmed(
            message(
                "The adapter did not confirm the address {address} (AT {command}): nothing was sent.",
                address=request.address,
                command=name,
            ),
            _OTHER_ADAPTER,
        )


def words_for_missing(name: str) -> Message:
    """Say what an adapter without the command `name` cannot do."""
    if name == "SH":
        return message("This adapter cannot be pointed at one module (AT {command} refused).", command=name)
    if name == "CRA":
        return message(
            "Only engine and gearbox can be asked with this adapter (AT {command} refused).", command=name
        )
    if name.startswith("FC"):
        return message(
            "Long answers of modules other than engine and gearbox do not arrive (AT {command} refused).",
            command=name,
        )
    return message("This adapter does not know AT {command}.", command=name)
