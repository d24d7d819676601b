"""Wire screens, keys and colours together; everything that takes time is the session's."""

from __future__ import annotations

from collections.abc import Iterable

from textual import on
from textual.app import App, SystemCommand
from textual.command import CommandPalette
from textual.screen import Screen

from diag.clock import Clock
from diag.i18n import Message, current_language, message, tr, use_language
from tui.actions import ACTIONS, bindings
from tui.look import ASCII, UNICODE
from tui.offers import WITHOUT_ADAPTER, Finder, find_offers
from tui.screens.base import TerranoScreen
from tui.screens.help import HelpScreen
from tui.screens.scan import ScanScreen
from tui.screens.start import StartScreen
from tui.session import Session
from tui.snapshot import Phase
from tui.themes import DARK, HIGH_CONTRAST
from tui.view import View

#: Seconds between two looks at the session.
_PULL_S = 0.2
#: Seconds between two looks for adapters while the first screen is shown.
_LOOK_AGAIN_S = 3.0


class TerranoApp(App[None]):
    """The screens. `pull_s` None leaves pulling to the caller, as tests want it."""

    CSS_PATH = "terrano.tcss"
    TITLE = "Terrano"
    BINDINGS = bindings()
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"

    def __init__(
        self,
        session: Session,
        clock: Clock,
        *,
        url: str | None = None,
        ascii_only: bool = False,
        find: Finder = find_offers,
        pull_s: float | None = _PULL_S,
    ) -> None:
        super().__init__()
        self.session = session
        self._clock = clock
        self._symbols = ASCII if ascii_only else UNICODE
        self._start = StartScreen(find, url, None if pull_s is None else _LOOK_AGAIN_S)
        self._pull_s = pull_s
        self.set_class(ascii_only, "-ascii")
        for theme in (DARK, HIGH_CONTRAST):
            self.register_theme(theme)
        self.theme = DARK.name

    def on_mount(self) -> None:
        """Show the first screen, let a log begin to play, and begin to pull."""
        self.push_screen(self._start)
        url = self._start.url_for_scan()
        if url is not None and _is_log(url):
            self.session.open(url)
        if self._pull_s is not None:
            self.set_interval(self._pull_s, self.pull)

    def pull(self) -> None:
        """Draw the current screen from the session as it is now."""
        screen = self.screen_stack[-1] if self.screen_stack else None  # none while the app closes
        if isinstance(screen, TerranoScreen) and screen.is_mounted:
            snapshot = self.session.pull()
            screen.draw(View(snapshot, self._symbols, self._clock.now(), self._clock.monotonic()))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every action of the registry in the palette."""
        for action in ACTIONS:
            if action.in_palette and self.check_action(action.name, ()):
                run = getattr(self, f"action_{action.name}")
                yield SystemCommand(str(action.label), str(action.sentence), run)

    def _go(self, wanted: TerranoScreen) -> None:
        """Show `wanted` above the first screen, where it is not shown already."""
        for screen in self.screen_stack:
            if type(screen) is type(wanted):
                while self.screen is not screen:
                    self.pop_screen()
                return
        self.push_screen(wanted)

    def action_help(self) -> None:
        """Show the keys."""
        self._go(HelpScreen())

    def action_scan(self) -> None:
        """Scan the chosen car, or ask to choose one."""
        url = self._start.url_for_scan()
        if url is None:
            self._ask_for_choice(message("First choose what to read: press its number."))
            return
        self.session.scan(url)
        self._go(ScanScreen())

    def action_check(self) -> None:
        """Check the adapter of the chosen link, or ask to choose one."""
        from tui.screens.check import CheckScreen

        url = self._start.url_for_scan()
        if url is None or url == WITHOUT_ADAPTER:
            self._ask_for_choice(message("First choose an adapter: press its number."))
            return
        if _is_log(url):
            self.session.refuse(
                message("A log has no adapter to check."), message("Choose an adapter on the first screen.")
            )
            self.pull()
            return
        self.session.check(url)
        self._go(CheckScreen())

    def action_jump_to_end(self) -> None:
        """Open the log at its end."""
        self.session.jump_to_end()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the key End to lists and text fields where no log is open."""
        if action == "jump_to_end":
            return isinstance(self.screen, TerranoScreen) and self.session.pull().playback is not None
        return super().check_action(action, parameters)

    def _ask_for_choice(self, urge: Message) -> None:
        self._start.urge(urge)
        self._go(self._start)

    def action_command_palette(self) -> None:
        """Find an action by its name."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=tr("What to do?"), id="--command-palette"))

    def action_language(self) -> None:
        """Change between English and Russian; the next pull draws everything anew."""
        use_language("en" if current_language() == "ru" else "ru")
        self.pull()

    def action_contrast(self) -> None:
        """Change between dark and high contrast."""
        self.theme = DARK.name if self.theme == HIGH_CONTRAST.name else HIGH_CONTRAST.name

    def action_leave(self) -> None:
        """Stop what this screen runs, or go back one screen."""
        screen = self.screen
        if isinstance(screen, TerranoScreen) and screen is not self._start:
            if screen.runs_something and _can_stop(self.session.pull().phase):
                self.session.stop()
            else:
                self.pop_screen()

    def action_pick(self, digit: int) -> None:
        """Choose the line with this number."""
        if isinstance(self.screen, TerranoScreen):
            self.screen.pick(digit)

    @on(TerranoScreen.Shown)
    def _draw_at_once(self) -> None:
        self.pull()

    @on(StartScreen.Chosen)
    def _chosen(self, event: StartScreen.Chosen) -> None:
        self._start.choose(event.url)
        if _is_log(event.url):
            self.session.open(event.url)
            self._go(ScanScreen())
        else:
            self.action_scan()

    @on(ScanScreen.ModuleOpened)
    def _module_opened(self, event: ScanScreen.ModuleOpened) -> None:
        from tui.screens.fault import FaultScreen

        self.push_screen(FaultScreen(event.name))


def _can_stop(phase: Phase) -> bool:
    return phase.busy and phase is not Phase.STOPPING


def _is_log(url: str) -> bool:
    return url.startswith("replay:")
