"""A fault code is a sentence first, then its code, status, service and bytes."""


async def _open(box, pilot, digit):
    await pilot.press("f2")
    await box.settle(pilot)
    await pilot.press(digit)
    return await box.look(pilot)


async def test_the_sentence_comes_before_the_code(stage, same_as_golden):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        screen = await _open(box, pilot, "1")
    assert screen.index("memory was without power") < screen.index("confirmed")
    same_as_golden("fault-80x24", screen)


async def test_a_code_without_text_says_so(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        await _open(box, pilot, "1")
        await pilot.press("down")
        screen = await box.look(pilot)
    assert "no text known. Look the code up in the workshop manual" in screen
    assert "test failed" in screen


async def test_a_module_that_gave_no_answer_shows_the_reason_of_each_request(stage):
    box = stage()
    async with box.app().run_test(size=(80, 24)) as pilot:
        screen = await _open(box, pilot, "5")
    assert "! no answer: timeout 1.0 s" in screen
    assert "17 FF 00" in screen
    assert "no fault codes" not in screen


async def test_each_request_of_a_module_keeps_its_own_verdict(stage):
    box = stage()
    async with box.app().run_test(size=(120, 40)) as pilot:
        screen = await _open(box, pilot, "1")
    assert "refused the request: service not supported" in screen
