"""Run the chip: take serial bytes, carry out lines one at a time on a thread of its own, write replies."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from diag.clock import Clock
from diag.simulator.elm327.commands import OK, UNKNOWN, apply_command
from diag.simulator.elm327.conversation import BusOwner, CanSide, Inbox, Stopped, fits
from diag.simulator.elm327.formatting import frame_line, monitored_line
from diag.simulator.elm327.interference import NORMAL, Dress, Interference, Performance
from diag.simulator.elm327.quirks import (
    DEAD_BELOW_V,
    LOW_VOLTAGE_V,
    SLOW_SERIAL_BYTES_PER_S,
    only_pretends,
    refuses,
)
from diag.simulator.elm327.settings import CAR_PROTOCOL, FOREIGN_PROTOCOL_ANSWERS, FUNCTIONAL_ID, Settings
from diag.simulator.scenarios import AdapterTraits

DESCRIPTION = "TERRANO SIMULATED ADAPTER"
_RETURN, _LONGEST_LINE = 0x0D, 512
_SERIAL_BUFFER = 512
_HEX = re.compile(r"[0-9A-F]+")
_MONITOR = re.compile(r"ATM(?:A|R([0-9A-F]{2}))")
_NOISE = b"\xfc\x00"


def _nobody(data: bytes) -> None:
    """Take output while nothing is connected."""


class Elm327Engine:
    """An ELM327 in front of a car.

    Bytes go in by `feed`, from any thread; replies leave through `output`, called on the chip's own thread.
    """

    def __init__(
        self,
        car: BusOwner,
        traits: AdapterTraits,
        clock: Clock,
        output: Callable[[bytes], None] = _nobody,
    ) -> None:
        self.output = output
        self._car = car
        self._traits = traits
        self._quirks = frozenset(traits.quirks)
        self._clock = clock
        self._interference = car if isinstance(car, Interference) else None
        self._settings = Settings()
        self._inbox = Inbox.empty()
        self._can = CanSide(car, self._inbox, clock)
        self._line = bytearray()
        self._last_command = ""
        self._buffered: bytearray | None = None
        self._voltage_offset_v = 0.0
        self._dead = False
        self._thread = threading.Thread(target=self._run, name="simulated-elm327", daemon=True)
        self._thread.start()

    @property
    def requests_sent(self) -> int:
        """How many requests went out on the bus."""
        return self._can.sent

    def feed(self, data: bytes) -> None:
        """Take bytes from the serial line; a byte that finds the chip at work stops it and is lost."""
        with self._inbox.changed:
            self._inbox.serial.extend(data)
            self._inbox.changed.notify_all()

    def close(self) -> None:
        """Switch the chip off; closing twice does nothing."""
        with self._inbox.changed:
            self._inbox.closed = True
            self._inbox.changed.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=2.0)
        self._can.close()

    def _run(self) -> None:
        try:
            while True:
                byte = self._next_byte()
                if byte is None:
                    return
                self._take(byte)
        except OSError:
            return  # the wire is gone, and the chip's supply with it

    def _next_byte(self) -> int | None:
        with self._inbox.changed:
            self._inbox.changed.wait_for(lambda: self._inbox.serial or self._inbox.closed)
            return None if self._inbox.closed else self._inbox.serial.popleft()

    def _take(self, byte: int) -> None:
        if not self._has_supply():
            return
        if self._settings.echo and byte:
            self._write(bytes((byte,)) if byte != _RETURN else self._settings.newline.encode())
        if byte == _RETURN:
            line = self._line.decode("latin-1")
            self._line.clear()
            self._carry_out("".join(line.split()).upper())
        elif byte and len(self._line) < _LONGEST_LINE:
            self._line.append(byte)

    def _has_supply(self) -> bool:
        """Say whether the chip runs; when supply is back it starts anew, and what came meanwhile is lost."""
        if self._car.supply_v() < DEAD_BELOW_V:
            self._line.clear()
            self._dead = True
            return False
        if self._dead:
            self._dead = False
            self._reset(noisy=False)
            self._end_reply(None)
            return False
        return True

    def _carry_out(self, typed: str) -> None:
        command = typed or self._last_command
        self._last_command = command
        self._clock.sleep(self._car.latency_ms / 1000)
        performance = self._performance(command)
        self._buffered = None if performance.dress is None else bytearray()
        try:
            if command:
                self._answer(command, performance)
        except Stopped:
            self._say("STOPPED")
        self._end_reply(performance.dress)

    def _end_reply(self, dress: Dress | None) -> None:
        with self._inbox.changed:
            self._inbox.serial.clear()
        self._write(f"{self._settings.newline}>".encode())
        if dress is None or self._buffered is None:
            return
        reply, self._buffered = bytes(self._buffered), None
        for piece in dress(reply):
            self._clock.sleep(piece.delay_s)
            self._write(piece.data)

    def _performance(self, command: str) -> Performance:
        if self._interference is None:
            return NORMAL
        if _HEX.fullmatch(command):
            asked = self._interference.request_performance(self._settings.header, _payload_of(command))
        else:
            asked = self._interference.command_performance(command)
        return asked or NORMAL

    def _answer(self, command: str, performance: Performance) -> None:
        for line in (*performance.before, *(performance.says or ())):
            self._say(line)
        if performance.says is None:
            if command.startswith("AT"):
                self._answer_at(command)
            elif _HEX.fullmatch(command):
                self._answer_request(command, performance)
            else:
                self._say(UNKNOWN)
        for line in performance.after:
            self._say(line)

    def _answer_at(self, command: str) -> None:
        monitor = _MONITOR.fullmatch(command)
        if refuses(self._quirks, command):
            self._say(UNKNOWN)
        elif only_pretends(self._quirks, command):
            self._say(OK)
        elif command in {"ATZ", "ATWS"}:
            self._reset(noisy=command == "ATZ")
        elif monitor is not None:
            self._monitor(None if monitor[1] is None else int(monitor[1], 16))
        else:
            self._say(self._told(command) or apply_command(self._settings, command) or UNKNOWN)

    def _told(self, command: str) -> str | None:
        """Return the answer to a command about the chip itself, None for a command about settings."""
        match command:
            case "ATI":
                return self._traits.identity
            case "AT@1":
                return DESCRIPTION
            case "ATRV":
                return f"{max(self._car.supply_v() + self._voltage_offset_v, 0.0):.1f}V"
            case "ATD":
                self._settings = Settings()
                return OK
            case _:
                return self._calibrated(command)

    def _calibrated(self, command: str) -> str | None:
        """Take `AT CV dddd`, the true volts in hundredths; 0000 goes back to the factory's setting."""
        match = re.fullmatch(r"ATCV(\d{4})", command)
        if match is None:
            return None
        volts = int(match[1]) / 100
        self._voltage_offset_v = volts - self._car.supply_v() if volts else 0.0
        return OK

    def _reset(self, *, noisy: bool) -> None:
        self._settings = Settings()
        if self._interference is not None:
            self._interference.adapter_reset()
        if noisy and "noisy-reset" in self._quirks:
            self._write(_NOISE)
        self._write(self._settings.newline.encode() * 2)
        self._say(self._traits.identity)

    def _answer_request(self, command: str, performance: Performance) -> None:
        payload, limit = _payload_of(command), _limit_of(command)
        if not fits(payload, self._settings):
            self._say(UNKNOWN)
        elif "low-voltage-reset" in self._quirks and self._car.supply_v() < LOW_VOLTAGE_V:
            self._settings = Settings()
            self._say("LV RESET")
        elif self._settings.active_protocol is None and not self._search():
            self._say("UNABLE TO CONNECT")
        elif self._settings.active_protocol in FOREIGN_PROTOCOL_ANSWERS:
            self._say(FOREIGN_PROTOCOL_ANSWERS[self._settings.active_protocol])
        else:
            self._relay(payload, limit, performance)

    def _relay(self, payload: bytes, limit: int | None, performance: Performance) -> None:
        overrides: dict[str, Any] = dict(performance.formatting)
        shown = replace(self._settings, **overrides)
        heard = False
        for frame in self._can.ask(payload, self._settings, limit, open_filter=performance.open_filter):
            heard = True
            for line in frame_line(frame, shown):
                self._write((line + shown.newline).encode())
        if not heard and not performance.after:
            self._say("NO DATA")

    def _search(self) -> bool:
        """Try the car's protocol with 01 00 to everyone, as the chip does before a first request."""
        self._say("SEARCHING...")
        probe = Settings(timeout_steps=self._settings.timeout_steps, header=FUNCTIONAL_ID)
        found = bool(list(self._can.ask(b"\x01\x00", probe)))
        if found:
            self._settings.found = CAR_PROTOCOL
        return found

    def _monitor(self, low_byte: int | None) -> None:
        """Print frames until a byte comes, or until the serial line falls too far behind."""
        if self._settings.active_protocol in FOREIGN_PROTOCOL_ANSWERS:
            self._say(FOREIGN_PROTOCOL_ANSWERS[self._settings.active_protocol])
            return
        for line in self._monitored_lines(low_byte):
            self._say(line)

    def _monitored_lines(self, low_byte: int | None) -> Iterator[str]:
        slow = "slow-serial" in self._quirks
        waiting, since_s = 0.0, self._clock.monotonic()
        for frame in self._can.monitor(self._settings, low_byte):
            line = monitored_line(frame, self._settings)
            now_s = self._clock.monotonic()
            waiting = max(waiting - (now_s - since_s) * SLOW_SERIAL_BYTES_PER_S, 0.0) + len(line) + 1
            since_s = now_s
            if slow and waiting > _SERIAL_BUFFER:
                yield "BUFFER FULL"
                return
            yield line

    def _say(self, line: str) -> None:
        self._write((line + self._settings.newline).encode("latin-1"))

    def _write(self, data: bytes) -> None:
        if self._buffered is not None:
            self._buffered += data
        else:
            self.output(data)


def _payload_of(command: str) -> bytes:
    return bytes.fromhex(command[: len(command) // 2 * 2])


def _limit_of(command: str) -> int | None:
    """Return the number of lines to wait for: the odd last digit, where there is one."""
    return int(command[-1], 16) if len(command) % 2 else None
