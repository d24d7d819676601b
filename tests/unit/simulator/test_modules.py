"""Modules of the simulated car, asked in raw frames on its bus."""

import msgspec
import pytest

from diag.model import Ignition
from diag.simulator.scenarios import Fault, load_scenario
from diag.vehicle.loading import load_profile

VIN = b"VSKJVWR51U0001234".hex(" ").upper()
RENAULT_VIN = b"0TERRAN0B00005678".hex(" ").upper()


def scenario_with(module: str, **changes):
    base = load_scenario("healthy")
    setup = msgspec.structs.replace(base.modules[module], **changes)
    return msgspec.structs.replace(base, modules={**base.modules, module: setup})


@pytest.mark.parametrize(
    ("module", "request_hex", "response"),
    [
        (0x7E0, "01 0C", "41 0C 00 00"),
        (0x7E0, "01 05", "41 05 3D"),
        (0x7E0, "01 42", "41 42 31 38"),
        (0x7E0, "01 00", "41 00 BE 3F A0 11"),
        (0x7E0, "01 20", "41 20 80 00 A0 01"),
        (0x7E0, "01 40", "41 40 44 00 00 00"),
        (0x7E0, "01 01", "41 01 02 07 65 00"),
        (0x7E0, "01 0C 42 5A", "41 0C 00 00 42 31 38"),
        (0x7E0, "02 02 00", "42 02 00 00 00"),
        (0x7E0, "03", "43 02 06 03 D0 00"),
        (0x7E0, "07", "47 00"),
        (0x7E0, "0A", "4A 00"),
        (0x7E0, "09 00", "49 00 54 00 00 00"),
        (0x7E0, "09 02", f"49 02 01 {VIN}"),
        (0x7E1, "03", "43 00"),
        (0x7E0, "22 11 03", "62 11 03 9E"),
        (0x745, "17 FF 00", "57 01 D0 00 20"),
        (0x745, "18 00 FF 00", "58 01 D0 00 20"),
        (0x745, "13 FF 00", "53 01 D0 00"),
        (0x745, "1A 90", f"5A 90 {VIN}"),
        (0x745, "10 C0", "50 C0"),
        (0x745, "10 81", "50 81"),
        (0x745, "3E 01", "7E"),
        (0x740, "17 FF 00", "57 00"),
        (0x747, "10 C0", "50 C0"),
        (0x747, "10 03", "50 03 00 32 01 F4"),
        (0x747, "3E 00", "7E 00"),
        (0x747, "22 F1 90", f"62 F1 90 {VIN}"),
        (0x747, "22 F1 87", "62 F1 87 32 35 39 31 35 53 49 4D 30 31"),
        (0x747, "22 F1 90 F1 87", f"62 F1 90 {VIN} F1 87 32 35 39 31 35 53 49 4D 30 31"),
        (0x747, "19 02 FF", "59 02 2F D3 00 00 28"),
        (0x747, "19 02 01", "59 02 2F"),
        (0x747, "19 0A", "59 0A 2F D3 00 00 28"),
        (0x747, "19 04 D3 00 00 FF", "59 04 D3 00 00 28"),
        (0x747, "19 06 D3 00 00 FF", "59 06 D3 00 00 28 01 01"),
    ],
)
def test_a_module_answers_what_it_speaks(bench, module, request_hex, response):
    assert bench("clarion-code").ask(module, request_hex) == [response]


@pytest.mark.parametrize(
    ("module", "request_hex", "code"),
    [
        (0x747, "17 FF 00", "11"),
        (0x745, "19 02 FF", "11"),
        (0x745, "27 01", "11"),
        (0x7E0, "01 5A", "12"),
        (0x7E0, "03 00", "12"),
        (0x7E0, "02 0C 01", "12"),
        (0x747, "19 01 FF", "12"),
        (0x747, "10 02", "12"),
        (0x745, "1A 91", "12"),
        (0x747, "22 F1", "13"),
        (0x747, "19 02", "13"),
        (0x747, "3E", "13"),
        (0x752, "17 FF 00", "22"),
        (0x745, "17 12 34", "31"),
        (0x747, "22 FF FF", "31"),
        (0x747, "19 04 12 34 56 FF", "31"),
        (0x745, "21 4E", "80"),
    ],
)
def test_a_module_refuses_with_the_code_of_the_standard(bench, module, request_hex, code):
    assert bench("healthy").ask(module, request_hex) == [f"7F {request_hex[:2]} {code}"]


