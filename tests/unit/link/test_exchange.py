"""Each responder has one outcome, the wire is drained once, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import CancelledError
from concurrent.futures import wait as wait_for
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.clock import VirtualClock
from diag.errors import AdapterLost, HeaderUnconfirmed, NotSupportedByLink, ProtocolError
from diag.i18n import message
from diag.link.base import Capabilities, Identity, Outcome, Request, Response, SupplySample
from diag.link.collector import ResponseCollector
from diag.link.exchange import ExchangeLink
from diag.link.trace import Trace, TraceKind
from diag.link.wire import Arrival, ArrivalKind
from diag.model import Frame, FunctionalAddress, Mode, ModuleAddress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WALL = datetime(2026, 1, 1, tzinfo=UTC)
ENGINE = ModuleAddress(0x7E0, 0x7E8)
EVERYONE = FunctionalAddress()
ASK = Request(b"\x03", ENGINE)
ASK_ALL = Request(b"\x03", EVERYONE)
END = Arrival(ArrivalKind.END)
#: How long a test waits for a thread before it fails; nothing is expected to take it.
PATIENCE_S = 5.0


def payload(data: str, responder: int | None = 0x7E8) -> Arrival:
    return Arrival(ArrivalKind.PAYLOAD, responder, bytes.fromhex(data), raw=(data,))


PENDING = payload("7F 03 78")
NO_FAULTS = payload("43 00")


class Collected:
    """A collector that is fed by hand at times of the test's own choosing."""

    def __init__(self, request: Request) -> None:
        self.collector = ResponseCollector(request, 0.0)

    def hear(self, arrival: Arrival, now_s: float = 0.1) -> Collected:
        self.collector.feed(arrival, now_s, WALL)
        return self

    def waits(self, now_s: float) -> bool:
        return not self.collector.complete(now_s)

    @property
    def responses(self) -> tuple[Response, ...]:
        return self.collector.finish(WALL)

    @property
    def only(self) -> Response:
        (response,) = self.responses
        return response


def test_a_positive_answer_of_the_asked_module_ends_the_waiting() -> None:
    collected = Collected(ASK).hear(NO_FAULTS)
    assert not collected.waits(0.1)
    assert collected.only == Response(Outcome.POSITIVE, 0x7E8, WALL, b"\x43\x00", raw=("43 00",))


def test_a_refusal_keeps_its_code_and_name() -> None:
    response = Collected(ASK).hear(payload("7F 03 11")).only
    assert (response.outcome, response.negative_response_code) == (Outcome.NEGATIVE, 0x11)
    assert str(response.reason) == "service not supported"


def test_silence_is_silence_after_the_deadline_and_says_how_long() -> None:
    collected = Collected(ASK)
    assert collected.waits(0.99)
    assert not collected.waits(1.0)
    assert (collected.only.outcome, collected.only.responder) == (Outcome.SILENT, 0x7E8)
    assert str(collected.only.reason) == "timeout 1.0 s"


def test_a_working_module_is_waited_for() -> None:
    collected = Collected(ASK).hear(PENDING, 0.9)
    assert collected.waits(5.8)
    collected.hear(NO_FAULTS, 5.8)
    assert not collected.waits(5.8)
    assert (collected.only.outcome, collected.only.raw) == (Outcome.POSITIVE, ("7F 03 78", "43 00"))


def test_a_module_that_works_for_ever_is_given_up_at_the_last_deadline() -> None:
    collected = Collected(ASK)
    for second in range(31):
        collected.hear(PENDING, float(second))
    assert not collected.waits(30.0)
    assert collected.only.outcome is Outcome.BROKEN
    assert str(collected.only.reason) == "the module said it was working and then never answered"


def test_a_module_still_working_when_the_adapter_stops_is_asked_again() -> None:
    collected = Collected(ASK).hear(PENDING).hear(END)
    assert collected.collector.should_ask_again(0.2)
    assert not collected.collector.should_ask_again(5.2)
    collected.collector.reopen()
    assert collected.waits(0.3)
    assert not collected.collector.should_ask_again(0.3)
    assert collected.hear(NO_FAULTS, 0.4).only.outcome is Outcome.POSITIVE


def test_what_must_not_be_repeated_is_not() -> None:
    collected = Collected(Request(b"\x03", ENGINE, repeatable=False)).hear(PENDING).hear(END)
    assert not collected.collector.should_ask_again(0.2)
    assert not collected.waits(0.2)
    assert collected.only.outcome is Outcome.BROKEN


