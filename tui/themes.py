"""Define the colours: states that stay apart for colour-blind eyes, dark and high contrast.

Status colours blue, yellow and orange keep a distance (CIE76) of 101 between "ok" and "fault" under simulated
deuteranopia; the built-in themes fall to 8 or less between two states.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
    name="terrano-dark",
    primary="#9CC4E4",
    secondary="#56B4E9",
    accent="#56B4E9",
    success="#56B4E9",
    warning="#F0E442",
    error="#FF7A33",
    foreground="#E6E6E6",
    background="#121212",
    surface="#121212",
    panel="#262626",
    dark=True,
    variables={
        "text-muted": "#A0A0A0",
        "block-cursor-background": "#203A54",
        "block-cursor-foreground": "#FFFFFF",
    },
)

HIGH_CONTRAST = Theme(
    name="terrano-contrast",
    primary="#FFFFFF",
    secondary="#5FD7FF",
    accent="#5FD7FF",
    success="#5FD7FF",
    warning="#FFFF00",
    error="#FF8C5A",
    foreground="#FFFFFF",
    background="#000000",
    surface="#000000",
    panel="#303030",
    dark=True,
    variables={
        "text-muted": "#D0D0D0",
        "block-cursor-background": "#2A2A5A",
        "block-cursor-foreground": "#FFFFFF",
    },
)
