"""A link that answers from a script, for judging readings without a wire."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from diag.i18n import Message, message
from diag.link import Capabilities, Exchange, Identity, Outcome, Request, Response, SupplySample
from diag.link.base import Moment
from diag.link.trace import Trace
from diag.model import Frame, FunctionalAddress, Mode, ModuleAddress
from diag.protocol.answer import AnswerKind, classify

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class ScriptedStream:
    """Frames that are all there at once, then silence."""

    def __init__(self, frames: list[Frame]) -> None:
        self._frames = list(frames)

    def read(self, timeout_s: float) -> Frame | None:
        return self._frames.pop(0) if self._frames else None

    def close(self) -> None:
        self._frames.clear()

    def __enter__(self) -> ScriptedStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@dataclass
class ScriptedLink:
    """Answers by (response id, request in hex): hex of an answer, or an outcome; a list plays in turn.

    What is not in the script is silent, or not recorded in a capture. Functional requests are answered by
    everybody who has an answer.
    """

    script: dict[tuple[int, str], Any] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    volts: float | None = None
    mode: Mode = Mode.LIVE
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(supply=True))
    sent: list[tuple[str, str]] = field(default_factory=list)
    lost: None = None
    at_s: float | None = None
    missing: Message | None = None
    trace: Trace = field(default_factory=Trace)

    @property
    def identity(self) -> Identity:
        return Identity("test:", self.mode, "scripted", "ISO 15765-4 11/500")

    def submit(self, request: Request) -> Future[Exchange]:
        self.sent.append((str(request.address), request.payload.hex(" ").upper()))
        future: Future[Exchange] = Future()
        future.set_result(Exchange(request, self._responses(request)))
        return future

    def _responses(self, request: Request) -> tuple[Response, ...]:
        text = request.payload.hex(" ").upper()
        if isinstance(request.address, ModuleAddress):
            if not self.capabilities.addressing:
                return (
                    Response(
                        Outcome.WITHHELD, request.address.response_id, NOON, reason=message("no header")
                    ),
                )
            return (self._one(request, request.address.response_id, text),)
        assert isinstance(request.address, FunctionalAddress)
        known = [each for each in request.address.response_ids if (each, text) in self.script]
        if not known:
            return (Response(Outcome.SILENT, None, NOON, reason=message("timeout 1.0 s")),)
        return tuple(self._one(request, each, text) for each in known)

    def _one(self, request: Request, responder: int, text: str) -> Response:
        nothing = Outcome.NOT_RECORDED if self.mode is Mode.REPLAY else Outcome.SILENT
        answer = self.script.get((responder, text), nothing)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, Outcome):
            return Response(answer, responder, NOON, reason=message("said by the script"))
        payload = bytes.fromhex(answer)
        judged = classify(request.payload, payload)
        outcome = {AnswerKind.POSITIVE: Outcome.POSITIVE, AnswerKind.NEGATIVE: Outcome.NEGATIVE}.get(
            judged.kind, Outcome.BROKEN
        )
        kept = payload if outcome is not Outcome.BROKEN else b""
        return Response(outcome, responder, NOON, kept, judged.negative_response_code, judged.reason)

    def supply(self) -> Future[SupplySample | None]:
        future: Future[SupplySample | None] = Future()
        future.set_result(None if self.volts is None else SupplySample(self.volts, 0.1, NOON))
        return future

    def listen(self, arbitration_ids: frozenset[int] | None = None) -> ScriptedStream:
        wanted = [
            each for each in self.frames if arbitration_ids is None or each.arbitration_id in arbitration_ids
        ]
        return ScriptedStream(wanted)

    def moment_of(self, frame: Frame) -> Moment:
        """Take the largest frame time of the script for now."""
        return Moment(max(each.time for each in self.frames) - frame.time, NOON, self.at_s)

    def coverage(self) -> Message | None:
        return self.missing

    def cancel(self) -> None: ...

    def close(self) -> None: ...


@pytest.fixture
def scripted_link() -> type[ScriptedLink]:
    """Make links from scripts."""
    return ScriptedLink
