"""The command line: exit codes, sentences, and how little `--help` loads."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import jsonschema
import pytest

import diag
from diag.cli import common, config, demo, main, screens
from diag.cli.commands import COMMANDS
from diag.clock import RateClock, SystemClock, VirtualClock
from diag.config import load_settings
from diag.errors import AdapterLost, ProfileError
from diag.i18n import message
from diag.link import discovery
from diag.report.documents import json_schema
from tui import app

#: What `terrano --help` may load of ours; everything else waits until a command needs it.
LIGHT = {
    "diag",
    "diag.cli",
    "diag.cli.commands",
    "diag.cli.main",
    "diag.cli.usage",
    "diag.config",
    "diag.errors",
    "diag.i18n",
}
HEAVY = {
    "can",
    "isotp",
    "cantools",
    "obd",
    "udsoncan",
    "textual",
    "rich",
    "msgspec",
    "serial",
    "asyncio",
    "shtab",
}


def test_help_lists_every_command_and_loads_nothing_heavy(tmp_path):
    code = (
        "import sys\nfrom diag.cli.main import main\nmain(['--help'])\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"TERRANO_HOME": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
    )
    for name in COMMANDS:
        assert name in done.stdout
    loaded = set(done.stderr.split())
    assert {name for name in loaded if name.split(".")[0] in {"diag", "tui"}} == LIGHT
    assert not loaded & HEAVY


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_of_its_own(terrano, name):
    code, out, _ = terrano(name, "--help")
    assert code == 0
    assert out.startswith(f"usage: terrano {name}")
    assert "--lang" in out


def test_the_version_is_printed(terrano):
    assert terrano("--version") == (0, f"terrano {diag.__version__}\n", "")


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (["sca"], 64, "Unknown command: sca"),
        (["scan", "--what"], 64, "Not understood: --what"),
        (["scan", "--link"], 64, "--link needs a value"),
        (["scan", "--lang", "de"], 64, "--lang cannot be de"),
        (["scan", "--clock", "rate=-1"], 64, "rate=-1"),
        (["scan", "--clock", "rate=x"], 64, "rate=x"),
        (["explain"], 64, "CODE"),
        (["scan", "--link", "foo:"], 64, "Unknown link: foo:"),
        (["scan", "--link", "none:", "--profile", "R51"], 64, "R51"),
        (["schema", "nothing"], 64, "nothing"),
        (["scan", "--link", "replay:nowhere.log"], 66, "nowhere.log"),
        (["replay", "nowhere.log"], 66, "nowhere.log"),
        (["scan", "--link", "elm327:/dev/nowhere"], 69, "/dev/nowhere"),
        (["tui"], 64, "terminal"),
        ([], 64, "terminal"),
    ],
)
def test_what_is_wrong_has_a_sentence_an_advice_and_its_code(terrano, argv, code, said):
    found, out, err = terrano(*argv)
    assert found == code
    assert out == ""
    lines = [line for line in err.splitlines() if line]
    assert said in err
    assert len(lines) >= 2
    assert "Traceback" not in err


def test_a_usage_error_speaks_the_language_that_was_asked_for(terrano, monkeypatch):
    seen = []
    monkeypatch.setattr(main, "use_language", seen.append)
    terrano("scan", "--what", "--lang", "ru")
    assert seen[-1] == "ru"


def test_global_options_stand_before_or_after_the_command(terrano, tmp_path):
    before = terrano("--home", str(tmp_path / "a"), "--profile", "nissan-d", "config")
    after = terrano("config", "--home", str(tmp_path / "a"), "--profile", "nissan-d")
    assert before == after
    assert "profile = nissan-d  (command line)" in before[1]


@pytest.fixture
def broken_settings(tmp_path):
    """A settings file with a key that does not exist."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text("colour = 1\n", encoding="utf-8")


@pytest.mark.usefixtures("broken_settings")
@pytest.mark.parametrize("argv", [["config"], ["scan", "--link", "none:"], ["adapters"], []])
def test_a_wrong_settings_file_ends_with_78(terrano, argv):
    code, out, err = terrano(*argv)
    assert (code, out) == (78, "")
    assert err.count("colour") == 1


