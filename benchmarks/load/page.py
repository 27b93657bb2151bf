"""A page as Streamlit's script in the browser keeps it: what is on it, what its widgets say, what repeats by itself.

It takes the server's messages (`ForwardMsg` of the installed version) and makes the ones that go back (`BackMsg`), as
that script does: parts that a run did not draw again are taken away at its end, values of widgets that are gone are
forgotten, large messages are kept by their hash, and a fragment's timer lasts until a whole run or the server ends it.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.load.widgets import first_value

Path = tuple[int, ...]
ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Part:
    """An element or a block of the page, with the run, the fragment and the script that drew it last."""

    proto: Any
    run: str
    fragment: str
    script: str

    @property
    def kind(self) -> str:
        """Name of the element or block, such as "button"."""
        return self.proto.WhichOneof("type") or ""

    @property
    def content(self) -> Any:
        """The message of that name."""
        return getattr(self.proto, self.kind) if self.kind else self.proto

    @property
    def widget_id(self) -> str:
        """Empty for what has none."""
        return str(getattr(self.content, "id", "") or getattr(self.proto, "id", "") or "")

    @property
    def key(self) -> str:
        """What the app called it by `key=`; empty without one."""
        parts = self.widget_id.split("-", 2)
        return parts[2] if len(parts) == 3 and parts[2] != "None" else ""


class Page:
    """One tab of a browser, without anything to draw on.

    Attributes:
        url: Of the page, as the address bar says it.
        query: Its parameters, as the app has set them.
        timers: Fragment -> seconds after which it is asked for again.
        whole_runs: Runs of the whole page that have begun.
        finished_runs: Those that came to their end.
        idle: Whether nothing is asked for or drawn.
        sent: How many requests of which kind were made: "page", "fragment", "timer".
        received_bytes: Of all messages.
        file_urls: Where files may be sent that were asked about last.
    """

    def __init__(self, url: str, url_path: str, query: str) -> None:
        self.url, self.query = url, query
        self.timers: dict[str, float] = {}
        self.whole_runs = self.finished_runs = 0
        self.idle = False
        self.sent: Counter[str] = Counter()
        self.received_bytes = 0
        self.file_urls: list[Any] = []
        self._url_path = url_path
        self._parts: dict[Path, Part] = {}
        self._values: dict[str, WidgetState] = {}
        self._pages: dict[str, str] = {}
        self._script = self._main_script = self._run = ""
        self._kept: dict[str, tuple[bytes, int, str]] = {}
        self._runs_of_kept, self._oldest_kept = 0, 2

    def receive(self, data: bytes) -> None:
        """Takes a message of the server."""
        self.received_bytes += len(data)
        message = self._whole(ForwardMsg.FromString(data), data)
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._draw(message)
        elif kind == "new_session":
            self._begin(message)
        elif kind == "script_finished":
            self._end(message)
        elif kind == "navigation":
            self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            self._script = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            for fragment in message.stop_auto_rerun.fragment_ids:
                self.timers.pop(fragment, None)
        elif kind == "file_urls_response":
            self.file_urls = list(message.file_urls_response.file_urls)

    def parts(self) -> Iterator[Part]:
        """All that is on the page."""
        yield from self._parts.values()

    def find(self, key: str) -> Part | None:
        """The part that the app calls so."""
        return next((part for part in self.parts() if part.key == key), None)

    def errors(self) -> list[str]:
        """What the page says in red."""
        exceptions = [part.content.message for part in self.parts() if part.kind == "exception"]
        alerts = [part.content for part in self.parts() if part.kind == "alert"]
        return exceptions + [alert.body for alert in alerts if alert.format == alert.ERROR]

    def request(self, *, fragment: str = "", timer: bool = False, trigger: str = "") -> BackMsg:
        """Asks for a run, of the whole page or of a fragment.

        Args:
            fragment: Its id; empty for the whole page.
            timer: Whether nobody clicked.
            trigger: Id of the button that was pressed.
        """
        message = self._request()
        message.rerun_script.page_script_hash = self._script
        if not self._script:
            message.rerun_script.page_name = self._url_path
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = timer
        message.rerun_script.widget_states.widgets.extend(self._values.values())
        if trigger:
            message.rerun_script.widget_states.widgets.append(WidgetState(id=trigger, trigger_value=True))
        self.sent["timer" if timer else "fragment" if fragment else "page"] += 1
        self.idle = self.idle and timer  # the server lets a timer that is late go unanswered
        return message

    def ask_for_file_urls(self, names: list[str]) -> BackMsg:
        """Asks where files may be sent; the answer stands in `file_urls`."""
        message = BackMsg()
        message.file_urls_request.request_id = uuid.uuid4().hex
        message.file_urls_request.file_names.extend(names)
        return message

    def go(self, url_path: str) -> BackMsg:
        """Asks for another page of the app; only values of what stands on every page go along."""
        self.timers.clear()
        self.query = ""
        common = {part.widget_id for part in self.parts() if part.script == self._main_script}
        message = self._request()
        message.rerun_script.page_script_hash = self._pages[url_path]
        states = [state for name, state in self._values.items() if name in common]
        message.rerun_script.widget_states.widgets.extend(states)
        self.sent["page"] += 1
        self.idle = False
        return message

    def set_value(self, state: WidgetState) -> None:
        """A person has changed a widget."""
        self._values[state.id] = state

    def _request(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.cached_message_hashes.extend(self._kept)
        context = message.rerun_script.context_info
        context.timezone, context.locale, context.url = "UTC", "en-US", self.url
        context.color_scheme = "light"
        return message

    def _whole(self, message: ForwardMsg, data: bytes) -> ForwardMsg:
        """The message itself, or the kept one that it stands for."""
        if message.WhichOneof("type") == "ref_hash":
            kept, _used, fragment = self._kept[message.ref_hash]
            self._kept[message.ref_hash] = (kept, self._runs_of_kept, fragment)
            whole = ForwardMsg.FromString(kept)
            whole.metadata.CopyFrom(message.metadata)
            return whole
        if message.metadata.cacheable:
            self._kept.setdefault(message.hash, (data, self._runs_of_kept, message.delta.fragment_id))
        return message

    def _begin(self, message: ForwardMsg) -> None:
        session = message.new_session
        self._run = message.metadata.run.script_run_id
        self._main_script, self._oldest_kept = session.main_script_hash, session.config.max_cached_message_age
        self.idle = False
        if message.metadata.run.fragment_ids:
            return
        self.whole_runs += 1
        self.timers.clear()
        if session.page_script_hash != self._script:  # another page: what stands on every page stays
            self._parts = {path: part for path, part in self._parts.items() if part.script == self._main_script}
            self._script = session.page_script_hash

    def _draw(self, message: ForwardMsg) -> None:
        path, delta = tuple(message.metadata.delta_path), message.delta
        kind = delta.WhichOneof("type")
        if kind == "new_transient":
            return
        proto = delta.new_element if kind == "new_element" else delta.add_block
        part = Part(proto, self._run, delta.fragment_id, message.metadata.active_script_hash)
        before = self._parts.get(path)
        if kind == "new_element" or before is None or before.kind != part.kind:
            self._remove({path})
        self._parts[path] = part
        value = first_value(part.content) if kind == "new_element" else None
        if value is not None and (value.id not in self._values or getattr(part.content, "set_value", False)):
            self._values[value.id] = value

    def _remove(self, gone: set[Path]) -> None:
        """Takes parts away, with all that is in them."""
        self._parts = {
            path: part
            for path, part in self._parts.items()
            if not any(path[:depth] in gone for depth in range(1, len(path) + 1))
        }

    def _end(self, message: ForwardMsg) -> None:
        run, fragments = message.metadata.run.script_run_id, set(message.metadata.run.fragment_ids)
        if message.script_finished not in ENDED:
            return
        mine = (lambda part: part.fragment in fragments) if fragments else (lambda part: True)
        self._remove({path for path, part in self._parts.items() if part.run != run and mine(part)})
        there = {part.widget_id for part in self.parts()}
        self._values = {name: value for name, value in self._values.items() if name in there}
        self._forget_kept(fragments)
        self.idle = True
        if not fragments:
            self.finished_runs = self.whole_runs

    def _forget_kept(self, fragments: set[str]) -> None:
        self._runs_of_kept += 1
        self._kept = {
            name: (data, used, fragment)
            for name, (data, used, fragment) in self._kept.items()
            if (fragments and fragment not in fragments) or self._runs_of_kept - used <= self._oldest_kept
        }
