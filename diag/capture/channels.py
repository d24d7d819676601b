"""Keep the channels of a capture apart, and bring together what was found on each of them.

One arbitration id on two channels may be one module that a gateway repeats, or a module of another car. Only
the first can be answered from; it shows in the same answers at the same time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from diag.capture.exchanges import Conversation, Conversations, RecordedExchange
from diag.i18n import message
from diag.model import Frame

#: How far apart a gateway may repeat a message on another channel; far more than any takes.
_SAME_TIME_S = 0.5
_DISAGREE = message("two channels disagree")

#: A request and its answer.
_Pair = tuple[bytes | None, bytes | None]
#: A module as its answers show it: their arbitration id, and whether that is extended.
_Module = tuple[int, bool]


def by_channel(frames: Iterable[Frame]) -> list[list[Frame]]:
    """Return the frames of each channel, in order of first appearance."""
    channels: dict[str, list[Frame]] = defaultdict(list)
    for frame in frames:
        channels[frame.channel].append(frame)
    return list(channels.values())


def agreed(channels: Sequence[Conversations]) -> Conversations:
    """Make one of what the channels gave, by request id; a module that two tell differently is broken."""
    modules: dict[_Module, list[list[Conversation]]] = defaultdict(list)
    for channel in channels:
        for module, conversations in _by_module(channel).items():
            modules[module].append(conversations)
    found = [each for versions in modules.values() for each in _one_of(versions)]
    found.sort(key=lambda conversation: conversation.address.request_id)
    return Conversations(tuple(found), tuple(_answered_nowhere(channels)))


def _by_module(channel: Conversations) -> dict[_Module, list[Conversation]]:
    modules: dict[_Module, list[Conversation]] = defaultdict(list)
    for conversation in channel.modules:
        modules[conversation.address.response_id, conversation.address.is_extended].append(conversation)
    return modules


def _one_of(versions: list[list[Conversation]]) -> list[Conversation]:
    """Choose the channel that heard most; where another heard a module say anything else, nothing is known.

    A channel on which the module never spoke does not count beside one on which it did.
    """
    spoken = [version for version in versions if _has_spoken(version)]
    if len(spoken) < 2:
        return (spoken or versions)[0]
    fullest = max(spoken, key=lambda version: len(_pairs(version)))
    times = _times(fullest)
    if all(_is_repeated(pair, time, times) for version in spoken for pair, time in _pairs(version)):
        return fullest
    return [_in_conflict(spoken)]


def _has_spoken(version: list[Conversation]) -> bool:
    return any(exchange.response_time is not None for each in version for exchange in each.exchanges)


def _pairs(version: list[Conversation]) -> list[tuple[_Pair, float]]:
    """Return each request with its whole answer, and when that came."""
    return [
        ((exchange.request, exchange.response), exchange.response_time)
        for conversation in version
        for exchange in conversation.exchanges
        if exchange.response is not None and exchange.response_time is not None
    ]


def _times(version: list[Conversation]) -> dict[_Pair, list[float]]:
    times: dict[_Pair, list[float]] = defaultdict(list)
    for pair, time in _pairs(version):
        times[pair].append(time)
    return {pair: sorted(each) for pair, each in times.items()}


def _is_repeated(pair: _Pair, time: float, times: dict[_Pair, list[float]]) -> bool:
    known = times.get(pair, [])
    at = bisect_left(known, time - _SAME_TIME_S)
    return at < len(known) and known[at] <= time + _SAME_TIME_S


def _in_conflict(versions: list[list[Conversation]]) -> Conversation:
    """Return all exchanges of a module in order of their requests, each with the reason for no answer."""
    conversations = [conversation for version in versions for conversation in version]
    exchanges = sorted(
        (exchange for conversation in conversations for exchange in conversation.exchanges),
        key=lambda exchange: exchange.request_time,
    )
    broken = tuple(replace(exchange, response=None, broken=_DISAGREE) for exchange in exchanges)
    return Conversation(conversations[0].address, broken)


def _answered_nowhere(channels: Sequence[Conversations]) -> list[RecordedExchange]:
    """Return the requests to everyone that nobody answered on any channel."""
    answered: dict[bytes | None, list[float]] = defaultdict(list)
    for channel in channels:
        for conversation in channel.modules:
            for exchange in conversation.exchanges:
                if exchange.functional:
                    answered[exchange.request].append(exchange.request_time)
    return [
        silence
        for channel in channels
        for silence in channel.unanswered
        if not any(
            abs(time - silence.request_time) <= _SAME_TIME_S for time in answered.get(silence.request, ())
        )
    ]
