"""Settings: who wins, and what is refused."""

from __future__ import annotations

import os
import sys

import platformdirs
import pytest

from diag.config import default_settings, load_settings, user_folders
from diag.errors import ConfigurationError, ExitCode


def settings(home, given=None, **environment):
    return load_settings(given, home=str(home), environment=environment)


def test_the_command_line_beats_the_environment_and_that_the_file(tmp_path):
    (tmp_path / "config.toml").write_text(
        'lang = "ru"\nlink = "sim:"\nprofile = "nissan-d"\n', encoding="utf-8"
    )
    found = settings(tmp_path, {"profile": "renault-b0"}, TERRANO_LINK="none:", TERRANO_PROFILE="generic-obd")
    assert (found.lang, found.link, found.profile, found.ascii) == ("ru", "none:", "renault-b0", False)
    origins = {row.name: str(row.origin) for row in found.rows}
    assert origins == {
        "lang": f"file {tmp_path / 'config.toml'}",
        "link": "environment variable TERRANO_LINK",
        "profile": "command line",
        "ascii": "default",
    }


def test_without_a_file_there_are_defaults(tmp_path):
    found = settings(tmp_path / "nowhere")
    assert (found.link, found.profile, found.ascii) == (None, None, False)
    assert found.home == tmp_path / "nowhere"


def test_the_home_folder_comes_from_the_environment_too(tmp_path):
    assert load_settings(environment={"TERRANO_HOME": str(tmp_path)}).home == tmp_path


def test_without_any_home_the_platform_names_one():
    found = load_settings(environment={})
    assert found.home_folder.endswith("terrano")
    assert found.file.endswith("config.toml")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('colour = "red"\n', "colour"),
        ('lang = "de"\n', "lang"),
        ("lang = 5\n", "lang"),
        ('ascii = "yes"\n', "ascii"),
        ("link = true\n", "link"),
        ("lang = \n", "config.toml"),
    ],
)
def test_a_wrong_file_names_file_and_key(tmp_path, text, named):
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        settings(tmp_path)
    assert caught.value.exit_code is ExitCode.CONFIGURATION
    assert "config.toml" in str(caught.value)
    assert named in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("TERRANO_LANG", "de"), ("TERRANO_ASCII", "perhaps")])
def test_a_wrong_environment_names_the_variable(tmp_path, name, value):
    with pytest.raises(ConfigurationError, match=name):
        settings(tmp_path, **{name: value})


@pytest.mark.parametrize(("text", "value"), [("1", True), ("true", True), ("no", False), ("0", False)])
def test_ascii_can_be_switched_in_the_environment(tmp_path, text, value):
    assert settings(tmp_path, TERRANO_ASCII=text).ascii is value


@pytest.mark.parametrize(("locale", "lang"), [("ru_RU.UTF-8", "ru"), ("de_DE.UTF-8", "en")])
def test_the_language_of_the_system_is_the_default(tmp_path, monkeypatch, locale, lang):
    monkeypatch.setenv("LC_ALL", locale)
    assert settings(tmp_path).lang == lang


def test_a_folder_in_place_of_the_file_is_told(tmp_path):
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(ConfigurationError, match=r"config.toml cannot be read: Is a directory$"):
        settings(tmp_path)


def test_defaults_do_without_the_file(tmp_path):
    (tmp_path / "config.toml").write_text("lang = 5\n", encoding="utf-8")
    found = default_settings({"lang": "ru", "ascii": True}, home=str(tmp_path))
    assert (found.lang, found.link, found.profile, found.ascii) == ("ru", None, None, True)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the XDG folders")
@pytest.mark.parametrize("named", [{}, {"XDG_DATA_HOME": "/tmp/d", "XDG_CONFIG_HOME": "/tmp/c"}])
def test_the_folders_of_linux_are_those_of_platformdirs(monkeypatch, named):
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    expected = (
        platformdirs.user_data_dir("terrano", appauthor=False),
        platformdirs.user_config_dir("terrano", appauthor=False),
    )
    assert user_folders(os.environ) == expected
