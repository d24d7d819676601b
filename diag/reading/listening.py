"""Hear the bus for a moment, and keep the newest frame of each id with its age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from diag.clock import Clock
from diag.i18n import Message, message
from diag.link import Link
from diag.model import Frame, Mode

#: Six periods of the slowest frame that shows the key (about 100 ms).
LISTEN_S = 0.6
_LOOK_S = 0.1
#: A full bus at 500 kbit/s carries about 4 000 frames a second; a capture may hand over more at once.
_MOST_FRAMES = 200_000


@dataclass(frozen=True, slots=True)
class HeardFrame:
    """The newest frame of one id: how old it was when the listening ended, and when it was on the bus."""

    frame: Frame
    age_s: float
    time: datetime
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was on the bus. `why_not` says why nothing could be heard, where the link does not listen."""

    frames: Mapping[int, HeardFrame] = field(default_factory=dict)
    why_not: Message | None = None

    @property
    def ids(self) -> frozenset[int]:
        """The ids that were heard."""
        return frozenset(self.frames)

    def fresh(self, arbitration_id: int, within_s: float) -> HeardFrame | None:
        """Return the newest frame of an id unless it is older than `within_s`."""
        heard = self.frames.get(arbitration_id)
        return heard if heard is not None and heard.age_s <= within_s else None

    def joined(self, later: Heard) -> Heard:
        """Return both, the later one winning."""
        return Heard({**self.frames, **later.frames}, self.why_not)


def listen(
    link: Link, clock: Clock, seconds: float = LISTEN_S, arbitration_ids: frozenset[int] | None = None
) -> Heard:
    """Hear the bus, all ids or those named; a link that cannot listen gives its reason.

    It ends `seconds` after the first frame, or when the bus was quiet for as long.
    """
    if not link.capabilities.listening:
        reason = link.capabilities.reason_against("listening")
        nobody = link.identity.mode is Mode.ASKED
        unable = message("no adapter") if nobody else message("this adapter cannot listen to the bus")
        return Heard(why_not=reason or unable)
    newest: dict[int, Frame] = {}
    first_s: float | None = None
    quiet_s = 0.0
    with link.listen(arbitration_ids) as stream:
        for _ in range(_MOST_FRAMES):
            frame = stream.read(_LOOK_S)
            now_s = clock.monotonic()
            if frame is None:
                quiet_s += _LOOK_S  # counts on a clock that stands still, too
            else:
                first_s = now_s if first_s is None else first_s
                if _has_data_of_an_11_bit_id(frame):
                    newest[frame.arbitration_id] = frame
            if quiet_s >= seconds or (first_s is not None and now_s - first_s >= seconds):
                break
    return Heard({key: _seen_from_now(link, frame) for key, frame in newest.items()})


def _has_data_of_an_11_bit_id(frame: Frame) -> bool:
    """Say whether a frame is what profiles speak of: 0000060D is another frame than 60D."""
    return not (frame.is_extended or frame.is_remote or frame.is_error)


def _seen_from_now(link: Link, frame: Frame) -> HeardFrame:
    moment = link.moment_of(frame)
    return HeardFrame(frame, moment.age_s, moment.time, moment.at_s)
