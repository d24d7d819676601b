"""When fault codes prove that the battery was disconnected, and when they do not."""

from __future__ import annotations

from diag.model import FaultCode, ModuleAddress, ModuleResult, Verdict
from diag.reading import power_loss


def module(name: str, *codes: str) -> ModuleResult:
    faults = tuple(FaultCode(code, ("confirmed",), "03", "0000") for code in codes)
    verdict = Verdict.CODES if codes else Verdict.NONE
    return ModuleResult(name, ModuleAddress(0x7E0, 0x7E8), verdict, None, faults)


def test_lost_memory_and_a_companion_in_another_module_are_evidence():
    found = power_loss.interpret([module("ECM", "P0603"), module("BCM", "U1000"), module("IPDM")])
    assert found is not None
    assert [(name, code.code) for name, code in found.evidence] == [("ECM", "P0603"), ("BCM", "U1000")]


def test_missing_messages_alone_prove_nothing_since_a_silent_module_leaves_them_too():
    assert power_loss.interpret([module("ECM", "U1000"), module("BCM", "U1000")]) is None


def test_one_module_alone_may_have_lost_its_own_supply():
    assert power_loss.interpret([module("ECM", "P0603", "U1000"), module("BCM")]) is None


def test_no_codes_are_no_evidence():
    assert power_loss.interpret([module("ECM"), module("BCM")]) is None
