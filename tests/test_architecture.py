"""Imports go one way, down the list of stages; frameworks stay in their layer."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Top to bottom: a module may import only from entries below its own.
LAYERS = (
    ("dashboard",),
    ("metrics.__main__",),
    ("metrics.views",),
    ("metrics.briefing",),
    ("metrics.charts",),
    ("metrics.look",),
    ("metrics.review",),
    ("metrics.evaluate",),
    ("metrics.pipeline", "metrics.explain"),
    ("metrics.reconcile",),
    ("metrics.store",),
    ("metrics.rows",),
    ("metrics.observations",),
    ("metrics.context",),
    ("metrics.actors",),
    ("metrics.places", "metrics.sites", "metrics.dating", "metrics.status", "metrics.speakers"),
    ("metrics.periods",),
    ("metrics.date_expressions", "metrics.lines"),
    ("metrics.statements",),
    ("metrics.naming", "metrics.encoder"),
    ("metrics.ranker",),
    ("metrics.features",),
    ("metrics.catalog",),
    ("metrics.quantities",),
    ("metrics.number_reasons", "metrics.qualifiers"),
    ("metrics.amounts",),
    ("metrics.noun_phrases", "metrics.numerals"),
    ("metrics.sources",),
    ("metrics.cable",),
    ("metrics.paragraphs", "metrics.header"),
    ("metrics.sentences", "metrics.masking"),
    ("metrics.vocabulary",),
    ("metrics.folders",),
    ("metrics.marking", "metrics.errors"),
)
ALLOWED_FRAMEWORKS = {
    "streamlit": ("dashboard", "metrics.views"),
    "plotly": ("metrics.charts", "metrics.look", "metrics.briefing", "metrics.views"),
}


def layer_of(module: str) -> int | None:
    """Index of the layer a module belongs to, 0 at the top; None for a module outside the project."""
    matches = [
        (len(name), index)
        for index, names in enumerate(LAYERS)
        for name in names
        if module == name or module.startswith(name + ".")
    ]
    return max(matches)[1] if matches else None


def project_modules() -> list[tuple[str, Path]]:
    files = [ROOT / "dashboard.py", *sorted((ROOT / "metrics").rglob("*.py"))]
    return [(_module_name(path), path) for path in files if path.is_file()]


def _module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_modules(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return names


def _above(name: str, own: int) -> bool:
    layer = layer_of(name)
    return layer is not None and layer < own


@pytest.mark.parametrize(("module", "path"), project_modules(), ids=str)
def test_imports_go_down(module: str, path: Path) -> None:
    if module == "metrics":
        return
    own = layer_of(module)
    assert own is not None, f"{module} stands in no layer; add it to LAYERS"
    upward = sorted(name for name in imported_modules(path) if _above(name, own))
    assert not upward, f"{module} imports from above: {upward}"


@pytest.mark.parametrize(("framework", "allowed"), ALLOWED_FRAMEWORKS.items())
def test_frameworks_stay_in_their_layer(framework: str, allowed: tuple[str, ...]) -> None:
    strays = [
        module
        for module, path in project_modules()
        if not module.startswith(allowed) and any(name.split(".")[0] == framework for name in imported_modules(path))
    ]
    assert not strays, f"{framework} is imported outside {allowed}: {strays}"