def test_an_answered_module_is_not_asked_again() -> None:
    collected = Collected(ASK).hear(PENDING).hear(NO_FAULTS).hear(END)
    assert not collected.collector.should_ask_again(0.2)


def test_a_growing_answer_is_waited_for_and_a_stopped_one_is_broken() -> None:
    collected = Collected(ASK).hear(Arrival(ArrivalKind.PROGRESS, 0x7E8), 0.9)
    assert collected.waits(1.8)
    assert not collected.waits(1.9)
    assert (collected.only.outcome, collected.only.payload) == (Outcome.BROKEN, b"")
    assert str(collected.only.reason) == "the answer broke off"


def test_a_broken_answer_says_why_and_a_later_whole_one_counts() -> None:
    collected = Collected(ASK).hear(Arrival(ArrivalKind.BROKEN, 0x7E8, reason=message("a frame was lost")))
    assert (collected.only.outcome, str(collected.only.reason)) == (Outcome.BROKEN, "a frame was lost")
    assert str(Collected(ASK).hear(Arrival(ArrivalKind.BROKEN, 0x7E8)).only.reason) == "the answer broke off"
    assert collected.hear(NO_FAULTS).only.outcome is Outcome.POSITIVE


def test_an_answer_to_another_request_gives_nothing_but_the_wait_goes_on() -> None:
    collected = Collected(ASK).hear(payload("47 00"))
    assert collected.waits(0.2)
    assert (collected.only.outcome, collected.only.payload) == (Outcome.BROKEN, b"")
    assert "another service" in str(collected.only.reason)
    assert collected.hear(NO_FAULTS).only.outcome is Outcome.POSITIVE


@pytest.mark.parametrize("data", ["43 00", "7F 03 78", "7F 03 11"])
def test_strangers_neither_answer_nor_delay(data: str) -> None:
    collected = Collected(ASK).hear(payload(data, 0x768), 0.9)
    assert collected.waits(0.95)
    assert not collected.waits(1.0)
    asked, stranger = collected.responses
    assert (asked.outcome, asked.responder) == (Outcome.SILENT, 0x7E8)
    assert (stranger.outcome, stranger.responder, stranger.payload) == (Outcome.BROKEN, 0x768, b"")
    assert str(stranger.reason) == "this module was not asked"
    assert not collected.hear(END).collector.should_ask_again(0.95)


def test_strangers_stand_behind_those_that_were_asked() -> None:
    collected = Collected(ASK_ALL).hear(payload("43 00", 0x768)).hear(payload("43 01 05 62", 0x7EA))
    assert [response.responder for response in collected.responses] == [0x7EA, 0x768]
    only_strangers = Collected(ASK_ALL).hear(payload("43 00", 0x768))
    assert [response.outcome for response in only_strangers.responses] == [Outcome.SILENT, Outcome.BROKEN]


def test_everyone_is_waited_for_until_the_deadline() -> None:
    collected = (
        Collected(ASK_ALL)
        .hear(NO_FAULTS)
        .hear(payload("43 01 05 62", 0x7E9))
        .hear(payload("7F 03 11", 0x7EA))
    )
    assert collected.waits(0.9)
    assert [(response.responder, response.outcome) for response in collected.responses] == [
        (0x7E8, Outcome.POSITIVE),
        (0x7E9, Outcome.POSITIVE),
        (0x7EA, Outcome.NEGATIVE),
    ]
    assert Collected(ASK_ALL).only == Response(
        Outcome.SILENT, None, WALL, reason=message("timeout {seconds:.1f} s", seconds=1.0)
    )


def test_an_adapter_without_headers_answers_for_the_asked_module() -> None:
    collected = Collected(ASK).hear(payload("43 00", None))
    assert not collected.waits(0.1)
    assert collected.only.outcome is Outcome.POSITIVE


def test_only_the_first_whole_answer_counts() -> None:
    assert Collected(ASK).hear(NO_FAULTS).hear(payload("43 01 05 62")).only.payload == b"\x43\x00"


