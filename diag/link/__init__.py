"""The seam: one open line to a car, whether an adapter, a capture or the simulated car."""

from diag.link.base import (
    Capabilities,
    Exchange,
    FrameStream,
    Identity,
    Link,
    Outcome,
    Request,
    Response,
    SupplySample,
)
from diag.link.opening import open_link
from diag.link.options import LinkOptions

__all__ = [
    "Capabilities",
    "Exchange",
    "FrameStream",
    "Identity",
    "Link",
    "LinkOptions",
    "Outcome",
    "Request",
    "Response",
    "SupplySample",
    "open_link",
]
