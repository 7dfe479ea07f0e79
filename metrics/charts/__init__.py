"""Charts that carry their evidence: frames in, Plotly figures with banner, notes and sources out."""

from metrics.charts.drawing import Drawing, draw_chart
from metrics.charts.spec import KINDS, PARAMETERS, ChartSpec, read_spec, spec_params

__all__ = ["KINDS", "PARAMETERS", "ChartSpec", "Drawing", "draw_chart", "read_spec", "spec_params"]
