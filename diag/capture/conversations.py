"""Find the diagnostic conversations in a capture: whole messages, each request with what came back.

Ordinary traffic also uses ids from 600 up, so a pair of ids counts only where the bytes prove it: a response
that belongs to its request, or a tester's well-formed requests where such a proof exists.

Sources: ISO 15765-2 (messages over frames), ISO 15765-4 (ids 7DF, 7E0-7EF), ISO 14229-1 (response codes).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace

from diag.capture.capture import Capture
from diag.capture.channels import agreed, by_channel
from diag.capture.exchanges import Conversation, Conversations, RecordedExchange
from diag.capture.messages import Said, Speaker, is_request, speakers_of
from diag.i18n import message
from diag.model import Frame, ModuleAddress
from diag.protocol.answer import AnswerKind, classify

#: How long after its request, or after the last sign of work, a response still belongs to it.
_RESPONSE_WITHIN_S = 5.0
#: How many requests may be sent before the first of them is answered.
_OVERTAKING = 3
#: Response id minus request id: 8 by ISO 15765-4 and many makers, 20 hex by Nissan and Renault.
_OFFSETS = (0x08, 0x20)
_OBD_REQUESTS = range(0x7E0, 0x7E8)
_FUNCTIONAL = 0x7DF
_HIGHEST_ID = 0x7FF
_WORKING = message("the module said it was working and then never answered")


def find_conversations(capture: Capture) -> Conversations:
    """Find every conversation of a capture. Each channel is a bus of its own, never paired with another."""
    return agreed([_on_one_channel(frames) for frames in by_channel(capture.frames)])


def _on_one_channel(frames: Iterable[Frame]) -> Conversations:
    speakers = speakers_of(frames)
    conversations = [*_standard(speakers), *_answered_pairs(speakers)]
    proven = any(conversation.responses for conversation in conversations)
    taken = {conversation.address.request_id for conversation in conversations}
    conversations += _broken_off(speakers, taken, proven=proven)
    conversations += _silent_modules(speakers, taken, proven=proven)
    return Conversations(tuple(conversations), _nobody_answered(speakers, conversations))


def conversation_of(capture: Capture, address: ModuleAddress) -> Conversation | None:
    """Find the conversation of one pair of ids that no rule would pair, None where nothing proves it."""
    found = []
    for frames in by_channel(capture.frames):
        wanted = (address.request_id, address.response_id)
        speakers = speakers_of(frame for frame in frames if frame.arbitration_id in wanted)
        conversation = _proven(_converse(speakers, address, functional=False))
        found.append(Conversations(() if conversation is None else (conversation,)))
    return agreed(found).with_response_id(address.response_id)


def _standard(speakers: dict[tuple[int, bool], Speaker]) -> list[Conversation]:
    """Pair 7E0-7E7 with 7E8-7EF, counting requests to everyone, as ISO 15765-4 fixes them."""
    found = []
    for request_id in _OBD_REQUESTS:
        address = ModuleAddress(request_id, request_id + 0x08)
        conversation = _proven(_converse(speakers, address, functional=True))
        conversation = conversation or _answers_only(speakers, address)
        if conversation is not None:
            found.append(conversation)
    return found


def _answered_pairs(speakers: dict[tuple[int, bool], Speaker]) -> list[Conversation]:
    found = []
    for request_id, is_extended in speakers:
        if request_id in _OBD_REQUESTS:
            continue
        for response_id in _response_ids(request_id, is_extended=is_extended):
            if (response_id, is_extended) in speakers:
                address = ModuleAddress(request_id, response_id, is_extended)
                conversation = _proven(_converse(speakers, address, functional=False))
                if conversation is not None:
                    found.append(conversation)
                    break
    return found


def _response_ids(request_id: int, *, is_extended: bool) -> tuple[int, ...]:
    """Return where answers to an id may come from; 29-bit ids swap target and tester (ISO 15765-4)."""
    if is_extended:
        if request_id >> 16 != 0x18DA:
            return ()
        return (request_id & 0xFFFF0000 | (request_id & 0xFF) << 8 | request_id >> 8 & 0xFF,)
    return tuple(request_id + offset for offset in _OFFSETS if request_id + offset <= _HIGHEST_ID)


def _broken_off(
    speakers: dict[tuple[int, bool], Speaker], taken: set[int], *, proven: bool
) -> list[Conversation]:
    """Find modules that a tester asked and whose answers all broke off.

    Only where a tester is proven by others' answers, or the ids are those of ISO 15765-4.
    """
    everyone = speakers.get((_FUNCTIONAL, False))
    asked = [key for key, speaker in speakers.items() if speaker.is_tester and key[0] != _FUNCTIONAL]
    if everyone is not None and everyone.is_tester:
        asked += [(request_id, False) for request_id in _OBD_REQUESTS if (request_id, False) not in speakers]
    found = []
    for request_id, is_extended in asked:
        is_standard = request_id in _OBD_REQUESTS and not is_extended
        if request_id in taken or not (proven or is_standard):
            continue
        answers = (request_id + 0x08,) if is_standard else _response_ids(request_id, is_extended=is_extended)
        for response_id in answers:
            address = ModuleAddress(request_id, response_id, is_extended)
            conversation = _converse(speakers, address, functional=is_standard)
            if conversation.broken:
                found.append(conversation)
                taken.add(request_id)
                break
    return found


def _silent_modules(
    speakers: dict[tuple[int, bool], Speaker], taken: set[int], *, proven: bool
) -> list[Conversation]:
    """Find modules that were asked and never said anything.

    Only where a tester is proven by others' answers, or the id is one that ISO 15765-4 keeps for requests.
    """
    found = []
    for (identifier, is_extended), speaker in speakers.items():
        if identifier in taken or identifier == _FUNCTIONAL or not speaker.is_tester:
            continue
        answers = _response_ids(identifier, is_extended=is_extended)
        if any((answer, is_extended) in speakers for answer in answers):
            continue
        if identifier in _OBD_REQUESTS or (proven and answers):
            response_id = identifier + 0x08 if identifier in _OBD_REQUESTS else answers[-1]
            address = ModuleAddress(identifier, response_id, is_extended)
            found.append(_converse(speakers, address, functional=False))
    return found


def _nobody_answered(
    speakers: dict[tuple[int, bool], Speaker], conversations: list[Conversation]
) -> tuple[RecordedExchange, ...]:
    everyone = speakers.get((_FUNCTIONAL, False))
    if everyone is None or not everyone.is_tester:
        return ()
    answered = {
        exchange.request_time
        for conversation in conversations
        for exchange in conversation.exchanges
        if exchange.functional
    }
    return tuple(
        RecordedExchange(said.payload, said.time, functional=True)
        for said in everyone.said
        if said.time not in answered
    )


def _proven(conversation: Conversation) -> Conversation | None:
    """Return a conversation whose answers mostly belong to their requests, else None."""
    heard = [exchange for exchange in conversation.exchanges if exchange.response_time is not None]
    good = sum(exchange.response is not None for exchange in heard)
    return conversation if good and good * 2 >= len(heard) else None


def _answers_only(speakers: dict[tuple[int, bool], Speaker], address: ModuleAddress) -> Conversation | None:
    """Take a module's answers without requests, where no tester was recorded and frames were put together."""
    answers = speakers.get((address.response_id, False))
    testers = (_FUNCTIONAL, *_OBD_REQUESTS)
    if answers is None or not answers.well_formed or any((tester, False) in speakers for tester in testers):
        return None
    whole = [said for said in answers.said if said.broken is None and said.payload[0] & 0x40]
    if not any(len(said.payload) > 7 for said in whole):
        return None
    return Conversation(
        address, tuple(RecordedExchange(None, said.time, said.payload, said.time) for said in whole)
    )


