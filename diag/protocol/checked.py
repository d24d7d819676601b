"""Let a value be taken from an answer only when the answer is positive and belongs to its request."""

from __future__ import annotations

from diag.errors import MalformedResponse
from diag.i18n import Message, message
from diag.protocol.answer import AnswerKind, classify


def require_positive(request: bytes, response: bytes) -> None:
    """Check that `response` is the positive answer to `request`.

    Raises:
        MalformedResponse: it is a refusal, "pending", or not an answer to this request at all.
    """
    answer = classify(request, response)
    if answer.kind is not AnswerKind.POSITIVE:
        raise malformed(answer.reason or message("the answer does not belong to the request"))


def malformed(reason: Message) -> MalformedResponse:
    """Return the error that says why no value was taken from an answer."""
    return MalformedResponse(
        message("Nothing was taken from the answer: {reason}.", reason=reason),
        message("Ask again; if it stays, check the adapter and the module's wiring."),
    )
