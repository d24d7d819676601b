import threading

import pytest

from diag.simulator.ports.memory import memory_pipe


def test_what_one_end_writes_the_other_reads():
    one, other = memory_pipe()
    one.write(b"ATZ")
    one.write(b"\r")
    assert other.read(0) == b"ATZ\r"
    assert other.read(0) == b""
    other.write(b">")
    assert one.read(0) == b">"


def test_a_reader_waits_for_the_first_byte():
    one, other = memory_pipe()
    writer = threading.Timer(0.02, lambda: one.write(b"x"))
    writer.start()
    assert other.read(5) == b"x"
    writer.join()


def test_closing_wakes_a_reader_and_keeps_what_was_written():
    one, other = memory_pipe()
    one.write(b"last")
    closer = threading.Timer(0.02, one.close)
    closer.start()
    assert other.read(5) == b"last"
    assert other.read(5) == b""
    closer.join()
    assert other.closed
    with pytest.raises(BrokenPipeError):
        other.write(b"x")
