"""Each small change to the permit is noticed: its source is mutated, and every mutant must fail the table."""

from __future__ import annotations

import ast
import copy
import dataclasses
import types
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import diag.link.permit
from diag.model import FunctionalAddress, ModuleAddress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCE = Path(diag.link.permit.__file__).read_text(encoding="utf-8")

ENGINE = ModuleAddress(0x7E0, 0x7E8)
BODY = ModuleAddress(0x745, 0x765)
NEIGHBOURS = (ModuleAddress(0x744, 0x764), ModuleAddress(0x746, 0x766))
EVERYONE = FunctionalAddress()

READ_SERVICES = bytes.fromhex("01 02 03 07 09 0A 13 17 18 1A 22")
SUB_FUNCTIONS = {0x10: "01 03 81 C0", 0x19: "02 04 06 0A", 0x3E: "00 01 02 80"}
ONE_MODULE = bytes.fromhex("10 21 3E")
NOWHERE = (
    ModuleAddress(0x6FF, 0x7E8),
    ModuleAddress(0x800, 0x7E8),
    ModuleAddress(0x7DF, 0x7E8),
    ModuleAddress(0x7E0, 0x6FF),
    ModuleAddress(0x7E0, 0x800),
    ModuleAddress(0x6FF, 0x6FF),
    ModuleAddress(0x7E0, 0x7E8, is_extended=True),
    FunctionalAddress(0x700),
    FunctionalAddress(0x7DF, (0x615,)),
    FunctionalAddress(is_extended=True),
)
SOMEWHERE = (
    ModuleAddress(0x700, 0x7FF),
    ModuleAddress(0x7FF, 0x700),
    ModuleAddress(0x7DE, 0x7DF),
    ModuleAddress(0x7E0, 0x7E8),
)
REASONS = {
    "silent": "Sending is switched off: this link only listens.",
    "empty": "An empty request is never sent.",
    "service": "This service can change the car: not sent, the tool is read-only.",
    "sub-function": "This form of the request can change the car: not sent, read-only.",
    "address": "Requests go to diagnostic addresses alone, 700 to 7FF: not sent.",
    "everyone": "This request must name one module: not sent to all.",
    "local-id-form": "This request must name one page: not sent.",
    "immobiliser": "This page holds immobiliser data: never asked for.",
}


def expected_rule(address: object, payload: bytes) -> str:
    if not payload:
        return "empty"
    if address in NOWHERE:
        return "address"
    service, rest = payload[0], payload[1:]
    if address is EVERYONE and service in ONE_MODULE:
        return "everyone"
    if service in READ_SERVICES:
        return "read-service"
    if service in SUB_FUNCTIONS:
        allowed = bytes.fromhex(SUB_FUNCTIONS[service])
        return "read-sub-function" if rest and rest[0] in allowed else "sub-function"
    if service != 0x21:
        return "service"
    if not rest:
        return "local-id-form"
    return "immobiliser" if address is BODY and rest[0] in b"\x21\x83" else "read-local-id"


def cases() -> Iterator[tuple[Any, bytes]]:
    yield ENGINE, b""
    for service in range(256):
        yield ENGINE, bytes((service,))
        yield BODY, bytes((service,))
        yield EVERYONE, bytes((service,))
    for address in (*NOWHERE, *SOMEWHERE):
        yield address, b"\x03"
        yield address, b"\x21\x4e"
    for service in (*SUB_FUNCTIONS, 0x21):
        for second in range(256):
            for address in (ENGINE, BODY, EVERYONE, *NEIGHBOURS):
                yield address, bytes((service, second))
                yield address, bytes((service, second, 0x00))


CASES = [(address, payload, expected_rule(address, payload)) for address, payload in cases()]
SECRETS = {bytes.fromhex(text) for text in ("21 21", "21 83", "61 21", "61 83")}
PAIRS = [bytes((first, second)) for first in range(256) for second in (0x20, 0x21, 0x22, 0x82, 0x83, 0x84)]


def keeps_the_table(permit: Any) -> bool:
    """Say whether a permit behaves in every way as this file says it must."""
    return all(check(permit) for check in (names_its_facts, guards_secrets, stays_silent, decides_as_written))


def names_its_facts(permit: Any) -> bool:
    modes = {mode.name: mode.value for mode in permit.PermitMode}
    decision = permit.Decision(allowed=True, rule="x")
    try:
        decision.rule = "y"
    except dataclasses.FrozenInstanceError:
        return (
            modes == {"SILENT": "silent", "READ": "read"}
            and not hasattr(decision, "__dict__")
            and permit.BODY_CONTROL_REQUEST_ID == 0x745
            and range(0x700, 0x800) == permit.DIAGNOSTIC_IDS
            and {0x342, 0x512} == permit.IMMOBILISER_FRAMES
        )
    return False


