"""Register every action once: its keys, its words, its help; bindings, key bar, palette and help read it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding, BindingType

from diag.i18n import Message, message

_LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбю"
_TWINS = dict(zip(_LATIN, _CYRILLIC, strict=True))


@dataclass(frozen=True, slots=True)
class Action:
    """Something a technician can do.

    `keys` as Textual names them, the one to print first. `name` is what runs: `action_<name>` of the app.
    `label` stands in the key bar, `sentence` in help and palette; `in_bar` keeps rare ones out of the bar.
    `first` takes the key before the list or text field that has the focus.
    """

    id: str
    keys: tuple[str, ...]
    label: Message
    sentence: Message
    name: str
    in_bar: bool = True
    in_palette: bool = True
    first: bool = False


ACTIONS: tuple[Action, ...] = (
    Action("help", ("f1",), message("Help"), message("Show every key and what it does."), "help"),
    Action(
        "scan",
        ("f2",),
        message("Scan"),
        message("Read battery, ignition, radio and the fault codes of every module."),
        "scan",
    ),
    Action("check", ("f3",), message("Adapter"), message("Check the adapter in about 20 seconds."), "check"),
    Action(
        "language",
        ("f9",),
        message("Language"),
        message("Change the language: English or Russian."),
        "language",
    ),
    Action("quit", ("f10", "q"), message("Quit"), message("Close the link and leave."), "quit"),
    Action(
        "quit_at_once",
        ("ctrl+c", "ctrl+q"),
        message("Quit"),
        message("Leave, as F10 does."),
        "quit",
        in_bar=False,
        in_palette=False,
        first=True,
    ),
    Action(
        "back",
        ("escape",),
        message("Back"),
        message("Go back; while a scan runs, stop it."),
        "leave",
        in_palette=False,
    ),
    Action(
        "jump_to_end",
        ("end",),
        message("End of the log"),
        message("Jump to the end of the log that is open."),
        "jump_to_end",
        in_bar=False,
        first=True,
    ),
    Action(
        "contrast",
        ("c",),
        message("Contrast"),
        message("Change between dark and high contrast."),
        "contrast",
        in_bar=False,
    ),
    Action(
        "palette",
        ("p", "ctrl+p"),
        message("Palette"),
        message("Find an action by its name."),
        "command_palette",
        in_bar=False,
        in_palette=False,
    ),
)


def cyrillic_twin(key: str) -> str | None:
    """Return what the key `key` types on the ЙЦУКЕН layout, None where `key` is no letter key."""
    return _TWINS.get(key)


def keys_with_twins(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Add to each letter its capital and its twins on the Cyrillic layout, so that any layout works."""
    found: list[str] = []
    for key in keys:
        found.append(key)
        twin = cyrillic_twin(key) if len(key) == 1 else None
        if twin is not None:
            found += [key.upper(), twin, twin.upper()]
    return tuple(found)


def bindings() -> list[BindingType]:
    """Return the app's key bindings: one for each action, and the digits that pick an entry."""
    made: list[BindingType] = [
        Binding(
            ",".join(keys_with_twins(action.keys)),
            action.name,
            action.label.msgid,
            id=action.id,
            show=False,
            priority=action.first,
        )
        for action in ACTIONS
    ]
    made += [Binding(digit, f"pick({digit})", show=False) for digit in "0123456789"]
    return made


def key_name(key: str) -> str:
    """Return a key as it is printed on a keyboard."""
    if len(key) == 1:
        return key
    return {"escape": "Esc"}.get(key) or "+".join(part.capitalize() for part in key.split("+"))
