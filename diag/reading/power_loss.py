"""Notice that the battery was disconnected, from the fault codes that power loss leaves behind."""

from __future__ import annotations

from collections.abc import Sequence

from diag.model import ModuleResult
from diag.reading.result import PowerLoss
from diag.vehicle.fault_texts import fault_text

#: One module alone may have lost its own supply, or missed messages for another reason.
_FEWEST_MODULES = 2


def interpret(modules: Sequence[ModuleResult]) -> PowerLoss | None:
    """Return the evidence where at least two modules hold a code that power loss leaves; else None."""
    evidence = tuple(
        (module.name, code)
        for module in modules
        for code in module.fault_codes
        if (fact := fault_text(code.code)) is not None and fact.power_loss
    )
    if len({name for name, _ in evidence}) < _FEWEST_MODULES:
        return None
    return PowerLoss(evidence)
