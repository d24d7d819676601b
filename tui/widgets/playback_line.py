"""Say where a log stands and what F2 reads of it, in one line."""

from __future__ import annotations

from textual.content import Content

from diag.i18n import tr
from tui.look import Tone
from tui.view import View, minutes_and_seconds


def playback_line(view: View) -> Content:
    """Return the line of the log that is open, nothing where there is none."""
    playback = view.snapshot.playback
    if playback is None:
        return Content("")
    at, length = minutes_and_seconds(playback.at_s), minutes_and_seconds(playback.length_s)
    if playback.runs:
        words = tr(
            "The log plays: {at} of {length}. F2 reads what has come by, End jumps to its end.",
            at=at,
            length=length,
        )
    elif playback.at_s < playback.length_s:
        words = tr(
            "The log stands at {at} of {length}. F2 reads what has come by, End jumps to its end.",
            at=at,
            length=length,
        )
    else:
        words = tr("The log is at its end ({length}). F2 reads all that it holds.", length=length)
    return Content.styled(words, Tone.PLAIN)
