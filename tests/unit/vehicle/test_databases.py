"""A DBC that does not load is refused with a sentence."""

from __future__ import annotations

import pytest

from diag.errors import DatabaseError, ExitCode, InputNotFound
from diag.vehicle.databases import load_database

HEAD = 'VERSION ""\nBU_: A\nBO_ 1 M: 1 A\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hello world", "line 1, column 1 is not DBC syntax"),
        ("", "line 1, column 1 is not DBC syntax"),
        ('VERSION ""\nBU_: A\nBO_ 1 M: x A\n', "line 3, column 10"),
        (HEAD + ' SG_ S : 0|16@1+ (1,0) [0|1] "" A\n', "signal S does not fit in message M"),
        (
            HEAD + ' SG_ S : 0|4@1+ (1,0) [0|1] "" A\n SG_ T : 3|4@1+ (1,0) [0|1] "" A\n',
            "signals T and S overlap in message M",
        ),
        (HEAD + ' SG_ S : 0|4@1+ (1,0) [0|1] "" A\nVAL_ 1 T 0 "off" ;\n', "names a signal that no message"),
        (HEAD + 'BA_ "GenMsgCycleTime" BO_ 1 5;\n', "its lines contradict each other"),
    ],
)
def test_a_wrong_dbc_says_what_is_wrong_and_where(tmp_path, text, words):
    file = tmp_path / "car.dbc"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DatabaseError) as caught:
        load_database(file)
    assert words in str(caught.value)
    assert "car.dbc" in str(caught.value)
    assert caught.value.exit_code is ExitCode.BAD_DATA


def test_bytes_that_are_no_text_are_refused(tmp_path):
    file = tmp_path / "car.dbc"
    file.write_bytes(bytes(range(256)))
    with pytest.raises(DatabaseError):
        load_database(file)


def test_a_folder_is_no_dbc(tmp_path):
    with pytest.raises(DatabaseError):
        load_database(tmp_path)


def test_a_file_that_is_not_there_names_those_of_the_product(tmp_path):
    with pytest.raises(InputNotFound) as caught:
        load_database(tmp_path / "none.dbc")
    assert "nissan_f_alpha.dbc" in str(caught.value.advice)


def test_the_files_of_the_product_are_found_by_name():
    assert load_database("renault_b0.dbc").messages


def test_the_public_file_with_overlapping_signals_is_refused(realdata):
    with pytest.raises(DatabaseError, match="WHEEL_2 and WHEEL_1 overlap in message ABS_1"):
        load_database(realdata / "dbc" / "nissan_xterra_2011.dbc")