def _converse(
    speakers: dict[tuple[int, bool], Speaker], address: ModuleAddress, *, functional: bool
) -> Conversation:
    """Give every request what the module said between it and the next one."""
    own = _requests_of(speakers, address.request_id, address.is_extended, functional=False)
    shared = _requests_of(speakers, _FUNCTIONAL, False, functional=True) if functional else []
    exchanges = sorted([*own, *shared], key=lambda exchange: exchange.request_time)
    times = [exchange.request_time for exchange in exchanges]
    answers = speakers.get((address.response_id, address.is_extended))
    working: set[int] = set()
    for said in answers.said if answers is not None else ():
        number = _owner_of(exchanges, bisect_right(times, said.time) - 1, said, working)
        if number >= 0:
            exchanges[number] = _take(exchanges[number], said, number, working)
    return Conversation(
        address,
        tuple(
            replace(exchange, broken=exchange.broken or _WORKING)
            if number in working and exchange.response is None
            else exchange
            for number, exchange in enumerate(exchanges)
            if not exchange.functional or exchange.response_time is not None
        ),
    )


def _owner_of(exchanges: list[RecordedExchange], latest: int, said: Said, working: set[int]) -> int:
    """Return which request a message answers: the latest it fits in time, the latest where it fits none."""
    if said.broken is None:
        for number in range(latest, max(latest - _OVERTAKING, -1), -1):
            exchange = exchanges[number]
            is_open = exchange.response is None and _in_time(exchange, said, is_working=number in working)
            request = exchange.request if is_open else None
            if request and classify(request, said.payload).kind is not AnswerKind.MISMATCH:
                return number
    return latest


def _in_time(exchange: RecordedExchange, said: Said, *, is_working: bool) -> bool:
    last_sign = exchange.response_time if is_working else None
    waited_s = said.time - (exchange.request_time if last_sign is None else last_sign)
    return waited_s <= _RESPONSE_WITHIN_S


def _requests_of(
    speakers: dict[tuple[int, bool], Speaker], request_id: int, is_extended: bool, *, functional: bool
) -> list[RecordedExchange]:
    speaker = speakers.get((request_id, is_extended))
    if speaker is None:
        return []
    return [
        RecordedExchange(said.payload, said.time, functional=functional)
        for said in speaker.said
        if is_request(said)
    ]


def _take(exchange: RecordedExchange, said: Said, number: int, working: set[int]) -> RecordedExchange:
    """Add what a module said to an exchange; its first final response stays."""
    request = exchange.request
    in_time = _in_time(exchange, said, is_working=number in working)
    if request is None or exchange.response is not None or not in_time:
        return exchange
    if said.broken is not None:
        return replace(exchange, response_time=said.time, broken=said.broken)
    answer = classify(request, said.payload)
    if answer.kind is AnswerKind.PENDING:
        working.add(number)
        return replace(exchange, response_time=said.time)
    if answer.kind is AnswerKind.MISMATCH:
        return replace(exchange, response_time=said.time, broken=answer.reason)
    return replace(exchange, response=said.payload, response_time=said.time, broken=None)
