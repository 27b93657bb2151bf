"""One person with a browser tab: opens pages, presses buttons, and waits for what comes of it."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Awaitable, Callable
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

from benchmarks.load.page import Page
from benchmarks.load.upload import form_of, uploaded
from benchmarks.load.widgets import chosen

TIMEOUT_S = 180.0  # a lesson takes no longer
MOST_BYTES = 64 * 1024**2
_XSRF = "_streamlit_xsrf"


class Person(ABC):
    """What a lesson can do with a tab, however it is drawn; every interaction is timed.

    The clock of a click starts when the tab asks the server, that of a link when it is followed. It stops with the end
    of the first whole run of the page that began after that.

    Attributes:
        page: What the tab shows.
        times: Name of an interaction -> seconds of each.
        errors: What went wrong, in words.
    """

    def __init__(self, address: str, name: str) -> None:
        self.name, self.address = name, address
        self.page = Page(address, "", "")
        self.pages: list[Page] = []
        self.times: dict[str, list[float]] = defaultdict(list)
        self.errors: list[str] = []
        self._news = asyncio.Event()
        self._asked_s = 0.0  # when the last request left that no timer made

    async def follow(self, name: str, url_path: str, query: str) -> None:
        """Opens a link: a page of its own, as after a reload."""
        self.page = Page(f"{self.address}/{url_path}?{query}", url_path, query)
        self.pages.append(self.page)
        began = time.perf_counter()
        await self._answered(name, self._open(url_path, query), lambda: began)

    async def go(self, name: str, url_path: str) -> None:
        """Presses a page's name in the sidebar."""
        await self._answered(name, self._go(url_path), lambda: self._asked_s)

    async def press(self, name: str, key: str) -> None:
        """Presses a button as soon as it can be pressed."""
        await self.until(lambda page: (part := page.find(key)) is not None and not part.content.disabled, key)
        await self._answered(name, self._press(key), lambda: self._asked_s)

    async def choose(self, name: str, key: str, value: Any) -> None:
        """Sets a widget."""
        await self.until(lambda page: page.find(key) is not None, key)
        await self._answered(name, self._choose(key, value), lambda: self._asked_s)

    async def until(self, condition: Callable[[Page], Any], what: str) -> None:
        """Waits until the page shows something.

        Raises:
            TimeoutError: It does not come; `what` it would have been is named.
        """
        deadline = time.monotonic() + TIMEOUT_S
        while not condition(self.page):
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                raise TimeoutError(f"{self.name}: nothing came of “{what}” in {TIMEOUT_S:.0f} s") from None

    def note(self, name: str, seconds: float) -> None:
        """Keeps a time that the lesson took itself."""
        self.times[name].append(seconds)

    def heard(self, data: bytes) -> None:
        """A message has come."""
        self.page.receive(data)
        self._news.set()

    async def _answered(self, name: str, act: Awaitable[None], begun: Callable[[], float]) -> None:
        runs = self.page.whole_runs
        await act
        await self.until(lambda page: page.finished_runs > runs and page.finished_runs == page.whole_runs, name)
        self.note(name, time.perf_counter() - begun())
        self.errors += [f"{name}: {text}" for text in self.page.errors()]

    @abstractmethod
    async def _open(self, url_path: str, query: str) -> None: ...

    @abstractmethod
    async def _go(self, url_path: str) -> None: ...

    @abstractmethod
    async def _press(self, key: str) -> None: ...

    @abstractmethod
    async def _choose(self, key: str, value: Any) -> None: ...

    @abstractmethod
    async def close(self) -> None:
        """Closes the tab."""