@pytest.mark.parametrize("outcome", [Outcome.SILENT, Outcome.BROKEN, Outcome.WITHHELD])
def test_the_adapters_end_says_what_silence_means(outcome: Outcome) -> None:
    end = Arrival(ArrivalKind.END, outcome=outcome, reason=message("CAN ERROR"), raw=("CAN ERROR",))
    collected = Collected(ASK).hear(end)
    assert not collected.waits(0.1)
    assert (collected.only.outcome, str(collected.only.reason)) == (outcome, "CAN ERROR")
    assert collected.only.raw == ("CAN ERROR",)


def test_what_the_adapter_complains_of_is_nobodys_answer() -> None:
    end = Arrival(ArrivalKind.END, outcome=Outcome.BROKEN, reason=message("CAN ERROR"), raw=("CAN ERROR",))
    assert Collected(ASK).hear(end).only.responder is None
    begun = Collected(ASK).hear(Arrival(ArrivalKind.PROGRESS, 0x7E8)).hear(end)
    assert (begun.only.outcome, begun.only.responder) == (Outcome.BROKEN, 0x7E8)


def test_the_adapters_reason_explains_half_an_answer() -> None:
    end = Arrival(ArrivalKind.END, reason=message("BUFFER FULL"))
    collected = Collected(ASK).hear(Arrival(ArrivalKind.PROGRESS, 0x7E8)).hear(end)
    assert (collected.only.outcome, str(collected.only.reason)) == (Outcome.BROKEN, "BUFFER FULL")


arrivals = st.builds(
    Arrival,
    st.sampled_from([kind for kind in ArrivalKind if kind is not ArrivalKind.FRAME]),
    st.sampled_from([None, 0x7E8, 0x7E9, 0x768]),
    st.one_of(
        st.sampled_from([b"\x43\x00", b"\x7f\x03\x78", b"\x7f\x03\x11", b"\x43\x01\x05\x62"]),
        st.binary(max_size=8),
    ),
)


@given(st.sampled_from([ASK, ASK_ALL]), st.lists(arrivals, max_size=12))
def test_whatever_arrives_there_is_an_outcome_and_no_value_but_from_a_whole_answer(
    request_: Request, heard: list[Arrival]
) -> None:
    collected = Collected(request_)
    for at, arrival in enumerate(heard):
        collected.hear(arrival, float(at))
    assert not collected.waits(31.0)
    responses = collected.responses
    assert responses
    for response in responses:
        assert bool(response.payload) == (response.outcome in (Outcome.POSITIVE, Outcome.NEGATIVE))
        assert response.responder != 0x768 or response.outcome is Outcome.BROKEN
        assert response.outcome is Outcome.POSITIVE or response.reason is not None


class ScriptedWire:
    """A wire that plays one list of arrivals for each request; time passes only while it is silent.

    With `hangs`, silence takes real time and none of the clock's: a wait that never ends by itself.
    """

    identity = Identity("test:", Mode.LIVE, "scripted")

    def __init__(self, clock: VirtualClock, *scripts: list[Arrival | Exception], hangs: bool = False) -> None:
        self.capabilities = Capabilities(supply=True)
        self.sent: list[bytes] = []
        self.drained = 0
        self.monitored: list[tuple[bool, frozenset[int] | None]] = []
        self.idle: deque[Arrival | Exception] = deque()
        self.closed = threading.Event()
        self.listening = threading.Event()
        self.asked = threading.Event()
        self._scripts = deque(scripts)
        self._now: deque[Arrival | Exception] = deque()
        self._clock = clock
        self._hangs = hangs

    def transmit(self, request: Request) -> None:
        script = deque(self._scripts.popleft()) if self._scripts else deque()
        if script and isinstance(script[0], HeaderUnconfirmed | ProtocolError | OSError):
            raise script[0]
        self.sent.append(request.payload)
        self._now = script
        self.asked.set()

    def receive(self, timeout_s: float) -> Arrival | None:
        source = self._now or self.idle
        if not source:
            threading.Event().wait(0.005)
            self._clock.sleep(0.0 if self._hangs else timeout_s)
            return None
        arrival = source.popleft()
        if isinstance(arrival, Exception):
            raise arrival
        return arrival

    def drain(self) -> None:
        self.drained += 1
        self._now.clear()

    def monitor(self, active: bool, arbitration_ids: frozenset[int] | None) -> None:
        self.monitored.append((active, arbitration_ids))
        if active:
            self.listening.set()
        else:
            self.listening.clear()

    def measure_supply(self) -> SupplySample:
        return SupplySample(12.6, 0.1, WALL)

    def close(self) -> None:
        self.closed.set()


