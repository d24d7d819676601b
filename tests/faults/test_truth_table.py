"""The truth table: whatever an adapter or a module says, we never say more than it did.

`pytest tests/faults -s` prints it: one line a row, one column a kind of link, python-OBD's score beside ours.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

import pytest

from diag.model import Verdict
from diag.simulator.hostile import Expectation, HostileRow, RowKind, hostile_rows
from diag.simulator.hostile.payloads import expected_codes

SAYS_SOMETHING = {Verdict.NONE, Verdict.CODES}


def _is_right(row: HostileRow, verdict: Verdict, codes: Iterable[str], kind: str | None = None) -> bool:
    """Say whether a verdict is the truth; a failure type behind a code (`P0562-00`) is part of the code.

    Of ours, over a kind of link, the very verdict of the row is wanted. Another tool has other words: there
    only what must not be said counts.
    """
    found = sorted(code.partition("-")[0].upper() for code in codes)
    if kind is None and row.expect is Expectation.NOT_NONE:
        return verdict not in SAYS_SOMETHING
    return verdict in row.verdicts((kind or "").partition(" ")[0]) and found == sorted(expected_codes(row))


def _named(cells) -> list[str]:
    return sorted(
        f"{cell.row.id} · {cell.service} · {cell.kind}: {cell.verdict} {' '.join(cell.codes)}"
        for cell in cells
    )


def test_silence_refusal_and_nonsense_are_never_an_all_clear(cells):
    false_all_clears = [
        cell
        for cell in cells
        if cell.row.expect is not Expectation.NONE and Verdict.NONE in {cell.verdict, cell.module_verdict}
    ]
    assert _named(false_all_clears) == []


def test_no_fault_code_comes_from_a_wrong_answer(cells):
    invented = [
        cell
        for cell in cells
        if cell.row.expect is not Expectation.CODES and Verdict.CODES in {cell.verdict, cell.module_verdict}
    ]
    assert _named(invented) == []


def test_every_bad_answer_gets_the_verdict_that_is_true_of_it(cells):
    misjudged = [
        cell
        for cell in cells
        if cell.row.kind is RowKind.BAD and not _is_right(cell.row, cell.verdict, cell.codes, cell.kind)
    ]
    assert _named(misjudged) == []


def test_a_module_asked_with_one_service_has_the_verdict_of_that_service(cells):
    assert _named(cell for cell in cells if cell.verdict is not cell.module_verdict) == []


def test_odd_but_valid_answers_are_read_right(cells):
    misread = [
        cell
        for cell in cells
        if cell.row.kind is RowKind.ODD and not _is_right(cell.row, cell.verdict, cell.codes, cell.kind)
    ]
    assert _named(misread) == []


def test_nothing_goes_out_to_a_header_that_the_adapter_did_not_confirm(cells):
    refused = [cell for cell in cells if cell.row.refuses]
    assert _named(cell for cell in refused if cell.requests) == []
    assert {cell.verdict for cell in refused} == {Verdict.NOT_ASKED}


def test_requests_reach_the_module_that_was_meant_and_no_other(cells):
    meant = {"03": 0x7E0, "07": 0x7E0, "17": 0x745, "18": 0x745, "19 02": 0x747}
    strays = [
        cell for cell in cells if any(request_id != meant[cell.service] for request_id, _ in cell.requests)
    ]
    assert _named(strays) == []
    assert any(cell.requests for cell in cells)


def test_every_kind_of_link_plays_every_row_it_can_carry(cells):
    rows = hostile_rows()
    everything = sum(len(row.services) for row in rows)
    on_can = sum(len(row.services) for row in rows if row.on_can)
    counted = Counter(cell.kind for cell in cells)
    assert counted.pop("can slcan tcp") == on_can
    assert counted.pop("replay") == on_can
    assert counted
    assert set(counted.values()) == {everything}


@pytest.mark.skipif(sys.platform == "win32", reason="python-OBD is given a pseudo terminal")
def test_the_table_is_printed_with_the_score_of_python_obd_beside_ours(played):
    theirs = [
        (row, _verdict_of(said), said)
        for row in hostile_rows()
        for said in played.python_obd.get(row.id, {}).values()
    ]
    sys.stdout.write("\n".join(["", *_table(played), *_ours(played.cells), *_score(theirs), ""]))
    assert {row.kind for row, _, _ in theirs} == set(RowKind)
    assert len(theirs) > 200


def _table(played) -> list[str]:
    kinds = list(dict.fromkeys(cell.kind for cell in played.cells))
    right: dict[tuple[str, str], list[bool]] = {}
    for cell in played.cells:
        is_right = _is_right(cell.row, cell.verdict, cell.codes, cell.kind)
        right.setdefault((cell.row.id, cell.kind), []).append(is_right)
    lines = [" | ".join([f"{'row':30}", f"{'truth':8}", *kinds, "python-OBD 03, 07"])]
    for row in hostile_rows():
        results = [right.get((row.id, kind)) for kind in kinds]
        shown = ["-" if result is None else f"{sum(result)}/{len(result)}" for result in results]
        marks = [text.ljust(len(kind)) for text, kind in zip(shown, kinds, strict=True)]
        said = played.python_obd.get(row.id, {}).values()
        peer = ", ".join(_words(row, one) for one in said) or "-"
        lines.append(" | ".join([f"{row.id:30}", f"{row.expect:8}", *marks, peer]))
    return lines


def _ours(cells) -> list[str]:
    right = Counter(
        (cell.row.kind, _is_right(cell.row, cell.verdict, cell.codes, cell.kind)) for cell in cells
    )
    return [
        f"ours: {kind} rows right {right[kind, True]} of {right[kind, True] + right[kind, False]}"
        for kind in RowKind
    ]


def _score(theirs) -> list[str]:
    lines = []
    for kind in RowKind:
        results = [_is_right(row, verdict, said) for row, verdict, said in theirs if row.kind is kind]
        lines.append(f"python-OBD: {kind} rows right {sum(results)} of {len(results)}")
    false = sum(verdict is Verdict.NONE and row.expect is not Expectation.NONE for row, verdict, _ in theirs)
    raised = sum(isinstance(said, str) and said.startswith("raised") for _, _, said in theirs)
    return [*lines, f"python-OBD: false all-clears {false}, exceptions {raised}"]


def _verdict_of(said: list[str] | str) -> Verdict:
    if isinstance(said, str):
        return Verdict.NO_ANSWER
    return Verdict.CODES if said else Verdict.NONE


def _words(row: HostileRow, said: list[str] | str) -> str:
    verdict = _verdict_of(said)
    words = said if isinstance(said, str) else str(verdict)
    return words if _is_right(row, verdict, said) else f"{words} WRONG"
