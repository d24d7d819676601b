"""Notice that the battery was disconnected, from the fault codes that power loss leaves behind."""

from __future__ import annotations

from collections.abc import Sequence

from diag.model import ModuleResult
from diag.reading.result import PowerLoss
from diag.vehicle.fault_texts import fault_text

#: One module alone may have lost its own supply, or missed messages for another reason.
_FEWEST_MODULES = 2
#: Codes of this letter say that messages were missing (SAE J2012): companions of power loss, no proof of it.
_NETWORK = "U"


def interpret(modules: Sequence[ModuleResult]) -> PowerLoss | None:
    """Return the evidence where two modules hold codes that power loss leaves, and one is no network code."""
    evidence = tuple(
        (module.name, code)
        for module in modules
        for code in module.fault_codes
        if (fact := fault_text(code.code)) is not None and fact.power_loss
    )
    if len({name for name, _ in evidence}) < _FEWEST_MODULES:
        return None
    if all(code.code.startswith(_NETWORK) for _, code in evidence):
        return None
    return PowerLoss(evidence)
