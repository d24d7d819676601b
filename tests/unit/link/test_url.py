"""A link URL comes apart as the command line writes it; a wrong one says what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diag.errors import ExitCode, UsageError
from diag.link.url import SCHEMES, parse_link_url


@pytest.mark.parametrize(
    ("text", "scheme", "target", "options"),
    [
        ("sim:", "sim", "", {}),
        ("sim:clarion-code?seed=3&ignition=ACC", "sim", "clarion-code", {"seed": "3", "ignition": "ACC"}),
        ("elm327:/dev/ttyUSB0?baudrate=38400", "elm327", "/dev/ttyUSB0", {"baudrate": "38400"}),
        ("elm327:COM5", "elm327", "COM5", {}),
        ("elm327:socket://192.168.0.10:35000", "elm327", "socket://192.168.0.10:35000", {}),
        ("can:", "can", "", {}),
        (
            "can:slcan:/dev/ttyACM0?bitrate=500000&rtscts=1",
            "can",
            "slcan:/dev/ttyACM0",
            {"bitrate": "500000", "rtscts": "1"},
        ),
        ("replay:drive.log?at=270.6", "replay", "drive.log", {"at": "270.6"}),
        ("replay:C:\\logs\\drive.log?at=end", "replay", "C:\\logs\\drive.log", {"at": "end"}),
        ("replay:what?.log?speed=2", "replay", "what?.log", {"speed": "2"}),
        ("none:", "none", "", {}),
    ],
)
def test_urls_come_apart(text: str, scheme: str, target: str, options: dict[str, str]) -> None:
    url = parse_link_url(text)
    assert (url.text, url.scheme, url.target, url.options) == (text, scheme, target, options)


@pytest.mark.parametrize("text", ["", "foo:", "sim", "/dev/ttyUSB0", "ELM327:/dev/ttyUSB0", ":sim"])
def test_an_unknown_scheme_names_the_known_ones(text: str) -> None:
    with pytest.raises(UsageError, match="Unknown link") as caught:
        parse_link_url(text)
    assert caught.value.exit_code is ExitCode.USAGE
    assert all(f"{scheme}:" in str(caught.value.advice) for scheme in SCHEMES)


def test_an_unknown_option_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="unknown option baudrat") as caught:
        parse_link_url("elm327:COM5?baudrat=1")
    assert "baudrate" in str(caught.value.advice)
    with pytest.raises(UsageError, match="unknown option x") as caught:
        parse_link_url("none:?x=1")
    assert str(caught.value.advice).endswith("-")


def test_a_number_is_read_or_refused() -> None:
    url = parse_link_url("elm327:COM5?baudrate=38400")
    assert url.number("baudrate", 0) == 38400
    assert url.number("seed", 7) == 7
    with pytest.raises(UsageError, match="at=soon is not a number") as caught:
        parse_link_url("replay:drive.log?at=soon")
    assert str(caught.value.advice) == "Write it as in at=12.5."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("none:foo", "nothing may follow none:"),
        ("replay:", "names no file"),
        ("replay:?at=end", "names no file"),
        ("elm327:", "names no port"),
        ("can:socketcan:can0?bitrate=xx", "bitrate=xx is not a whole number"),
        ("can:?bitrate=0", "bitrate=0 is not a whole number"),
        ("elm327:COM5?baudrate=-1", "baudrate=-1 is not a whole number"),
        ("elm327:COM5?baudrate=9.6", "baudrate=9.6 is not a whole number"),
        ("replay:drive.log?at=-1", "this value cannot be"),
        ("replay:drive.log?at=nan", "this value cannot be"),
        ("replay:drive.log?speed=0", "this value cannot be"),
        ("replay:drive.log?speed=inf", "this value cannot be"),
        ("replay:drive.log?speed=x", "speed=x is not a number"),
    ],
)
def test_a_slip_is_a_usage_error_with_an_example(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        parse_link_url(text)
    assert caught.value.exit_code is ExitCode.USAGE
    assert str(caught.value.advice)


@given(st.text(max_size=40))
def test_any_text_is_a_url_or_a_usage_error(text: str) -> None:
    scheme = text.partition(":")[0]
    if ":" in text and scheme in SCHEMES:
        return
    with pytest.raises(UsageError) as caught:
        parse_link_url(text)
    assert text in str(caught.value)


@given(st.sampled_from(SCHEMES), st.text(max_size=40))
def test_a_known_scheme_keeps_its_target_or_names_the_wrong_option(scheme: str, rest: str) -> None:
    try:
        url = parse_link_url(f"{scheme}:{rest}")
    except UsageError:
        assert "?" in rest or scheme == "none" or not rest
        return
    assert rest.startswith(url.target)