@pytest.mark.usefixtures("broken_settings")
@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["scan", "--help"], ["explain", "P0562"]])
def test_what_needs_no_settings_goes_on_with_a_warning(terrano, argv):
    code, out, err = terrano(*argv)
    assert code == 0
    assert out
    assert err.count("colour") == 1
    assert "The defaults are used." in err


def test_a_folder_in_place_of_the_settings_file_ends_with_78(terrano, tmp_path):
    (tmp_path / "home" / "config.toml").mkdir(parents=True)
    code, _, err = terrano("config")
    assert code == 78
    assert "Is a directory" in err


@pytest.mark.parametrize(
    "argv", [["scan", "--link", "elm327:/dev/nowhere"], ["demo"], ["config"], ["tui", "--link", "sim:"]]
)
def test_a_car_that_does_not_exist_is_refused_before_anything_is_opened(terrano, monkeypatch, argv):
    monkeypatch.setattr(screens, "has_terminal", lambda: argv[0] == "tui")
    code, _, err = terrano(*argv, "--profile", "nope")
    assert code == 64
    assert "There is no car called “nope”." in err
    assert "/dev/nowhere" not in err


def test_a_car_file_with_a_broken_dbc_is_refused(terrano, tmp_path):
    (tmp_path / "car.dbc").write_text("BO_ what\n", encoding="utf-8")
    car = tmp_path / "car.toml"
    text = 'name = "x"\ndbc = "car.dbc"\ntitle = { en = "x", ru = "x" }\ncovers = { en = "x", ru = "x" }\n'
    car.write_text(text, encoding="utf-8")
    for argv in (["config"], ["scan", "--link", "none:"]):
        code, _, err = terrano(*argv, "--profile", str(car))
        assert code == 78, err
        assert "does not load as a DBC" in err


@pytest.mark.parametrize(
    ("argv", "url"),
    [
        (["--link", "sim:healthy", "--ascii"], "sim:healthy"),
        (["tui", "--link", "sim:healthy", "--ascii"], "sim:healthy"),
        (["--link", "none:", "--ascii", "tui", "--link", "sim:healthy"], "sim:healthy"),
        (["--link", "sim:healthy", "tui", "--ascii"], "sim:healthy"),
        (["demo", "--ascii"], "sim:clarion-code"),
        (["replay", __file__, "--ascii"], f"replay:{__file__}"),
        (["--ascii"], None),
    ],
)
def test_the_screens_open_on_the_link_named_with_plain_characters(terrano, monkeypatch, argv, url):
    opened = []

    def run_app(link, **options):
        opened.append((link, options["ascii_only"]))
        return 0

    monkeypatch.setattr(screens, "has_terminal", lambda: True)
    monkeypatch.setattr(demo, "has_terminal", lambda: True)
    monkeypatch.setattr(app, "run_app", run_app)
    assert terrano(*argv)[0] == 0
    assert opened == [(url, True)]


def test_the_link_may_stand_before_the_command(terrano):
    code, out, _ = terrano("--link", "none:", "--ascii", "scan")
    assert code == 0
    assert out.startswith("ASKED")


def test_the_demo_can_be_a_document(terrano, monkeypatch):
    monkeypatch.setattr(demo, "DEMO_URL", "sim:healthy")
    code, out, _ = terrano("demo", "--json")
    assert code == 0
    jsonschema.validate(json.loads(out), json_schema("scan"))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 0),
        (AdapterLost(message("The adapter is gone.")), 69),
        (ProfileError(message("x.toml: wrong key")), 78),
    ],
)
def test_what_ends_a_command_becomes_its_code(terrano, monkeypatch, error, code):
    def fail(_):
        raise error

    monkeypatch.setattr(config, "run", fail)
    monkeypatch.setattr(main, "_stop_writing", lambda _: None)
    assert terrano("config")[0] == code


def test_a_bug_of_ours_leaves_a_file_and_a_short_sentence(terrano, monkeypatch, tmp_path):
    def fail(_):
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(config, "run", fail)
    code, _, err = terrano("config")
    assert code == 70
    kept = tmp_path / "home" / "last-error.txt"
    assert str(kept) in err
    assert "a secret of ours" not in err
    assert "ZeroDivisionError" in kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_is_printed_for_a_shell(terrano, shell):
    code, out, _ = terrano("--print-completion", shell)
    assert code == 0
    assert "--show-vin" in out


