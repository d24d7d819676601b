"""Show what must always be seen: mode, car, voltage, ignition, radio, time; each value above its age."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content
from textual.widgets import Static

from diag.i18n import current_language, tr
from diag.model import Ignition, Mode, RadioLock, RadioPower, Reading
from diag.text import vin_tail, voltage_text
from tui.look import Tone
from tui.plain import in_ascii
from tui.view import View, duration, fitted

#: Older values are marked: they may no longer be true.
STALE_S = 5.0
_GAP = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One value above its age."""

    value: str
    age: str = ""
    tone: Tone = Tone.PLAIN

    @property
    def width(self) -> int:
        """Cells that both lines need."""
        return max(Content(self.value).cell_length, Content(self.age).cell_length)


class StatusHeader(Static):
    """Two lines at the top of every screen."""

    _shown: tuple[str, object] | None = None

    def show(self, view: View) -> None:
        """Draw the header of this moment, if it differs from what is shown."""
        content = header(view, self.size.width or self.app.size.width)
        if self.app.has_class("-ascii"):
            content = in_ascii(content)
        wanted = (content.plain, content.spans)
        if wanted != self._shown:
            self._shown = wanted
            self.update(content)


def header(view: View, width: int) -> Content:
    """Return both lines, `width` cells wide: values right, under the mode and the VIN the name of the car.

    Where there is no room, the VIN goes first, then the time, then the radio.
    """
    left = [_mode(view), _vin(view)]
    right = [_voltage(view), _ignition(view), _radio(view), _elapsed(view)]
    if _needed(left + right, 1) > width:
        left.pop()
    while _needed(left + right, 1) > width and len(right) > 1:
        right.pop(-1)
    gap = _GAP if _needed(left + right, _GAP) <= width else 1
    values, ages = _columns(right, gap)
    room = width - 2 - values.cell_length - gap
    top = _columns(left, gap)[0]
    name = fitted(_car_name(view), room, view.symbols.ellipsis)
    return Content("\n").join(
        [
            Content(" ") + top + Content(" " * (room - top.cell_length + gap)) + values,
            Content(" ") + Content.styled(name, Tone.PLAIN) + Content(" " * gap) + ages,
        ]
    )


def _needed(cells: list[Cell], gap: int) -> int:
    """Return the cells that all values need in one line, with the margins."""
    return sum(cell.width for cell in cells) + gap * (len(cells) - 1) + 2


def _columns(cells: list[Cell], gap: int) -> tuple[Content, Content]:
    """Set the values in one line and their ages under them."""
    values = [Content.styled(fitted(cell.value, cell.width, ""), cell.tone) for cell in cells]
    ages = [
        Content.styled(fitted(cell.age, cell.width, ""), Tone.WARN if cell.tone is Tone.WARN else Tone.MUTED)
        for cell in cells
    ]
    between = Content(" " * gap)
    return between.join(values), between.join(ages)


def _mode(view: View) -> Cell:
    identity, lost = view.snapshot.identity, view.snapshot.lost
    practice = identity is not None and identity.practice
    if lost is not None:
        word = tr("LOST {time}", time=f"{lost.time:%H:%M}")
        return Cell(f"{word} {tr('PRACTICE')}" if practice else word, tone=Tone.FAULT)
    if identity is None or (view.is_cut_off and not practice):
        return Cell(tr("NO LINK"), tone=Tone.MUTED)
    words = {
        Mode.LIVE: tr("LIVE"),
        Mode.REPLAY: tr("REPLAY PRACTICE") if practice else tr("REPLAY"),
        Mode.PRACTICE: tr("PRACTICE"),
        Mode.ASKED: tr("ASKED"),
    }
    return Cell(words[identity.mode], tone=Tone.TITLE)


def _car_name(view: View) -> str:
    profile = view.snapshot.profile
    if profile is None:
        return ""
    return profile.title.ru if current_language() == "ru" else profile.title.en


def _vin(view: View) -> Cell:
    vin = view.snapshot.vin
    return Cell(f"VIN ..{vin_tail(vin)}") if vin else Cell("VIN ?", tone=Tone.MUTED)


def _voltage(view: View) -> Cell:
    battery = view.snapshot.battery
    reading = battery.voltage if battery is not None else None
    if reading is None:
        return Cell(tr("voltage ?"), tr("not read"), Tone.MUTED)
    text = str(voltage_text(reading)).replace("±", view.symbols.plus_minus)
    return _aged(text, reading, view)


def _ignition(view: View) -> Cell:
    reading = view.snapshot.ignition
    if reading is None:
        return Cell(tr("IGN {position}", position="?"), tr("not read"), Tone.MUTED)
    if reading.value is Ignition.UNKNOWN:
        return Cell(tr("IGN {position}", position="?"), tr("not seen"), Tone.MUTED)
    return _aged(tr("IGN {position}", position=reading.value), reading, view)


def _radio(view: View) -> Cell:
    """Show what was asked of the lock, else the power above the word that nobody asked for the lock."""
    reading = view.snapshot.radio
    if reading is None:
        return Cell(tr("radio ?"), tr("nobody looked"), Tone.MUTED)
    if reading.lock is not RadioLock.UNKNOWN:
        minutes = int(view.age_s(reading.time) // 60)
        state = reading.lock.upper()
        return Cell(tr("radio {state}", state=state), tr("asked {minutes} min ago", minutes=minutes))
    words = {
        RadioPower.ON: (tr("radio on"), Tone.PLAIN),
        RadioPower.OFF: (tr("radio off"), Tone.PLAIN),
        RadioPower.UNKNOWN: (tr("radio ?"), Tone.MUTED),
    }
    word, tone = words[reading.power]
    return Cell(word, tr("lock not asked"), tone)


def _aged(text: str, reading: Reading[float] | Reading[Ignition], view: View) -> Cell:
    """Add the age; a value of a capture keeps its place in the capture instead."""
    if view.from_capture:
        at_s = reading.at_s
        return Cell(text, "" if at_s is None else tr("at {seconds:.1f} s", seconds=at_s))
    age_s = view.age_s(reading.time)
    if age_s > STALE_S:
        return Cell(f"{text} ?", tr("{age} old", age=duration(age_s)), Tone.WARN)
    return Cell(f"{text}  ", duration(age_s))


def _elapsed(view: View) -> Cell:
    minutes, seconds = divmod(int(view.now_s - view.snapshot.started_s), 60)
    return Cell(f"{minutes:02d}:{seconds:02d}")
