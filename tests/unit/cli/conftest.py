"""Run the command line in this process, with a home folder of its own."""

from __future__ import annotations

import pytest

from diag.cli.main import main


class Terminal:
    """What a run left: exit code, standard output, error output."""

    def __init__(self, capsys):
        self._capsys = capsys

    def run(self, *argv):
        code = main(argv)
        written = self._capsys.readouterr()
        return int(code), written.out, written.err


@pytest.fixture
def terrano(capsys, monkeypatch, tmp_path):
    """Run `terrano ARGS` and return (exit code, stdout, stderr)."""
    for name in ("LANG", "LINK", "PROFILE", "ASCII"):
        monkeypatch.delenv(f"TERRANO_{name}", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TERRANO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    return Terminal(capsys).run
