"""The files a browser needs of the app itself, the start page first: compressed once a server, kept in memory."""

from __future__ import annotations

import gzip
import mimetypes
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from streamlit.file_util import get_static_dir

OWN = Path(__file__).resolve().parents[2] / "static"
PACKED = {".png", ".woff2"}
# Names of Streamlit's files hold a hash of their content; ours do not and are asked for again after an hour.
FOREVER, AN_HOUR = "public, immutable, max-age=31536000", "public, max-age=3600"
# A page's address ends in its name, under which Streamlit would look for the server first.
SERVER = '<script>window.__streamlit = {BACKEND_BASE_URL: new URL(".", window.location).href}</script>'


def make_start_page(shipped: Path) -> str:
    """Streamlit's start page, which knows the address of the server."""
    return (shipped / "index.html").read_text(encoding="utf-8").replace("</head>", f"{SERVER}</head>", 1)


def find_assets(shipped: Path, own: Path) -> dict[str, tuple[Path, str]]:
    """Files by address, each with how long a browser may keep it."""
    kept = ((shipped / "static", "/static/", FOREVER), (own, "/app/static/", AN_HOUR))
    return {
        address + path.relative_to(folder).as_posix(): (path, keep)
        for folder, address, keep in kept
        for path in folder.rglob("*")
        if path.is_file()
    }


@cache
def _answer(path: Path, keep: str) -> Response:
    body, headers = path.read_bytes(), {"Cache-Control": keep, "X-Content-Type-Options": "nosniff"}
    if path.suffix not in PACKED:
        body = gzip.compress(body, 6)
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0]
    return Response(body, headers=headers, media_type=kind)


class Assets:
    """Answers for the files of the app and the addresses of its pages; every other request goes on to the app."""

    def __init__(self, app: Any, pages: Collection[str] = ()) -> None:
        self._app = app
        self._pages = set(pages)
        self._start = HTMLResponse(make_start_page(Path(get_static_dir())), headers={"Cache-Control": "no-cache"})
        self.files = find_assets(Path(get_static_dir()), OWN)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in self._pages:
            await self._start(scope, receive, send)
            return
        asset = self.files.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        headers = Headers(scope=scope) if asset else {}
        if asset is None or "gzip" not in headers.get("accept-encoding", "") or "range" in headers:
            await self._app(scope, receive, send)
            return
        answer = await run_in_threadpool(_answer, *asset)
        await answer(scope, receive, send)
