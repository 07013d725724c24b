"""What stands beside the source says what is true of it: workflows, forms, package data, docs."""

import re
import subprocess
import sys
import tokenize
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

_CHECKOUT = Path(__file__).resolve().parent.parent
_README = (_CHECKOUT / "README.md").read_text(encoding="utf-8")
_WORKFLOWS = sorted((_CHECKOUT / ".github/workflows").glob("*.yml"))
_FORMS = sorted((_CHECKOUT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
_PAGES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md")
# Text in backticks that has a folder in it, such as `tests/support` or `docs/architecture.md`.
_PATH_IN_TEXT = re.compile(r"`((?:[\w.-]+/)+[\w.-]*)`")
_TOP = ("mecomp_desktop", "trainer", "tests", "resources", "docs", ".ci", ".github")
_LINK = re.compile(r"\]\(([^)#:]+)\)")


def project() -> dict[str, Any]:
    return tomllib.loads((_CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))


def parsed(path: Path) -> dict[Any, Any]:
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(values, dict)
    return values


def steps_of(workflow: str) -> list[dict[str, Any]]:
    (job,) = parsed(_CHECKOUT / ".github/workflows" / workflow)["jobs"].values()
    assert job["runs-on"]
    steps: list[dict[str, Any]] = job["steps"]
    return steps


@pytest.mark.parametrize("path", _WORKFLOWS, ids=lambda path: path.name)
def test_workflow_has_triggers_and_steps_that_do_something(path: Path) -> None:
    # YAML 1.1 reads the bare key `on` as true.
    assert "pull_request" in parsed(path)[True]
    assert all(("run" in step) != ("uses" in step) for step in steps_of(path.name))


def test_linux_runs_the_command_of_the_readme() -> None:
    command = re.search(r"^(sh \.ci/setup test) && (.*pytest.*)$", _README, re.MULTILINE)
    assert command is not None
    runs = [step["run"] for step in steps_of("ci.yml") if "run" in step]
    assert runs[:2] == list(command.groups())
    # What a change must pass besides is written once more in .ci/run.
    assert {line for run in runs[2:] for line in run.split("\n") if line} == {
        line
        for line in (_CHECKOUT / ".ci/run").read_text(encoding="utf-8").splitlines()
        if line.startswith(".venv/bin/")
    }


def test_linux_runs_every_python_that_is_promised() -> None:
    (job,) = parsed(_CHECKOUT / ".github/workflows/ci.yml")["jobs"].values()
    pythons = job["strategy"]["matrix"]["python"]
    prefix = "Programming Language :: Python :: "
    promised = [line.removeprefix(prefix) for line in project()["project"]["classifiers"]]
    assert pythons == [version for version in promised if re.fullmatch(r"3\.\d+", version)]
    assert project()["project"]["requires-python"] == f">={pythons[0]},<3.14"


def test_other_systems_leave_out_folders_that_exist() -> None:
    (command,) = (step["run"] for step in steps_of("other-systems.yml") if "--ignore" in str(step))
    left_out = re.findall(r"--ignore=(\S+)", command)
    assert left_out
    assert all((_CHECKOUT / name).exists() for name in left_out)


@pytest.mark.parametrize("path", _FORMS, ids=lambda path: path.name)
def test_issue_form_is_one(path: Path) -> None:
    values = parsed(path)
    if path.name == "config.yml":
        assert set(values) <= {"blank_issues_enabled", "contact_links"}
        return
    assert {"name", "description", "body"} <= set(values)
    ids = [field["id"] for field in values["body"]]
    assert len(set(ids)) == len(ids)
    assert all(field["attributes"]["label"] for field in values["body"])


def test_hooks_run_the_tools_that_a_change_must_pass() -> None:
    (repository,) = parsed(_CHECKOUT / ".pre-commit-config.yaml")["repos"]
    tools = {hook["entry"].split()[0] for hook in repository["hooks"]}
    lines = (_CHECKOUT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert tools == {line.split()[0] for line in lines if line.startswith(".venv/bin/")}


@pytest.mark.parametrize("page", _PAGES)
def test_paths_in_the_docs_exist(page: str) -> None:
    path = _CHECKOUT / page
    text = path.read_text(encoding="utf-8")
    names = {name for name in _PATH_IN_TEXT.findall(text) if name.split("/")[0] in _TOP}
    missing = [name for name in names if not (_CHECKOUT / name).exists()]
    missing += [name for name in _LINK.findall(text) if not (path.parent / name).exists()]
    assert missing == []


def test_the_quick_run_leaves_out_benchmarks() -> None:
    bench = _CHECKOUT / "tests/benchmarks/test_catalog_bench.py"
    pytest_ = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n0",
        "--collect-only",
        "-p",
        "no:cacheprovider",
    ]
    wanted = {}
    for choice in ("not slow", "benchmark"):
        command = [*pytest_, "-m", choice, str(bench)]
        run = subprocess.run(command, cwd=_CHECKOUT, capture_output=True, text=True)
        wanted[choice] = run.stdout.count("::")
    assert wanted["not slow"] == 0
    assert wanted["benchmark"] > 0


# Names that said too little, or something else to everybody in the field: what the vector's maker
# did was called "hearing", a message "told", and whatever came first "one".
_NOT_NAMES = frozenset(
    """
    told said heard hear unheard Heard NotHeard Unheard one other some shelf Shelf deck Deck ledger
    Ledger humility feeder Lesson Learned Standing standing Tally tally Survey survey taste Taste
    deed Deed deeds sameness visitors welcome neighbourhoods readout adoption keeping named_list
    work_words Looks mpris_facts
    """.split()  # noqa: SIM905  (a list of them would be a column of forty lines)
)
_RIDDLES = re.compile(r"_?(?:\w+_)?(?:LEAST|AT_ONCE)(?:_\w+)?|_?MOST_(?!PLAYED)\w+")


@pytest.mark.parametrize("folder", ["mecomp_desktop", "trainer", "tests"])
def test_names_are_the_words_of_the_field(folder: str) -> None:
    found = set()
    for path in sorted((_CHECKOUT / folder).rglob("*.py")):
        with path.open("rb") as file:
            found |= {
                (str(path.relative_to(_CHECKOUT)), token.start[0], token.string)
                for token in tokenize.tokenize(file.readline)
                if token.type == tokenize.NAME
                and (token.string in _NOT_NAMES or _RIDDLES.fullmatch(token.string))
            }
    assert found == set()