@pytest.mark.parametrize(("module", "request_hex"), [(0x745, "3E 02"), (0x747, "3E 80"), (0x747, "10 83")])
def test_some_requests_want_no_answer(bench, module, request_hex):
    assert bench("healthy").ask(module, request_hex) == []


def test_a_refusal_can_be_set_for_any_request(bench):
    made = bench(scenario_with("BCM", refuses={"17": "33", "17FF": "22"}))
    assert made.ask(0x745, "17 FF 00") == ["7F 17 22"]
    assert made.ask(0x745, "17 00 00") == ["7F 17 33"]
    assert made.ask(0x745, "18 00 FF 00") == ["58 00"]


def test_a_slow_module_says_that_it_is_working_before_it_answers(bench):
    made = bench("faults")
    assert made.ask(0x745, "17 FF 00") == [
        "7F 17 78",
        "7F 17 78",
        "57 03 D0 00 20 A5 57 20 A1 90 60",
    ]


def test_a_session_opens_what_needs_it_and_ends_by_itself(bench):
    made = bench("healthy")
    assert made.ask(0x752, "10 C0") == ["50 C0"]
    assert made.ask(0x752, "17 FF 00") == ["57 00"]
    made.let_pass(5.1)
    assert made.ask(0x752, "17 FF 00") == ["7F 17 22"]


def test_tester_present_keeps_a_session_open(bench):
    made = bench("healthy")
    made.ask(0x752, "10 C0")
    for _ in range(3):
        made.let_pass(3)
        made.ask(0x752, "3E 02")
    assert made.ask(0x752, "17 FF 00") == ["57 00"]


def test_a_loss_of_supply_ends_a_session(bench):
    made = bench("healthy")
    made.ask(0x752, "10 C0")
    made.car.control({"supply": "cut"})
    made.let_pass(0.01)
    made.car.control({"supply": "restore"})
    assert made.ask(0x752, "17 FF 00") == ["7F 17 22"]


def test_local_ids_are_read_in_a_session(bench):
    made = bench("healthy")
    made.ask(0x7E0, "10 C0")
    assert made.ask(0x7E0, "21 81") == [f"61 81 {VIN}"]
    assert made.ask(0x7E0, "21 00") == ["61 00 00 00 00 01"]
    assert made.ask(0x7E0, "21 82") == ["7F 21 31"]


def test_the_body_module_gives_no_immobiliser_page(bench):
    made = bench("healthy")
    made.ask(0x745, "10 C0")
    assert made.ask(0x745, "21 83") == ["7F 21 31"]


def test_everyone_is_asked_and_the_obd_modules_answer(bench):
    made = bench("healthy")
    assert made.ask(0x7DF, "01 00", answers_on=0x7E8) == ["41 00 BE 3F A0 11"]
    assert made.frames_of(0x7E9) == [bytes.fromhex("0641008008001000")]
    assert not made.frames_of(0x765)


@pytest.mark.parametrize("request_hex", ["01 5A", "09 0B", "17 12 34", "27 01"])
def test_what_nobody_supports_is_silence_when_everyone_is_asked(bench, request_hex):
    made = bench("healthy")
    assert made.ask(0x7DF, request_hex, answers_on=0x7E8) == []
    assert made.frames_of(0x7E9) == []


def test_stored_pending_and_present_codes_come_by_their_own_services(bench):
    made = bench("faults")
    assert made.ask(0x7E0, "03") == ["43 05 05 62 06 20 06 03 15 50 D0 00"]
    assert made.ask(0x7E0, "07") == ["47 01 03 35"]
    assert made.ask(0x7E0, "0A") == ["4A 02 05 62 06 20"]
    assert made.ask(0x7E0, "01 01") == ["41 01 85 07 65 00"]
    assert made.ask(0x743, "17 FF 00") == ["57 01 D0 00 40"]


def test_a_freeze_frame_holds_what_was_when_the_code_was_stored(bench):
    made = bench("faults")
    assert made.ask(0x7E0, "02 00 00") == ["42 00 00 48 18 00 01"]
    assert made.ask(0x7E0, "02 02 00") == ["42 02 00 05 62"]
    assert made.ask(0x7E0, "02 0C 00") == ["42 0C 00 0B A0"]
    assert made.ask(0x7E0, "02 42 00") == ["42 42 00 2B C0"]


