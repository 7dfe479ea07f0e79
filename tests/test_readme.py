"""The README stays true: commands and options it names exist, every command is named, columns are documented."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from metrics.__main__ import main
from metrics.observations import TABLES, column_table

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = re.findall(r"^python -m metrics ([^#\n]+)", README, re.MULTILINE)


def commands() -> dict[str, click.Command]:
    """Every command by its words: "build", "review export"."""
    found: dict[str, click.Command] = {}
    for name, command in main.commands.items():
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": below for inner, below in command.commands.items()}
        else:
            found[name] = command
    return found


def named_command(line: str) -> str:
    words = shlex.split(line)
    known = commands()
    return words[0] if words[0] in known else " ".join(words[:2])


@pytest.mark.parametrize("line", LINES)
def test_each_command_line_of_the_readme_exists(line: str) -> None:
    known = commands()
    assert named_command(line) in known
    options = {option for parameter in known[named_command(line)].params for option in parameter.opts}
    named = set(re.findall(r"--[a-z-]+", line))
    assert named <= options


def test_each_command_stands_in_the_readme() -> None:
    assert {named_command(line) for line in LINES} == set(commands())


def test_each_column_stands_in_the_documentation() -> None:
    text = (ROOT / "docs" / "columns.md").read_text(encoding="utf-8")
    assert text.strip() == f"# Columns of the tables\n\n{column_table()}".strip(), (
        "docs/columns.md is stale; python -m metrics columns prints the dictionary"
    )
    assert all(f"### `{table}`" in text for table in TABLES)


def test_each_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"^make (\w+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_each_file_the_documentation_links_to_exists() -> None:
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
