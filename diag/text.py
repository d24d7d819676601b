"""Write values the way a technician reads them: volts with their doubt, module ids, the end of a VIN."""

from __future__ import annotations

from collections.abc import Iterable

from diag.i18n import Message, literal, message
from diag.model import Reading, Words

#: A value is shown with tenths of its unit where its uncertainty reaches this.
_TENTHS_FROM = 0.1
_VIN_TAIL = 4

#: What an adapter check calls an adapter, by its name in documents.
_CHECK_WORDS = {"GOOD": message("GOOD"), "FAIR": message("FAIR"), "POOR": message("POOR")}

#: What a status says of a fault code, by its name in documents (ISO 14229-1 annex D.2, ISO 14230-3).
_STATUS_WORDS = {
    "test-failed": message("test failed now"),
    "test-failed-this-cycle": message("test failed in this drive"),
    "pending": message("pending"),
    "confirmed": message("confirmed"),
    "not-tested-since-clear": message("not tested since cleared"),
    "failed-since-clear": message("failed since cleared"),
    "not-tested-this-cycle": message("not tested in this drive"),
    "warning-lamp": message("warning lamp asked for"),
    "above-maximum": message("signal too high"),
    "below-minimum": message("signal too low"),
    "no-signal": message("no signal"),
    "implausible-signal": message("signal not plausible"),
}


class _Bilingual(Message):
    """A sentence that a data file carries in both languages, so no catalogue has it."""

    __slots__ = ("_words",)

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self._words = words

    def in_language(self, language: str) -> str:
        """Return the text in `language`."""
        return self._words.in_language(language)

    def _facts(self) -> tuple[object, ...]:
        return (self._words,)


def bilingual(en: str, ru: str) -> Message:
    """Make a message of a text that a profile or a fault list carries in both languages."""
    return _Bilingual(Words(en, ru))


def hex_id(arbitration_id: int) -> str:
    """Return a CAN id as people write it: `7E8`, `18DAF110`."""
    return f"{arbitration_id:03X}"


def hex_bytes(data: bytes) -> str:
    """Return bytes as people write them: `19 02 FF`."""
    return data.hex(" ").upper()


def vin_tail(vin: str) -> str:
    """Return the last four characters of a VIN, which is what screens show."""
    return vin[-_VIN_TAIL:]


def masked_vin(vin: str) -> str:
    """Return a VIN with everything but its last four characters starred."""
    return "*" * max(len(vin) - _VIN_TAIL, 0) + vin_tail(vin)


def voltage_text(reading: Reading[float]) -> Message:
    """Return `12.6 V ±0.3`, with as many decimals as the uncertainty lets mean something."""
    uncertainty = reading.uncertainty
    if uncertainty is None:
        return message("{value} V", value=f"{reading.value:.2f}")
    decimals = 1 if uncertainty >= _TENTHS_FROM else 2
    return message(
        "{value} V ±{uncertainty}",
        value=f"{reading.value:.{decimals}f}",
        uncertainty=f"{uncertainty:.{decimals}f}",
    )


def check_word(verdict: str) -> Message:
    """Return the word for the verdict of an adapter check: `GOOD`, `FAIR` or `POOR`."""
    return _CHECK_WORDS[verdict]


def status_words(names: Iterable[str]) -> tuple[Message, ...]:
    """Return the words for the status names of a fault code, in order; an unknown name stays as it is."""
    return tuple(_STATUS_WORDS.get(name) or literal(name) for name in names)
