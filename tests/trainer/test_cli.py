"""The command line's table of commands, and what it imports."""

import subprocess
import sys

import pytest

from trainer.cli import ALIASES, COMMANDS, main, make_parser


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_options(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        make_parser(name).parse_args([name, "--help"])
    assert done.value.code == 0
    assert "options:" in capsys.readouterr().out


def test_an_older_name_of_a_command_still_works(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(ALIASES.values()) <= COMMANDS.keys()
    with pytest.raises(SystemExit):
        main(["readout", "--help"])
    assert "python -m trainer linear-probe" in capsys.readouterr().out


def test_help_imports_nothing_that_only_a_command_needs() -> None:
    """It would make a listener who asks for help wait for seconds."""
    code = (
        "import sys; from trainer.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('torch', 'sklearn', 'pandas', 'lightning_fabric') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert all(name in done.stdout for name in COMMANDS)
