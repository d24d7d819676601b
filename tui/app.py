"""Run the screens: open the session, hand it to the app, close it again."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from diag.clock import Clock
from diag.errors import ExitCode
from diag.i18n import use_language
from tui.offers import find_offers
from tui.session import Session
from tui.terrano import TerranoApp


def run_app(
    link_url: str | None,
    *,
    ascii_only: bool,
    profile: str | None,
    clock: Clock,
    language: str,
    home: Path | None = None,
) -> int:
    """Run the screens until the technician leaves; return the exit code.

    `home` is the folder that keeps what the tool writes; its captures are offered.

    Raises:
        UsageError: `link_url` is no link URL.
    """
    from diag.link.url import parse_link_url
    from tui.engine import RealEngine

    if link_url is not None:
        parse_link_url(link_url)
    use_language(language)
    session = Session(RealEngine(clock, profile), clock)
    app = TerranoApp(session, clock, url=link_url, ascii_only=ascii_only, find=partial(find_offers, home))
    try:
        app.run()
    finally:
        session.close()
    return ExitCode.OUR_BUG if app.return_code else ExitCode.OK
