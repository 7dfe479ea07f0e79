"""Shared fixtures: the reference material beside the checkout, if it is there."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of reference cables and figures next to the project; skips where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("reference material (../shared) is not beside this checkout")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pin-floors", action="store_true", help="write the measured scores as the quality gate's floors")
    parser.addoption("--lower-floors", action="store_true", help="let --pin-floors lower a floor")