Open = Any


@pytest.fixture
def connect() -> Iterator[Callable[..., tuple[ScriptedWire, ExchangeLink]]]:
    links: list[ExchangeLink] = []

    def open_scripted(
        *scripts: list[Arrival | Exception], **kinds: bool
    ) -> tuple[ScriptedWire, ExchangeLink]:
        clock = VirtualClock()
        wire = ScriptedWire(clock, *scripts, **kinds)
        links.append(ExchangeLink(wire, Trace(), clock))
        return wire, links[-1]

    yield open_scripted
    for link in links:
        link.close()


def outcome_of(link: ExchangeLink, request: Request = ASK) -> Response:
    return link.submit(request).result(PATIENCE_S).response


def kinds(link: ExchangeLink) -> list[TraceKind]:
    return [entry.kind for entry in link.trace.entries()]


def test_an_exchange_is_sent_answered_traced_and_drained_once(connect: Open) -> None:
    wire, link = connect([PENDING, NO_FAULTS])
    assert outcome_of(link).payload == b"\x43\x00"
    assert wire.sent == [b"\x03"]
    assert wire.drained == 1
    assert kinds(link) == [TraceKind.SENT, TraceKind.RECEIVED, TraceKind.RECEIVED]


def test_silence_ends_at_the_deadline_and_is_drained(connect: Open) -> None:
    wire, link = connect()
    assert outcome_of(link).outcome is Outcome.SILENT
    assert wire.drained == 1


def test_a_module_that_works_while_the_adapter_gives_up_is_asked_again(connect: Open) -> None:
    wire, link = connect([PENDING, END], [PENDING, END], [NO_FAULTS])
    assert outcome_of(link).outcome is Outcome.POSITIVE
    assert wire.sent == [b"\x03"] * 3
    assert wire.drained == 1


def test_strangers_are_kept_out_of_the_answer(connect: Open) -> None:
    _, link = connect([payload("43 00", 0x768), payload("43 01 05 62")])
    exchange = link.submit(ASK).result(PATIENCE_S)
    assert exchange.response.payload == b"\x43\x01\x05\x62"
    assert [response.outcome for response in exchange.responses] == [Outcome.POSITIVE, Outcome.BROKEN]


def test_what_the_permit_withholds_never_reaches_the_wire(connect: Open) -> None:
    wire, link = connect()
    for payload_hex in ("04", "14 FF FF FF", "27 01", "31 01 FF 00", "10 02", ""):
        response = outcome_of(link, Request(bytes.fromhex(payload_hex), ENGINE))
        assert (response.outcome, response.responder) == (Outcome.WITHHELD, 0x7E8)
        assert response.reason is not None
    assert outcome_of(link, Request(b"\x21\x81", EVERYONE)).responder is None
    assert wire.sent == []
    assert kinds(link) == [TraceKind.WITHHELD] * 7


def test_an_unconfirmed_header_is_withheld_not_sent(connect: Open) -> None:
    _, link = connect([HeaderUnconfirmed(message("AT SH was refused"))], [NO_FAULTS])
    response = outcome_of(link)
    assert (response.outcome, str(response.reason)) == (Outcome.WITHHELD, "AT SH was refused")
    assert kinds(link) == [TraceKind.WITHHELD]
    assert outcome_of(link).outcome is Outcome.POSITIVE


def test_what_the_adapter_cannot_do_is_refused_with_its_reason(connect: Open) -> None:
    wire, link = connect()
    long = Request(bytes.fromhex("22 F1 90 F1 88 F1 8C F1 87"), ENGINE)
    wire.capabilities = Capabilities(longest_request=7)
    assert str(outcome_of(link, long).reason) == "This adapter cannot send a request of 9 bytes."
    wire.capabilities = Capabilities(longest_request=7, why_not=(("longest_request", message("one frame")),))
    assert str(outcome_of(link, long).reason) == "one frame"
    wire.capabilities = Capabilities(addressing=False)
    assert str(outcome_of(link).reason) == "This adapter cannot address one module."
    wire.capabilities = Capabilities(addressing=False, why_not=(("addressing", message("no AT SH")),))
    assert str(outcome_of(link).reason) == "no AT SH"
    assert wire.sent == []


