"""What the app's server adds to Streamlit: the endpoint for programs, compression, a warm start."""

from __future__ import annotations

import gc
import socket
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from ipaddress import ip_address
from typing import Any

import pandas as pd
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from metrics.catalog import METRICS
from metrics.charts.choices import UnknownChoiceError, pick_choices, say_plainly
from metrics.review import review_url
from metrics.store import TablesMissingError, TablesOutdatedError
from metrics.views import data, exports, reviewing
from metrics.views.aspects import metrics_of_aspects
from metrics.views.assets import Assets
from metrics.views.filters import PARAMETERS, read_filters, unknown_names
from metrics.views.frame import data_folder
from metrics.views.sign_in import sign_in_configured

WARM = ("metrics.views.overview", "metrics.views.explore", "metrics.views.evidence", "pyarrow.dataset")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
FORMATS = ("json", "csv")


def answer_facts(request: Request) -> Response:
    """Facts as JSON or CSV, with the parameters that stand in a page's address; those of its look change nothing."""
    if refused := _refusal(request):
        return refused
    try:
        parameters = _read_parameters(request)
        form = pick_choices("format", parameters["format"][-1:], FORMATS)
        chosen, rows, metrics = _read_rows(parameters)
    except (UnknownChoiceError, TablesMissingError, TablesOutdatedError) as error:
        status = 400 if isinstance(error, UnknownChoiceError) else 503
        return JSONResponse({"error": str(error)}, status_code=status)
    meaning = exports.metadata(rows, chosen, metrics)
    headers = {"X-Classification": meaning["classification"], "Cache-Control": "no-store"}
    if "csv" in form:
        return Response(exports.csv_bytes(rows), media_type="text/csv; charset=utf-8", headers=headers)
    body = {**meaning, "facts": _plain_records(rows)}
    return Response(exports.json_bytes(body), media_type="application/json", headers=headers)


def _read_parameters(request: Request) -> dict[str, list[str]]:
    """The values of each parameter that the endpoint knows; an empty one asks for nothing."""
    if unknown := unknown_names(request.query_params):
        raise UnknownChoiceError(f"unknown parameter {unknown[0]!r}; known: {', '.join(PARAMETERS)}")
    return {name: [text for text in request.query_params.getlist(name) if text] for name in PARAMETERS}


def _read_rows(parameters: Mapping[str, Sequence[str]]) -> tuple[Any, pd.DataFrame, tuple[str, ...]]:
    named = pick_choices("metric", parameters["metric"], METRICS, say_plainly)
    metrics = (*named, *metrics_of_aspects(parameters))
    reviews = reviewing.review_store(review_url()).reviews()
    tables = reviewing.with_reviews(data.open_tables(data_folder()), reviews)
    choices = data.read_choices(tables)
    chosen = read_filters(parameters, choices)
    marks = data.allowed_marks(choices, chosen.marking)
    return chosen, exports.read_rows(tables, chosen, marks, metrics), metrics


def _plain_records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [exports.plain_row(row) for row in rows.to_dict("records")]


def _refusal(request: Request) -> Response | None:
    """A page of another site could make a browser ask for rows; neither its name nor a stranger gets them.

    The name is what the client says it asked for, so its own address counts too.
    """
    if (request.url.hostname or "") not in LOOPBACK or not _is_local(request.client.host if request.client else ""):
        return JSONResponse({"error": "the endpoint answers on the loopback address only"}, status_code=403)
    if sign_in_configured():
        return JSONResponse({"error": "the endpoint is closed while sign-in is on"}, status_code=403)
    return None


def _is_local(address: str) -> bool:
    """Whether a client's address is of this machine, also where it is written as IPv6."""
    try:
        return ip_address(address.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False


def send_at_once() -> None:
    """Let no answer wait for the browser to confirm the one before (Nagle's algorithm), which takes up to 40 ms each.

    asyncio sees to that for sockets that name their protocol; Streamlit's listening socket, of which every connection
    takes over the option, names none.
    """
    for one in gc.get_objects():
        if isinstance(one, socket.socket) and one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@asynccontextmanager
async def warm_up(_app: Any) -> AsyncIterator[None]:
    """Import what the pages need before anybody asks for them, and keep it out of later collections of garbage."""
    for module in WARM:
        import_module(module)
    send_at_once()
    gc.collect()
    gc.freeze()
    yield


ROUTES = [Route("/api/facts", answer_facts)]


def make_middleware(addresses: Iterable[str]) -> list[Middleware]:
    """Files and start pages from memory, everything else compressed as it goes; `addresses` are those of the pages."""
    pages = {f"/{address}" for address in addresses}
    return [Middleware(Assets, pages=pages), Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)]
