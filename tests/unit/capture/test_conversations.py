"""Diagnostic conversations are found where the bytes prove them, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from diag.capture.capture import Capture, TimeBase
from diag.capture.conversations import conversation_of, find_conversations
from diag.model import Frame, ModuleAddress

VIN_FRAMES = ["1014490201564E41", "2141424344454647", "2248495051525354"]


def capture(*rows: tuple[float, int, str]) -> Capture:
    """Make a capture of (time, id, hex data)."""
    frames = tuple(Frame(time, number, bytes.fromhex(data), number > 0x7FF) for time, number, data in rows)
    return Capture(Path("test.log"), "candump", "", frames, TimeBase.RELATIVE)


def on_channels(*rows: tuple[float, str, int, str]) -> Capture:
    """Make a capture of (time, channel, id, hex data)."""
    frames = tuple(
        Frame(time, number, bytes.fromhex(data), channel=name) for time, name, number, data in rows
    )
    return Capture(Path("test.log"), "candump", "", frames, TimeBase.RELATIVE)


def found(*rows):
    return find_conversations(capture(*rows))


def test_a_request_and_its_answer_are_paired_with_their_times():
    (conversation,) = found((0.0, 0x7E0, "0103000000000000"), (0.1, 0x7E8, "0243000000000000")).modules
    (exchange,) = conversation.exchanges
    assert conversation.address == ModuleAddress(0x7E0, 0x7E8)
    assert (exchange.request, exchange.response) == (b"\x03", b"\x43\x00")
    assert (exchange.request_time, exchange.response_time) == (0.0, 0.1)


def test_a_long_answer_is_put_together_around_flow_control():
    rows = [(0.0, 0x7E0, "0209020000000000"), (0.1, 0x7E8, VIN_FRAMES[0]), (0.2, 0x7E0, "3000000000000000")]
    rows += [(0.3, 0x7E8, VIN_FRAMES[1]), (0.4, 0x7E8, VIN_FRAMES[2])]
    (conversation,) = found(*rows).modules
    (exchange,) = conversation.exchanges
    assert exchange.response is not None
    assert len(exchange.response) == 20
    assert exchange.response_time == 0.4


def test_a_long_answer_with_a_lost_frame_is_broken_never_whole():
    rows = [(0.0, 0x7E0, "0103"), (0.1, 0x7E8, "024300"), (1.0, 0x7E0, "020902")]
    rows += [(1.1, 0x7E8, VIN_FRAMES[0]), (1.4, 0x7E8, VIN_FRAMES[2])]
    (conversation,) = found(*rows).modules
    assert conversation.exchanges[1].response is None
    assert conversation.exchanges[1].broken is not None
    assert (conversation.requests, conversation.responses, conversation.broken) == (2, 1, 1)


def test_pairs_of_nissan_are_20_hex_apart():
    (conversation,) = found((0.0, 0x745, "0317FF00"), (0.1, 0x765, "025700")).modules
    assert conversation.address == ModuleAddress(0x745, 0x765)


def test_29_bit_pairs_swap_target_and_tester():
    (conversation,) = found((0.0, 0x18DA10F1, "0103"), (0.1, 0x18DAF110, "024300")).modules
    assert conversation.address == ModuleAddress(0x18DA10F1, 0x18DAF110, is_extended=True)


def test_ordinary_traffic_on_high_ids_is_no_conversation():
    rows = [(number / 10, 0x740, f"0{number % 8}17FF{number:02X}") for number in range(20)]
    rows += [(number / 10 + 0.01, 0x760, f"0{number % 8}AA{number:02X}") for number in range(20)]
    assert found(*rows).modules == ()


def test_one_lucky_match_among_many_strangers_is_no_conversation():
    rows = [(0.0, 0x740, "0103"), (0.05, 0x760, "024300")]
    rows += [(number, 0x740, "0103") for number in range(1, 6)]
    rows += [(number + 0.05, 0x760, "02AA00") for number in range(1, 6)]
    assert found(*rows).modules == ()


def test_a_request_to_everyone_belongs_to_each_that_answers():
    found_here = found((0.0, 0x7DF, "0103"), (0.1, 0x7E8, "024300"), (0.11, 0x7E9, "037F0311"))
    assert [conversation.address.response_id for conversation in found_here.modules] == [0x7E8, 0x7E9]
    assert all(conversation.exchanges[0].functional for conversation in found_here.modules)
    assert not found_here.unanswered


def test_a_request_to_everyone_that_nobody_answers_is_kept():
    (exchange,) = found((0.0, 0x7DF, "0103000000000000")).unanswered
    assert exchange.request == b"\x03"


def test_working_then_the_answer_is_the_answer():
    rows = [
        (0.0, 0x7E0, "0322F190"),
        (0.1, 0x7E8, "037F2278"),
        (4.9, 0x7E8, "037F2278"),
        (8.0, 0x7E8, "037F2231"),
    ]
    (conversation,) = found(*rows).modules
    assert conversation.exchanges[0].response == b"\x7f\x22\x31"


def test_working_and_then_nothing_is_broken():
    rows = [(0.0, 0x7E0, "0103"), (0.1, 0x7E8, "024300"), (1.0, 0x7E0, "0322F190"), (1.1, 0x7E8, "037F2278")]
    (conversation,) = found(*rows).modules
    assert conversation.exchanges[1].response is None
    assert str(conversation.exchanges[1].broken) == "the module said it was working and then never answered"


def test_an_answer_that_comes_much_too_late_is_none():
    rows = [(0.0, 0x7E0, "0103"), (0.1, 0x7E8, "024300"), (1.0, 0x7E0, "0107"), (9.0, 0x7E8, "024700")]
    (conversation,) = found(*rows).modules
    assert conversation.exchanges[1].response is None
    assert conversation.exchanges[1].response_time is None


def test_an_answer_that_only_an_old_request_fits_breaks_the_latest_one():
    rows = [(0.0, 0x7E0, "021081"), (0.1, 0x7E8, "025081"), (1.0, 0x7E0, "0103")]
    rows += [(20.0, 0x7E0, "0107"), (20.1, 0x7E8, "024300")]
    (conversation,) = found(*rows).modules
    assert conversation.exchanges[1].response is None
    assert conversation.exchanges[2].response is None
    assert conversation.exchanges[2].broken is not None


def test_answers_that_overtake_the_next_request_still_find_theirs():
    rows = [(0.0, 0x7E0, "0103"), (0.01, 0x7E0, "0107"), (0.1, 0x7E8, "024300"), (0.2, 0x7E8, "024700")]
    (conversation,) = found(*rows).modules
    assert [exchange.response for exchange in conversation.exchanges] == [b"\x43\x00", b"\x47\x00"]


def test_a_silent_module_beside_an_answering_one_was_asked():
    rows = [(0.0, 0x745, "0317FF00"), (0.1, 0x765, "025700"), (1.0, 0x744, "0317FF00")]
    silent, answered = found(*rows).modules
    assert silent.address == ModuleAddress(0x744, 0x764)
    assert (silent.requests, silent.responses) == (1, 0)
    assert answered.responses == 1


def test_a_stranger_that_looks_like_a_request_proves_nothing_alone():
    assert found((1.0, 0x744, "0317FF00")).modules == ()


def test_answers_without_requests_count_where_frames_were_put_together():
    rows = [(0.1, 0x7E8, VIN_FRAMES[0]), (0.2, 0x7E8, VIN_FRAMES[1]), (0.3, 0x7E8, VIN_FRAMES[2])]
    (conversation,) = found(*rows).modules
    assert conversation.exchanges[0].request is None
    assert conversation.requests == 0


def test_a_pair_that_no_rule_knows_is_found_when_it_is_named():
    here = capture((0.0, 0x6A0, "0103"), (0.1, 0x6F1, "024300"))
    assert find_conversations(here).modules == ()
    named = conversation_of(here, ModuleAddress(0x6A0, 0x6F1))
    assert named is not None
    assert named.responses == 1
    assert conversation_of(here, ModuleAddress(0x6A0, 0x6F2)) is None


def test_error_and_remote_frames_say_nothing():
    here = capture((0.0, 0x7E0, "0103"), (0.1, 0x7E8, "024300"))
    frames = (here.frames[0], Frame(0.1, 0x7E8, b"\x02\x43\x00", is_error=True))
    spoiled = Capture(here.path, here.format, "", frames, here.time_base)
    assert all(conversation.responses == 0 for conversation in find_conversations(spoiled).modules)


ASKED, CODES, NONE = "0103000000000000", "0443010562000000", "0243000000000000"
DISAGREE = "two channels disagree"


def test_a_message_is_put_together_from_the_frames_of_one_channel():
    rows = [(0.0, "can0", 0x7E0, "020902"), (0.1, "can0", 0x7E8, VIN_FRAMES[0])]
    rows += [(0.2, "can1", 0x7E8, VIN_FRAMES[1]), (0.3, "can0", 0x7E8, VIN_FRAMES[2])]
    assert all(conversation.responses == 0 for conversation in find_conversations(on_channels(*rows)).modules)


def test_an_answer_on_one_channel_does_not_belong_to_a_request_on_another():
    rows = [(0.0, "can0", 0x7E0, ASKED), (0.1, "can1", 0x7E8, NONE)]
    assert all(conversation.responses == 0 for conversation in find_conversations(on_channels(*rows)).modules)


@pytest.mark.parametrize("later", [0.02, 50.0])
def test_two_channels_with_one_id_and_different_answers_give_no_answer_at_all(later):
    rows = [(0.0, "can0", 0x7E0, ASKED), (0.1, "can0", 0x7E8, CODES)]
    rows += [(0.3, "can0", 0x7E0, "013E"), (0.31, "can0", 0x7E8, "017E")]
    rows += [(later, "can1", 0x7E0, ASKED), (later + 0.1, "can1", 0x7E8, NONE)]
    here = on_channels(*rows)
    for conversation in (
        *find_conversations(here).modules,
        conversation_of(here, ModuleAddress(0x7E0, 0x7E8)),
    ):
        assert conversation is not None
        assert [exchange.response for exchange in conversation.exchanges] == [None] * 3
        assert {str(exchange.broken) for exchange in conversation.exchanges} == {DISAGREE}
        assert [exchange.request_time for exchange in conversation.exchanges] == sorted((0.0, 0.3, later))


def test_the_same_answers_at_other_times_are_of_two_cars():
    rows = [(0.0, "can0", 0x7E0, ASKED), (0.1, "can0", 0x7E8, NONE)]
    rows += [(50.0, "can1", 0x7E0, ASKED), (50.1, "can1", 0x7E8, NONE)]
    (conversation,) = find_conversations(on_channels(*rows)).modules
    assert conversation.responses == 0


def test_a_conversation_that_a_gateway_repeats_on_another_channel_counts_once():
    rows = [(0.0, "can0", 0x7E0, ASKED), (0.001, "can1", 0x7E0, ASKED)]
    rows += [(0.1, "can1", 0x7E8, NONE), (0.101, "can0", 0x7E8, NONE), (0.2, "can1", 0x7E0, "0107")]
    rows += [(0.3, "can1", 0x7E8, "024700")]
    (conversation,) = find_conversations(on_channels(*rows)).modules
    assert [exchange.response for exchange in conversation.exchanges] == [b"\x43\x00", b"\x47\x00"]


def test_modules_on_different_channels_are_all_there():
    rows = [(0.0, "can0", 0x7E0, ASKED), (0.1, "can0", 0x7E8, NONE)]
    rows += [(1.0, "can1", 0x745, "0317FF00"), (1.1, "can1", 0x765, "025700")]
    assert [each.responses for each in find_conversations(on_channels(*rows)).modules] == [1, 1]


def test_silence_on_one_channel_does_not_hide_the_answer_on_the_other():
    rows = [(0.0, "can0", 0x7E0, ASKED), (0.1, "can0", 0x7E8, NONE), (0.01, "can1", 0x7E0, ASKED)]
    (conversation,) = find_conversations(on_channels(*rows)).modules
    assert [exchange.response for exchange in conversation.exchanges] == [b"\x43\x00"]


def test_a_request_to_everyone_that_one_channel_answered_was_answered():
    rows = [(0.0, "can0", 0x7DF, ASKED), (0.01, "can1", 0x7DF, ASKED), (0.1, "can0", 0x7E8, NONE)]
    rows += [(9.0, "can1", 0x7DF, ASKED)]
    here = find_conversations(on_channels(*rows))
    assert [exchange.request_time for exchange in here.unanswered] == [9.0]