def test_cancelling_gives_up_within_two_seconds_and_the_link_goes_on(connect: Open) -> None:
    wire, link = connect([], [NO_FAULTS], hangs=True)
    in_flight, waiting = link.submit(ASK), link.submit(ASK)
    assert wire.asked.wait(PATIENCE_S)
    link.cancel()
    for future in (in_flight, waiting):
        with pytest.raises(CancelledError):
            future.result(2.0)
    assert outcome_of(link).outcome is Outcome.POSITIVE
    assert wire.sent == [b"\x03"] * 2
    assert wire.drained == 2


def test_cancelling_one_future_cancels_that_exchange_alone(connect: Open) -> None:
    wire, link = connect([], [NO_FAULTS], hangs=True)
    first, second = link.submit(ASK), link.submit(ASK)
    assert wire.asked.wait(PATIENCE_S)
    assert first.cancel()
    assert second.result(2.0).response.outcome is Outcome.POSITIVE


def test_a_lost_adapter_fails_every_future_and_closes_the_wire(connect: Open) -> None:
    wire, link = connect([AdapterLost(message("The cable was pulled."))])
    futures = [link.submit(ASK), link.submit(ASK), link.supply()]
    for future in futures:
        with pytest.raises(AdapterLost, match=r"The cable was pulled\."):
            future.result(PATIENCE_S)
    assert wire.closed.wait(PATIENCE_S)
    assert str(link.lost) == "The cable was pulled."
    with pytest.raises(AdapterLost):
        link.submit(ASK).result(PATIENCE_S)


def test_a_lost_adapter_is_noticed_while_nobody_asks(connect: Open) -> None:
    wire, link = connect()
    wire.idle.append(AdapterLost(message("The cable was pulled.")))
    assert wire.closed.wait(PATIENCE_S)
    assert str(link.lost) == "The cable was pulled."


def test_an_error_of_one_request_fails_that_request_alone(connect: Open) -> None:
    _, link = connect([ProtocolError(message("nonsense"))], [NO_FAULTS])
    with pytest.raises(ProtocolError, match="nonsense"):
        link.submit(ASK).result(PATIENCE_S)
    assert outcome_of(link).outcome is Outcome.POSITIVE


@pytest.mark.parametrize("error", [OSError("it broke"), ValueError("it broke"), RuntimeError("it broke")])
def test_even_our_own_error_leaves_nobody_waiting_and_says_what_it_was(
    connect: Open, error: Exception
) -> None:
    wire, link = connect([error])
    futures = [link.submit(ASK), link.submit(ASK), link.supply()]
    for future in futures:
        with pytest.raises(AdapterLost, match="error in this program") as caught:
            future.result(PATIENCE_S)
        assert f"{type(error).__name__}: it broke" in str(caught.value.what)
        assert caught.value.__cause__ is error
    assert wire.closed.wait(PATIENCE_S)
    assert link.lost is not None
    with pytest.raises(AdapterLost, match="error in this program"):
        link.submit(ASK).result(PATIENCE_S)


def test_our_own_error_while_nobody_asks_ends_the_link_and_is_told(connect: Open) -> None:
    wire, link = connect()
    wire.idle.append(ValueError("it broke"))
    assert wire.closed.wait(PATIENCE_S)
    assert str(link.lost) == "The link stopped because of an error in this program: ValueError: it broke"


