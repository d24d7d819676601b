"""Where the output goes: full disks, closed pipes, old code pages, and progress on a terminal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs a shell and devices of POSIX")
TERRANO = f"{sys.executable} -m diag"


@pytest.fixture
def shell(tmp_path):
    """Run one line of bash, in which `$TERRANO` is the command."""

    def run(line, **environment):
        return subprocess.run(
            ["bash", "-c", line],
            capture_output=True,
            check=False,
            env={"TERRANO_HOME": str(tmp_path), "TERRANO": TERRANO, **environment},
        )

    return run


@POSIX
@pytest.mark.parametrize(
    ("argv", "unbuffered"),
    [("scan --link none: --json", ""), ("scan --link none:", "1"), ("--help", ""), ("--help", "1")],
)
def test_a_full_disk_ends_with_74_and_a_sentence(shell, argv, unbuffered):
    done = shell(f"$TERRANO {argv} > /dev/full", PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 74
    assert done.stderr.decode().startswith("The output cannot be written: No space left on device")


@POSIX
def test_a_closed_output_ends_with_74_and_a_sentence(shell):
    done = shell("$TERRANO scan --link none: >&-")
    assert done.returncode == 74
    assert done.stderr.decode().startswith("There is no standard output")


@POSIX
@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full"])
def test_an_error_output_that_takes_nothing_keeps_the_exit_code_and_the_data_clean(shell, where):
    done = shell(f"$TERRANO scan --link foo: {where}")
    assert (done.returncode, done.stdout) == (64, b"")


@POSIX
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("argv", ["scan --link none:", "schema scan"])
def test_a_reader_who_has_gone_is_no_error(shell, argv, unbuffered):
    line = f"$TERRANO {argv} | head -n 1; exit ${{PIPESTATUS[0]}}"
    done = shell(line, PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("encoding", ["ascii", "cp866", "cp1252"])
@pytest.mark.parametrize("argv", [["scan", "--link", "none:"], ["explain", "x"]])
def test_an_old_code_page_gets_plain_signs(tmp_path, encoding, argv):
    done = subprocess.run(
        [sys.executable, "-m", "diag", *argv, "--lang", "ru"],
        capture_output=True,
        check=False,
        env={**os.environ, "TERRANO_HOME": str(tmp_path), "PYTHONIOENCODING": encoding},
    )
    assert done.returncode == (64 if argv[-1] == "x" else 0)
    assert (done.stdout + done.stderr).decode(encoding)


@POSIX
@pytest.mark.parametrize("options", [[], ["--ascii"], ["--quiet"]])
def test_a_terminal_sees_one_line_of_progress_that_is_gone_at_the_end(tmp_path, options):
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "diag", "scan", "--link", "none:", *options],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={"TERRANO_HOME": str(tmp_path), "TERM": "xterm", "LC_ALL": "C.UTF-8"},
    ) as process:
        os.close(theirs)
        written = _read_all(ours)
        assert process.stdout is not None
        data = process.stdout.read()
    assert process.returncode == 0
    assert b"Asking" not in data
    if "--quiet" in options:
        assert written == b""
        return
    assert b"Asking TCM" in written
    assert b"\n" not in written.replace(b"\r\n", b"", 1), "one line, but for the one that is taken back"
    assert written.rstrip().endswith(b"\x1b[2K"), "the line is gone at the end"
    if "--ascii" in options:
        assert written.isascii()


def _read_all(descriptor):
    written = b""
    try:
        while part := os.read(descriptor, 4096):
            written += part
    except OSError:  # how Linux says that the other end of a terminal is closed
        pass
    finally:
        os.close(descriptor)
    return written
