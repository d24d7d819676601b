"""Draw the pictures of the README: the screens on the simulated car, as SVG.

.venv/bin/python tests/tui/pictures.py
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from diag.clock import SystemClock
from diag.i18n import use_language
from tui.engine import RealEngine
from tui.session import Session
from tui.terrano import TerranoApp

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
LINK = "sim:clarion-code"


async def draw(language: str, name: str, *keys: str) -> None:
    """Scan the simulated car, press `keys` and save the screen."""
    use_language(language)
    clock = SystemClock()
    session = Session(RealEngine(clock, None), clock)
    app = TerranoApp(session, clock, url=LINK, ascii_only=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        while session.pull().result is None:
            await pilot.pause(0.2)
        await pilot.press(*keys)
        await pilot.pause(0.5)
        picture = app.export_screenshot(title="terrano demo")
    session.close()
    (FOLDER / f"{name}.svg").write_text(self_contained(picture), encoding="utf-8")


def self_contained(picture: str) -> str:
    """Take out the random id, and the fonts and pages of other hosts."""
    picture = re.sub(r"terminal-\d+-", "terminal-", picture)
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    return re.sub(r"<!--.*?-->\s*", "", picture, flags=re.DOTALL)


async def main() -> None:
    """Draw them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    await draw("en", "scan")
    await draw("en", "fault", "enter")
    await draw("ru", "scan-ru")


if __name__ == "__main__":
    asyncio.run(main())
