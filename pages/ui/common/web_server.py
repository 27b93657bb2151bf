"""What the web server adds to Streamlit's: whose browser it is, headers that keep others out, words for what failed.

Nothing is imported here that draws: the server starts with this module, before the first page is asked for.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from locket import LockError
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import get_option
from streamlit.runtime import get_instance

from pages.ui.common.closed_sessions import let_go_of_closed_sessions
from pages.ui.common.kept_answers import keep_answers
from pages.ui.common.monitor_port import monitored
from pages.ui.common.own_files import is_offered_to, keep_files_to_their_owners
from pages.ui.common.packed_files import PackedFiles
from pages.ui.common.warm_up import warm_up
from tlcore.errors import StorageError
from tlcore.settings import FRAMED_BY_ITSELF, get_settings
from tlcore.store import cookie_lifetime_s, new_owner, owner_in, sign_owner, signed_owner
from tlcore.store.owner_cookie import COOKIE, SECURE_COOKIE

logger = logging.getLogger(__name__)

_NOT_PAGES = ("/_stcore/", "/media/", "/component/", "/static/")
_FORM_BYTES = 1024**2  # that a form may put around a file
_CLOSED = ("/_stcore/metrics",)  # says who is there
_BEGIN_AFTER_S = 1.0  # where no browser comes
_page_sent = threading.Event()


class VisitorHeaders:
    """Gives each page that is opened the owner's cookie, and every answer the headers that keep others out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_keeping_out())
                if _file_offered(scope) is not None:
                    headers["cache-control"] = "private, no-store"
                if _opens_page(scope):
                    headers["cache-control"] = "private, no-cache"
                    with suppress(StorageError):  # the page says it
                        headers.append("set-cookie", owner_cookie(Headers(scope=scope), scope["scheme"]))
            await send(message)
            if message["type"] == "http.response.body" and _opens_page(scope):
                _page_sent.set()

        await (_refusal(scope) or self._app)(scope, receive, send_with_headers)


def owner_cookie(headers: Headers, scheme: str) -> str:
    """The `Set-Cookie` of who asks for a page: the owner who it was, for as long again, or a new one.

    No script can read it, and no form or frame of another site sends it; a link from there does, or whoever followed
    one would be taken for somebody new.

    Args:
        headers: Of the request.
        scheme: Of the request, as the server knows it; that before a proxy counts where it says so.
    """
    encrypted = headers.get("x-forwarded-proto", scheme).partition(",")[0].strip() == "https"
    name = SECURE_COOKIE if encrypted else COOKIE
    brought = cookie_parser(headers.get("cookie", "")).get(name)
    value = sign_owner(signed_owner(brought) or new_owner())
    framed = encrypted and get_settings().framed_by != FRAMED_BY_ITSELF
    # In a frame of another site a browser takes no cookie but one that counts within that site only.
    senders = "SameSite=None; Partitioned" if framed else "SameSite=Lax"
    attributes = ["Path=/", f"Max-Age={cookie_lifetime_s()}", "HttpOnly", senders, *["Secure"] * encrypted]
    return "; ".join([f"{name}={value}", *attributes])


def _refusal(scope: Scope) -> PlainTextResponse | None:
    """What is answered in Streamlit's place: to who asks who is there or for others' files, or sends too much."""
    if scope["path"].rstrip("/").endswith(_CLOSED) or _is_of_somebody_else(scope):
        return PlainTextResponse("Not found", 404)
    length = Headers(scope=scope).get("content-length", "0")
    if not length.isdecimal() or int(length) > get_settings().max_upload_bytes + _FORM_BYTES:
        return PlainTextResponse("Too large", 413)
    return None


def _is_of_somebody_else(scope: Scope) -> bool:
    """Whether a file is asked for by whom no page offers it."""
    file = _file_offered(scope)
    if file is None:
        return False
    try:
        return not is_offered_to(owner_in(cookie_parser(Headers(scope=scope).get("cookie", ""))), file)
    except StorageError:  # nobody can be told from anybody else
        return True


def _file_offered(scope: Scope) -> str | None:
    """Last part of the address of a file that a page offers; None for any other address."""
    base, found, file = scope["path"].partition("/media/")
    return file if found and base.strip("/") == get_option("server.baseUrlPath").strip("/") else None


def _opens_page(scope: Scope) -> bool:
    path: str = scope["path"]
    is_file = "." in path.rpartition("/")[2]
    return scope["method"] in ("GET", "HEAD") and not is_file and not any(part in path for part in _NOT_PAGES)


def _keeping_out() -> dict[str, str]:
    allowed = get_settings().framed_by
    frames = {"x-frame-options": "SAMEORIGIN"} if allowed == FRAMED_BY_ITSELF else {}  # it knows no other sites
    return {
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "content-security-policy": f"frame-ancestors {allowed}; object-src 'none'; base-uri 'self'",
        **frames,
    }


MIDDLEWARE = [Middleware(VisitorHeaders), Middleware(PackedFiles)]


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[None]:
    """What goes on beside the pages as long as the server runs.

    What a killed one has left is deleted, without holding up the first pages; temporary files lie where the next one
    looks.
    """
    tidying = asyncio.create_task(asyncio.to_thread(_begin))
    letting_go = asyncio.create_task(let_go_of_closed_sessions())
    address = address_to_open(get_option)
    if address is not None:
        asyncio.get_running_loop().call_soon(webbrowser.open, address)
    keep_files_to_their_owners(get_instance())
    keep_answers()
    async with monitored(app):
        yield
    letting_go.cancel()
    _page_sent.set()  # one that is stopped at once does not wait for its first page
    (await tidying)()


def address_to_open(option: Callable[[str], Any]) -> str | None:
    """Where a browser is to be opened when somebody starts the lab at their own desk; None for a server.

    Args:
        option: Gives an option of Streamlit's by its name.
    """
    if option("server.headless"):
        return None
    host = option("server.address")
    here = "localhost" if host in (None, "0.0.0.0", "::") else host
    scheme = "https" if option("server.sslCertFile") else "http"
    return f"{scheme}://{here}:{option('server.port')}/{option('server.baseUrlPath').strip('/')}"


def _begin() -> Callable[[], None]:
    _page_sent.wait(_BEGIN_AFTER_S)  # the first page goes first
    tidied = _tidy_up()
    warm_up(Path(__file__).parents[3])
    gc.freeze()  # else the first page looks through all of this at its end (`process.py`), before its last part is sent
    return tidied


def _tidy_up() -> Callable[[], None]:
    from tlcore.engine.leftovers import tidy_up

    try:
        return tidy_up(get_settings()).close
    except (OSError, LockError):
        logger.exception("What a killed server may have left could not be deleted")
        return lambda: None


def say_what_failed(error: Exception) -> bool:
    """Shows a sentence for what no page caught; the log has the error, of which visitors see nothing.

    Returns:
        True: Streamlit shows nothing of its own.
    """
    from pages.ui.common.messages import say_that_it_failed  # it draws, which the server can do without

    say_that_it_failed()
    return True