class ProtocolPerson(Person):
    """Speaks Streamlit's websocket protocol: no browser, a few milliseconds of processor time for each answer."""

    def __init__(self, address: str, name: str) -> None:
        super().__init__(address, name)
        self._socket: WebSocketClientConnection | None = None
        self._listener: asyncio.Task[None] | None = None
        self._timers: dict[str, tuple[float, asyncio.TimerHandle]] = {}
        self._cookies: SimpleCookie = SimpleCookie()  # whose tab it is, and before replicas which one serves it
        self._web = AsyncHTTPClient(force_instance=True, max_clients=6)

    @property
    def connected(self) -> bool:
        """Whether the server answers this tab; False once it has closed the connection."""
        return self._socket is not None and self._listener is not None and not self._listener.done()

    async def upload(self, name: str, key: str, *files: tuple[str, bytes]) -> None:
        """Puts files into a box: the server says where to, they are sent there, and the page is told of them."""
        await self.until(lambda page: page.find(key) is not None, key)
        self.page.file_urls.clear()
        await self._send(self.page.ask_for_file_urls([file_name for file_name, _content in files]))
        await self.until(lambda page: page.file_urls, name)
        urls = list(self.page.file_urls)
        for (file_name, content), url in zip(files, urls, strict=True):
            await self._put(url.upload_url, file_name, content)
        part = self.page.find(key)
        if part is None:
            raise LookupError(f"{self.name}: “{key}” went away before it was filled")
        self.page.set_value(uploaded(part.content, files, urls))
        await self._answered(name, self._send(self.page.request(fragment=part.fragment)), lambda: self._asked_s)

    async def _put(self, path: str, file_name: str, content: bytes) -> None:
        headers, body = form_of(file_name, content)
        headers |= {"Origin": self.address, **self._cookie_header()}
        headers |= {"X-Xsrftoken": self._cookies[_XSRF].value} if _XSRF in self._cookies else {}
        address = f"{self.address}{path}"
        await self._web.fetch(HTTPRequest(address, "PUT", headers=headers, body=body, request_timeout=TIMEOUT_S))

    async def _open(self, url_path: str, query: str) -> None:
        await self._disconnect()
        for path in (url_path, "_stcore/health", "_stcore/host-config"):
            await self._get(f"/{path}")
        self._socket = await websocket_connect(
            HTTPRequest(
                f"ws://{urlsplit(self.address).netloc}/_stcore/stream",
                headers={"Origin": self.address, **self._cookie_header()},
                request_timeout=TIMEOUT_S,
            ),
            subprotocols=["streamlit"],
            max_message_size=MOST_BYTES,
        )
        self._listener = asyncio.create_task(self._listen(self._socket))
        await self._send(self.page.request())

    async def _go(self, url_path: str) -> None:
        await self._send(self.page.go(url_path))

    async def _press(self, key: str) -> None:
        part = self.page.find(key)
        if part is None or part.content.disabled:
            raise LookupError(f"{self.name}: “{key}” went away before it was pressed")
        await self._send(self.page.request(fragment=part.fragment, trigger=part.widget_id))

    async def _choose(self, key: str, value: Any) -> None:
        part = self.page.find(key)
        if part is None:
            raise LookupError(f"{self.name}: “{key}” went away before it was set")
        self.page.set_value(chosen(part.content, value))
        await self._send(self.page.request(fragment=part.fragment))

    async def close(self) -> None:
        await self._disconnect()
        self._web.close()

    async def _listen(self, socket: WebSocketClientConnection) -> None:
        while isinstance(data := await socket.read_message(), bytes):
            self.heard(data)
            self._keep_timers()
        if socket is self._socket:
            self.errors.append("the connection was closed by the server")

    def _keep_timers(self) -> None:
        """As `setInterval` and `clearInterval`."""
        for fragment, (interval, handle) in list(self._timers.items()):
            if self.page.timers.get(fragment) != interval:
                handle.cancel()
                del self._timers[fragment]
        for fragment, interval in self.page.timers.items():
            if fragment not in self._timers:
                self._set_timer(fragment, interval)

    def _set_timer(self, fragment: str, interval: float) -> None:
        handle = asyncio.get_running_loop().call_later(interval, self._tick, fragment, interval)
        self._timers[fragment] = (interval, handle)

    def _tick(self, fragment: str, interval: float) -> None:
        self._set_timer(fragment, interval)
        if self._socket is not None:
            self._socket.write_message(
                self.page.request(fragment=fragment, timer=True).SerializeToString(), binary=True
            )

    async def _send(self, message: Any) -> None:
        self._keep_timers()
        self._asked_s = time.perf_counter()
        if self._socket is None:
            raise ConnectionError(f"{self.name} is not connected")
        await self._socket.write_message(message.SerializeToString(), binary=True)

    async def _get(self, path: str) -> None:
        try:
            limits = {"request_timeout": TIMEOUT_S, "connect_timeout": TIMEOUT_S}
            answer = await self._web.fetch(f"{self.address}{path}", headers=self._cookie_header(), **limits)
            for cookie in answer.headers.get_list("Set-Cookie"):
                self._cookies.load(cookie)
        except HTTPClientError as error:
            self.errors.append(f"{path}: {error}")

    def _cookie_header(self) -> dict[str, str]:
        brought = "; ".join(f"{name}={cookie.coded_value}" for name, cookie in self._cookies.items())
        return {"Cookie": brought} if brought else {}

    async def _disconnect(self) -> None:
        for _interval, handle in self._timers.values():
            handle.cancel()
        self._timers.clear()
        socket, self._socket = self._socket, None
        if socket is not None and self._listener is not None:
            socket.close()
            await self._listener