def test_config_and_schema_are_documents(terrano):
    document = json.loads(terrano("config", "--json")[1])
    jsonschema.validate(document, json_schema("config"))
    assert [row["name"] for row in document["settings"]] == ["lang", "link", "profile", "ascii"]
    assert json.loads(terrano("schema", "scan")[1]) == json.loads(json.dumps(json_schema("scan")))


def found(link, usable=True):
    return discovery.FoundAdapter("adapter", "serial", link, usable)


@pytest.mark.parametrize(
    ("adapters", "said"),
    [
        ([], "No adapter was found."),
        ([found("elm327:/dev/ttyUSB0", usable=False)], "No adapter was found."),
        ([found("elm327:/dev/ttyUSB0"), found("can:socketcan:can0")], "More than one adapter"),
    ],
)
def test_without_exactly_one_adapter_a_scan_asks_for_its_name(terrano, monkeypatch, adapters, said):
    monkeypatch.setattr(discovery, "find_adapters", lambda: tuple(adapters))
    code, _, err = terrano("scan")
    assert code == 69
    assert said in err


def test_the_only_adapter_is_used(terrano, monkeypatch):
    monkeypatch.setattr(discovery, "find_adapters", lambda: (found("none:"),))
    code, out, _ = terrano("scan", "--quiet")
    assert code == 0
    assert out.startswith("ASKED")


def test_the_link_of_the_settings_is_used(terrano, monkeypatch):
    monkeypatch.setenv("TERRANO_LINK", "none:")
    code, out, _ = terrano("scan", "--json")
    assert code == 0
    assert json.loads(out)["mode"] == "asked"


def test_where_the_error_output_is_no_terminal_there_is_no_progress(terrano):
    assert terrano("scan", "--link", "none:")[2] == ""
    assert terrano("check", "--link", "sim:healthy")[2] == ""


def test_the_log_holds_every_request_as_a_json_line(terrano, tmp_path):
    log = tmp_path / "trace.jsonl"
    assert terrano("scan", "--link", "none:", "--log", str(log))[0] == 0
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {"time", "kind", "address", "data"} <= set(rows[0])
    assert "03" in [row["data"] for row in rows]


@pytest.fixture
def odd_profile(tmp_path):
    """A profile of a car whose bus runs at another speed, with another padding."""
    text = (Path(diag.__file__).parent / "vehicle/profiles/generic-obd.toml").read_text(encoding="utf-8")
    text = text.replace("bitrate = 500000", "bitrate = 250000").replace('padding = "00"', 'padding = "AA"')
    path = tmp_path / "odd.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_bus_of_the_profile_named_reaches_the_link(odd_profile, tmp_path):
    for profile, facts in ((odd_profile, (0xAA, 250_000)), (None, (0x00, 500_000))):
        arguments = Namespace(
            settings=load_settings({"profile": profile}, home=str(tmp_path)), log=None, quiet=True
        )
        with common.link_options(arguments, VirtualClock(), print) as options:
            assert (options.padding, options.bitrate) == facts


def test_a_profile_that_is_not_there_is_told_before_the_adapter_is_opened(terrano):
    code, _, err = terrano("scan", "--link", "elm327:/dev/ttyNOSUCH", "--profile", "nissan-r51")
    assert code == 64
    assert "nissan-r51" in err


def test_a_log_that_cannot_be_written_is_told(terrano, tmp_path):
    code, _, err = terrano("scan", "--link", "none:", "--log", str(tmp_path / "no" / "folder.log"))
    assert code == 74
    assert "folder.log" in err


def test_the_clock_is_the_one_named():
    assert isinstance(common.clock_of(Namespace(clock=None)), SystemClock)
    assert isinstance(common.clock_of(Namespace(clock="virtual")), VirtualClock)
    fast = common.clock_of(Namespace(clock="rate=60"))
    assert isinstance(fast, RateClock)
    assert fast.rate == 60
