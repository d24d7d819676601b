"""Plain ASCII holds on every screen, whatever the texts of profiles and fault lists contain."""

import msgspec
import pytest
from textual.content import Content

from diag.errors import AdapterNotFound
from diag.i18n import literal, message
from diag.model import Mode, Words
from diag.vehicle.loading import load_profile
from diag.vehicle.profile import Text
from tui.offers import Offer, Offers
from tui.plain import in_ascii

_ODD = "Power — lost “twice” … ±0.3 °C → №5 ≥ é"


def _odd_profile():
    whole = load_profile("nissan-f-alpha")
    title = Text(_ODD, _ODD)
    modules = tuple(msgspec.structs.replace(module, title=title) for module in whole.modules)
    return msgspec.structs.replace(whole, title=title, modules=modules)


@pytest.mark.parametrize("mode", [Mode.PRACTICE, Mode.REPLAY])
async def test_no_screen_needs_more_than_ascii(stage, mode):
    error = AdapterNotFound(message(_ODD), message(_ODD))
    odd = Words(_ODD, _ODD)
    box = stage(mode=mode, profile=_odd_profile(), words=odd, at_s=12.0 if mode is Mode.REPLAY else None)
    offers = Offers(adapters=(Offer("elm327:a", literal(_ODD), literal(_ODD), literal(_ODD)),))
    seen = []
    async with box.app(ascii_only=True, offers=offers).run_test(size=(80, 24)) as pilot:
        seen.append(await box.settle(pilot))
        for key in ("f2", "1", "escape", "5", "escape", "f1", "f3", "p", "escape"):
            await pilot.press(key)
            seen.append(await box.settle(pilot))
        box.engine.links[-1].lost = message(_ODD)
        box.engine.fail_connect = error
        await pilot.press("f2")
        seen.append(await box.settle(pilot))
    assert "Power - lost" in "".join(seen)
    for screen in seen:
        assert screen.isascii(), [letter for letter in screen if not letter.isascii()]


def test_styles_stay_on_their_words():
    styled = in_ascii(Content.assemble("±0.3 ", ("—V—", "bold"), " ok"))
    assert styled.plain == "+-0.3 -V- ok"
    (span,) = styled.spans
    assert styled.plain[span.start : span.end] == "-V-"


def test_cyrillic_letters_stay():
    assert in_ascii(Content("ошибок нет — «блок» №1 ё")).plain == 'ошибок нет - "блок" No.1 ё'
