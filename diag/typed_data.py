"""Turn plain dicts and lists into typed structs, from one thread at a time.

msgspec 0.22 can crash the process when two threads meet a struct type for the first time at once.
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_one_at_a_time = threading.Lock()


def convert(document: Any, kind: type[T]) -> T:
    """Return `document` as `kind`.

    Raises:
        msgspec.ValidationError: it does not fit; the text names the path of the wrong value.
    """
    with _one_at_a_time:
        return msgspec.convert(document, kind)