def guards_secrets(permit: Any) -> bool:
    short = (b"", b"\x21", b"\x61")
    longer = (b"\x21\x21\x00", b"\x61\x83\x00")
    return (
        all(permit.is_immobiliser_secret(pair) is (pair in SECRETS) for pair in PAIRS)
        and not any(permit.is_immobiliser_secret(payload) for payload in short)
        and all(permit.is_immobiliser_secret(payload) for payload in longer)
    )


def stays_silent(permit: Any) -> bool:
    decision = permit.decide(permit.PermitMode.SILENT, ENGINE, b"\x03")
    return is_as_written(decision, "silent")


def decides_as_written(permit: Any) -> bool:
    read = permit.PermitMode.READ
    return all(is_as_written(permit.decide(read, address, payload), rule) for address, payload, rule in CASES)


def is_as_written(decision: Any, rule: str) -> bool:
    reason = None if decision.reason is None else str(decision.reason)
    return decision.rule == rule and decision.allowed is (rule not in REASONS) and reason == REASONS.get(rule)


OPPOSITE = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.GtE: ast.Gt,
    ast.Lt: ast.LtE,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


def changes_of(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], None]]]:
    """Yield what may be changed in one node: a name for it, and how to do it."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in OPPOSITE:
            yield "comparison", lambda twin: setattr(twin, "ops", [OPPOSITE[type(operator)]()])
        case ast.BoolOp(op=operator, values=values):
            yield "and/or", lambda twin: setattr(twin, "op", OPPOSITE[type(operator)]())
            for at in range(len(values)):
                yield f"condition {at} gone", lambda twin, at=at: forget_condition(twin, at)
        case ast.If():
            yield "branch", lambda twin: setattr(twin, "test", ast.UnaryOp(ast.Not(), twin.test))
        case ast.Constant(value=bool(value)):
            yield "flag", lambda twin: setattr(twin, "value", not value)
        case ast.Constant(value=int(value)):
            yield "number + 1", lambda twin: setattr(twin, "value", value + 1)
            yield "number - 1", lambda twin: setattr(twin, "value", value - 1)
        case ast.Constant(value=str(value)):
            yield "text", lambda twin: setattr(twin, "value", value + "!")
        case ast.Set(elts=members) if len(members) > 1:
            for at in range(len(members)):
                yield f"member {at} gone", lambda twin, at=at: twin.elts.pop(at)
        case ast.Dict(keys=keys):
            for at in range(len(keys)):
                yield f"entry {at} gone", lambda twin, at=at: (twin.keys.pop(at), twin.values.pop(at))


def forget_condition(twin: Any, at: int) -> None:
    """Put what changes nothing in the place of one condition: True among "and", False among "or"."""
    twin.values[at] = ast.Constant(isinstance(twin.op, ast.And))


def is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def without_docstrings(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [part for part in body if not is_docstring(part)] or [ast.Pass()]  # type: ignore[attr-defined]
    return tree


def mutants() -> Iterator[tuple[str, ast.Module]]:
    original = without_docstrings(ast.parse(SOURCE))
    for number, node in enumerate(ast.walk(original)):
        for index, (name, _) in enumerate(changes_of(node)):
            tree = copy.deepcopy(original)
            twin = next(found for at, found in enumerate(ast.walk(tree)) if at == number)
            list(changes_of(twin))[index][1](twin)
            yield f"line {getattr(node, 'lineno', 0)}: {name}", ast.fix_missing_locations(tree)


def run(tree: ast.Module) -> types.ModuleType:
    module = types.ModuleType(diag.link.permit.__name__)  # dataclasses look up the module by this name
    exec(compile(tree, "mutated_permit", "exec"), module.__dict__)
    return module


def survives(tree: ast.Module) -> bool:
    try:
        return keeps_the_table(run(tree))
    except Exception:  # noqa: BLE001  a mutant that breaks in any way at all is noticed
        return False


def test_the_permit_keeps_the_table() -> None:
    assert keeps_the_table(diag.link.permit)
    assert keeps_the_table(run(ast.parse(SOURCE)))


def test_no_mutant_of_the_permit_keeps_the_table() -> None:
    tried, survivors = 0, []
    for name, tree in mutants():
        tried += 1
        if survives(tree):
            survivors.append(name)
    assert tried > 150
    assert survivors == []


@pytest.mark.parametrize(("before", "after"), [("0xC0", "0xFB"), ("if not payload:", "if False:")])
def test_the_table_notices_a_change_made_by_hand(before: str, after: str) -> None:
    assert before in SOURCE
    assert not survives(ast.parse(SOURCE.replace(before, after, 1)))