def test_a_uds_snapshot_holds_the_same(bench):
    made = bench("faults")
    assert made.ask(0x747, "19 04 D3 00 00 FF") == [
        "59 04 D3 00 00 2F 01 04 F4 05 77 F4 0C 0B B8 F4 0D 00 F4 42 2E 7C"
    ]
    assert made.ask(0x747, "19 06 D3 00 00 01") == ["59 06 D3 00 00 2F 01 07"]


def test_a_failure_type_is_the_third_byte(bench):
    assert bench("faults").ask(0x747, "19 02 20")[0].endswith("D3 10 49 28")


@pytest.mark.parametrize(
    ("code", "raw"), [("P0562", "05 62"), ("C1109", "51 09"), ("B2557", "A5 57"), ("U3FFF", "FF FF")]
)
def test_each_letter_of_a_code_has_its_bits(bench, code, raw):
    made = bench(scenario_with("ABS", faults=(Fault(code=code),)))
    assert made.ask(0x740, "17 FF 00") == [f"57 01 {raw} 20"]


@pytest.mark.parametrize("key", [Ignition.OFF, Ignition.ACC, Ignition.ON])
def test_a_module_answers_only_with_supply(bench, key):
    answering = {
        module: bool(bench("healthy", ignition=key).ask(module, "10 C0"))
        for module in (0x740, 0x743, 0x744, 0x745, 0x747, 0x74D, 0x752)
    }
    always, from_acc = {0x745, 0x74D}, {0x747}
    expected = {Ignition.OFF: always, Ignition.ACC: always | from_acc, Ignition.ON: set(answering)}[key]
    assert {module for module, answers in answering.items() if answers} == expected


def test_a_module_on_other_wires_does_not_answer_here(bench):
    made = bench("wrong-can-pair")
    assert made.ask(0x747, "10 03") == []
    assert made.ask(0x743, "10 03") == ["50 03 00 32 01 F4"]


def test_a_renault_answers_every_request_of_its_profile(bench):
    profile = load_profile("renault-b0")
    scenario = load_scenario("wrong-can-pair")
    fitted = [module for module in profile.modules if module.reached_by == "can"]
    assert {module.name for module in fitted} == set(scenario.modules) - {"AV"}
    for module in fitted:
        made = bench(scenario)
        request_id, response_id = module.address.request_id, module.address.response_id
        assert scenario.modules[module.name].powered_from is module.powered_from
        for request in filter(None, (module.session, *module.fault_requests)):
            answers = made.ask(request_id, request, response_id)
            assert [answer[:2] for answer in answers] == [f"{int(request[:2], 16) + 0x40:02X}"], module.name


@pytest.mark.parametrize(
    ("module", "request_hex", "response"),
    [
        (0x7E0, "01 42", "41 42 31 38"),
        (0x7E0, "22 20 05", "62 20 05 04 EC"),
        (0x7E0, "22 F1 90", f"62 F1 90 {RENAULT_VIN}"),
        (0x7E0, "09 02", f"49 02 01 {RENAULT_VIN}"),
        (0x745, "19 02 FF", "59 02 2F"),
        (0x745, "17 FF 00", "7F 17 11"),
        (0x752, "19 02 FF", "7F 19 22"),
    ],
)
def test_a_renault_speaks_uds_and_obd_only(bench, module, request_hex, response):
    assert bench("wrong-can-pair").ask(module, request_hex) == [response]


def test_a_silent_module_does_not_answer(bench):
    made = bench("clarion-code")
    assert made.ask(0x744, "10 C0") == []
    made.car.control({"module": "HVAC", "silent": False})
    assert made.ask(0x744, "10 C0") == ["50 C0"]


def test_an_answer_that_is_due_after_the_supply_went_is_never_sent(bench):
    made = bench("healthy")
    made.send(0x745, "0210C00000000000")
    made.car.run_due()
    made.car.control({"supply": "cut"})
    made.let_pass(0.05)
    assert made.frames_of(0x765) == []


def test_frames_of_other_kinds_are_no_requests(bench):
    from dataclasses import replace

    from diag.model import Frame

    made = bench("healthy")
    request = Frame(0.0, 0x745, bytes.fromhex("0210C00000000000"))
    for odd in (replace(request, is_extended=True), replace(request, is_remote=True, data=b"")):
        made.car.bus.send(odd, made.hear)
    made.let_pass(0.05)
    assert made.frames_of(0x765) == []