def test_an_adapter_that_refuses_even_to_be_closed_ends_the_link_all_the_same(
    connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire, link = connect([NO_FAULTS])
    assert outcome_of(link).outcome is Outcome.POSITIVE

    def refuse() -> None:
        wire.closed.set()
        raise ValueError("gone")

    monkeypatch.setattr(wire, "close", refuse)
    link.close()
    assert wire.closed.is_set()


def test_no_request_to_another_address_than_a_modules_reaches_the_wire(connect: Open) -> None:
    wire, link = connect()
    for address in (ModuleAddress(0x60D, 0x7E8), ModuleAddress(0x18DA10F1, 0x18DAF110)):
        assert outcome_of(link, Request(b"\x03", address)).outcome is Outcome.WITHHELD
    assert wire.sent == []


def test_a_frame_heard_live_is_as_old_as_its_own_time_says(connect: Open) -> None:
    wire, link = connect()
    now = wire._clock.now()
    moment = link.moment_of(Frame(now.timestamp() - 2.5, 0x60D, b"\x06"))
    assert moment.age_s == pytest.approx(2.5)
    assert moment.time == now - timedelta(seconds=2.5)
    assert moment.at_s is None
    assert link.moment_of(Frame(now.timestamp() + 1, 0x60D, b"")).age_s == 0.0
    assert link.coverage() is None


def frame(arbitration_id: int) -> Frame:
    return Frame(1.0, arbitration_id, b"\x06")


def heard(arbitration_id: int) -> Arrival:
    return Arrival(ArrivalKind.FRAME, frame=frame(arbitration_id))


def test_a_listener_hears_the_frames_it_asked_for(connect: Open) -> None:
    wire, link = connect()
    with link.listen(frozenset({0x60D})) as stream, link.listen(frozenset({0x351})) as other:
        assert wire.listening.wait(PATIENCE_S)
        wire.idle.extend([heard(0x23D), heard(0x351), heard(0x60D)])
        assert stream.read(PATIENCE_S) == frame(0x60D)
        assert other.read(PATIENCE_S) == frame(0x351)
        assert stream.read(0) is None
    assert (True, frozenset({0x60D, 0x351})) in wire.monitored


def test_a_listener_to_everything_hears_everything_and_is_forgotten_when_closed(connect: Open) -> None:
    wire, link = connect()
    stream = link.listen()
    assert wire.listening.wait(PATIENCE_S)
    wire.idle.extend([heard(0x23D), payload("43 00"), heard(0x60D)])
    assert [stream.read(PATIENCE_S), stream.read(PATIENCE_S)] == [frame(0x23D), frame(0x60D)]
    stream.close()
    stream.close()
    assert outcome_of(link).outcome is Outcome.SILENT
    assert outcome_of(link).outcome is Outcome.SILENT
    assert wire.monitored[0] == (True, None)
    assert wire.monitored[-1] == (False, frozenset())


def test_frames_are_heard_during_an_exchange(connect: Open) -> None:
    wire, link = connect([heard(0x60D), NO_FAULTS])
    with link.listen() as stream:
        assert outcome_of(link).outcome is Outcome.POSITIVE
        assert stream.read(PATIENCE_S) == frame(0x60D)
    assert wire.drained == 1


def test_an_adapter_that_hears_no_frames_says_so(connect: Open) -> None:
    wire, link = connect()
    wire.capabilities = Capabilities(listening=False, why_not=(("listening", message("no AT MA")),))
    with pytest.raises(NotSupportedByLink) as caught:
        link.listen()
    assert str(caught.value.advice) == "no AT MA"


def test_supply_is_measured_by_adapters_that_can(connect: Open) -> None:
    wire, link = connect()
    assert link.supply().result(PATIENCE_S) == SupplySample(12.6, 0.1, WALL)
    wire.capabilities = Capabilities()
    assert link.supply().result(PATIENCE_S) is None


def test_closing_ends_everything_and_may_be_done_twice(connect: Open) -> None:
    wire, link = connect([], hangs=True)
    assert link.identity.adapter == "scripted"
    with link:
        future = link.submit(ASK)
        assert wire.asked.wait(PATIENCE_S)
    assert future in wait_for([future], 2.0).done
    assert future.cancelled()
    assert wire.closed.wait(PATIENCE_S)
    assert wire.drained == 1
    link.close()
    with pytest.raises(AdapterLost, match="The link was closed"):
        link.submit(ASK).result(PATIENCE_S)


class LateReadWire(ScriptedWire):
    """A wire whose reader was kept waiting: what came in time is seen only once the deadline has passed."""

    def receive(self, timeout_s: float) -> Arrival | None:
        if timeout_s > 0.0:
            self._clock.sleep(timeout_s)
            return None
        return super().receive(timeout_s)


@pytest.mark.parametrize(
    ("waiting", "outcome"),
    [
        (Arrival(ArrivalKind.END, reason=message("restarted"), outcome=Outcome.BROKEN), Outcome.BROKEN),
        (Arrival(ArrivalKind.PAYLOAD, 0x7E8, b"\x43\x00"), Outcome.POSITIVE),
    ],
)
def test_what_waits_unread_at_the_deadline_is_not_taken_for_silence(
    waiting: Arrival, outcome: Outcome
) -> None:
    clock = VirtualClock()
    link = ExchangeLink(LateReadWire(clock, [waiting]), Trace(), clock)
    try:
        assert outcome_of(link).outcome is outcome
    finally:
        link.close()
