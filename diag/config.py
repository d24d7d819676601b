"""Find the settings in force: the command line, then the environment, then one file, then defaults.

The file is `config.toml` in the home folder that was named (`--home`, `TERRANO_HOME`), else in the platform's
configuration folder. Keys: `lang`, `link`, `profile`, `ascii`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from diag.errors import ConfigurationError
from diag.i18n import LANGUAGES, Message, language_of_environment, message

if TYPE_CHECKING:
    from pathlib import Path

KEYS = ("lang", "link", "profile", "ascii")
_FILE = "config.toml"
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off", ""})

SettingValue = str | bool | None


class Setting(NamedTuple):
    """One setting, and where its value comes from."""

    name: str
    value: SettingValue
    origin: Message


class Settings(NamedTuple):
    """All settings in force. `home_folder` keeps what the tool writes; `file` need not exist."""

    home_folder: str
    file: str
    rows: tuple[Setting, ...]

    @property
    def home(self) -> Path:
        """The folder that keeps what the tool writes; it need not exist."""
        from pathlib import Path

        return Path(self.home_folder)

    def _value(self, name: str) -> SettingValue:
        return next(row.value for row in self.rows if row.name == name)

    @property
    def lang(self) -> str:
        """The language: `en` or `ru`."""
        return str(self._value("lang"))

    @property
    def link(self) -> str | None:
        """The link URL to use where none is named."""
        value = self._value("link")
        return value if isinstance(value, str) else None

    @property
    def profile(self) -> str | None:
        """The car, where VIN and bus do not tell."""
        value = self._value("profile")
        return value if isinstance(value, str) else None

    @property
    def ascii(self) -> bool:
        """Whether screens and tables keep to ASCII."""
        return self._value("ascii") is True


def load_settings(
    given: Mapping[str, SettingValue] | None = None,
    *,
    home: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Collect the settings; `given` are those of the command line, by key, None where not given.

    Raises:
        ConfigurationError: the file or the environment has a wrong key or value.
    """
    environment = os.environ if environment is None else environment
    named_home = home or environment.get("TERRANO_HOME")
    home_folder, file = _places(named_home)
    written = _read_file(file)
    rows = tuple(_setting(key, (given or {}).get(key), environment, written, file) for key in KEYS)
    return Settings(home_folder, file, rows)


def default_settings(given: Mapping[str, SettingValue], *, home: str | None = None) -> Settings:
    """Return what is `given` and defaults, for commands that go on where file or environment are broken."""
    home_folder, file = _places(home or os.environ.get("TERRANO_HOME"))
    return Settings(home_folder, file, tuple(_setting(key, given.get(key), {}, {}, file) for key in KEYS))


def _places(named_home: str | None) -> tuple[str, str]:
    if named_home:
        folder = os.path.expanduser(named_home)  # noqa: PTH111 - pathlib would double the time of --help
        return folder, os.path.join(folder, _FILE)  # noqa: PTH118 - as above
    data_folder, settings_folder = user_folders(os.environ)
    return data_folder, os.path.join(settings_folder, _FILE)  # noqa: PTH118 - as above


def user_folders(environment: Mapping[str, str], system: str = sys.platform) -> tuple[str, str]:
    """Return the user's folders for data and for settings.

    On Linux straight from the XDG base directory specification, since platformdirs costs `--help` a quarter
    of its time; elsewhere what platformdirs says.
    """
    if system == "linux":
        data = _xdg_folder(environment, "XDG_DATA_HOME", "~/.local/share")
        settings = _xdg_folder(environment, "XDG_CONFIG_HOME", "~/.config")
        return data, settings
    import platformdirs

    return (
        platformdirs.user_data_dir("terrano", appauthor=False),
        platformdirs.user_config_dir("terrano", appauthor=False),
    )


def _xdg_folder(environment: Mapping[str, str], name: str, default: str) -> str:
    folder = environment.get(name, "").strip() or os.path.expanduser(default)  # noqa: PTH111 - as above
    return os.path.join(folder, "terrano")  # noqa: PTH118 - as above


def _read_file(file: str) -> dict[str, SettingValue]:
    if not os.path.exists(file):  # noqa: PTH110 - as above
        return {}
    import tomllib
    from pathlib import Path

    try:
        written = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        detail = error.strerror if isinstance(error, OSError) else error
        raise ConfigurationError(
            message("{file} cannot be read: {detail}", file=file, detail=detail),
            message("Correct the file, or remove it to use the defaults."),
        ) from error
    for key, value in written.items():
        _check(key, value, file)
    return written


def _check(key: str, value: object, file: str) -> None:
    if key not in KEYS:
        raise ConfigurationError(
            message("{file}: unknown key {key}.", file=file, key=key),
            message("Known keys: {keys}", keys=" ".join(KEYS)),
        )
    wanted = bool if key == "ascii" else str
    if not isinstance(value, wanted) or (key == "lang" and value not in LANGUAGES):
        raise _wrong_value(message("{file}", file=file), key, value)


def _wrong_value(place: Message, key: str, value: object) -> ConfigurationError:
    allowed = {"ascii": "true false", "lang": " ".join(LANGUAGES)}.get(key)
    return ConfigurationError(
        message("{place}: {key} has a wrong value: {value}", place=place, key=key, value=value),
        message("Allowed: {allowed}", allowed=allowed)
        if allowed
        else message("It must be a text in quotes."),
    )


def _setting(
    key: str,
    given: SettingValue,
    environment: Mapping[str, str],
    written: Mapping[str, SettingValue],
    file: str,
) -> Setting:
    if given is not None:
        return Setting(key, given, message("command line"))
    variable = f"TERRANO_{key.upper()}"
    if environment.get(variable):
        return Setting(
            key,
            _from_environment(key, variable, environment[variable]),
            message("environment variable {name}", name=variable),
        )
    if key in written:
        return Setting(key, written[key], message("file {path}", path=file))
    if key == "lang":
        return Setting(key, language_of_environment(), message("language of the system"))
    return Setting(key, False if key == "ascii" else None, message("default"))


def _from_environment(key: str, variable: str, text: str) -> SettingValue:
    if key == "ascii":
        if text.lower() in _YES | _NO:
            return text.lower() in _YES
        raise _wrong_value(message("environment variable {name}", name=variable), key, text)
    if key == "lang" and text not in LANGUAGES:
        raise _wrong_value(message("environment variable {name}", name=variable), key, text)
    return text
