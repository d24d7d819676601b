"""The command line: exit codes, sentences, and how little `--help` loads."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace

import jsonschema
import pytest

import diag
from diag.cli import common, config, main
from diag.cli.commands import COMMANDS
from diag.clock import RateClock, SystemClock, VirtualClock
from diag.errors import AdapterLost, ProfileError
from diag.i18n import message
from diag.link import discovery
from diag.report.documents import json_schema

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


def test_a_wrong_settings_file_ends_with_78(terrano, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text("colour = 1\n", encoding="utf-8")
    code, _, err = terrano("config")
    assert code == 78
    assert "colour" in err


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
    monkeypatch.setattr(main, "_stop_writing", lambda: None)
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


def test_output_into_a_closed_pipe_is_no_error(tmp_path):
    command = f"{sys.executable} -m diag schema scan | head -c 10; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        env={"TERRANO_HOME": str(tmp_path)},
    )
    assert (done.returncode, done.stderr) == (0, "")


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


def test_quiet_says_nothing_on_the_error_output(terrano):
    assert terrano("scan", "--link", "none:", "--quiet")[2] == ""
    assert "Asking ECM" in terrano("scan", "--link", "none:")[2]


def test_the_log_holds_every_request_as_a_json_line(terrano, tmp_path):
    log = tmp_path / "trace.jsonl"
    assert terrano("scan", "--link", "none:", "--log", str(log))[0] == 0
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {"time", "kind", "address", "data"} <= set(rows[0])
    assert "03" in [row["data"] for row in rows]


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
