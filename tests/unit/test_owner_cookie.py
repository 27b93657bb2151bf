"""The cookie that says whose browser it is: who may make one, what the server sends, what it lets nobody see."""

from __future__ import annotations

import asyncio
import stat
import sys
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest

from pages.ui.common.web_server import VisitorHeaders, address_to_open
from tests import asgi
from tlcore.settings import Settings, get_settings
from tlcore.store import cookie_lifetime_s, new_owner, sign_owner, signed_owner
from tlcore.store.owner_cookie import COOKIE, SECRET_FILE, SECURE_COOKIE

SECRET = "a secret of thirty-two characters"


def settings_of(home: Path, **values: Any) -> Settings:
    return Settings(home=home, **values)


def test_only_what_this_lab_has_signed_names_an_owner(tmp_path: Path) -> None:
    ours, other = settings_of(tmp_path / "ours"), settings_of(tmp_path / "other")
    owner = new_owner()
    cookie = sign_owner(owner, ours)
    assert signed_owner(cookie, ours) == owner
    assert signed_owner(cookie, other) is None
    swapped = f"{new_owner()}.{cookie.partition('.')[2]}"
    for planted in (owner, swapped, "", None, f"{cookie}0", cookie.upper(), f"{owner}.", "é" * 65):
        assert signed_owner(planted, ours) is None, planted


def test_replicas_that_share_a_home_or_a_secret_know_each_others_owners(tmp_path: Path) -> None:
    owner = new_owner()
    assert sign_owner(owner, settings_of(tmp_path)) == sign_owner(owner, settings_of(tmp_path))
    told = [settings_of(tmp_path / name, cookie_secret=SECRET) for name in ("a", "b")]
    assert signed_owner(sign_owner(owner, told[0]), told[1]) == owner
    assert SECRET not in repr(told[0])
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / SECRET_FILE).stat().st_mode) == 0o600


def test_a_home_that_cannot_be_written_keeps_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings, owner = settings_of(tmp_path / "file" / "home"), new_owner()
    assert signed_owner(sign_owner(owner, settings), settings) == owner


def ask(path: str, method: str = "GET", scheme: str = "http", **headers: str) -> tuple[int, list[tuple[str, str]]]:
    """Status and headers of the answer, of an app that says 200 to everything."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b""})

    status, told, _content = asyncio.run(asgi.ask(VisitorHeaders(app), path, method, scheme, **headers))
    return status, told


def cookie_of(answer: tuple[int, list[tuple[str, str]]]) -> Any:
    """The only cookie that an answer sets."""
    (text,) = (value for name, value in answer[1] if name == "set-cookie")
    (morsel,) = SimpleCookie(text).values()
    return morsel


def test_the_server_gives_each_page_that_is_opened_the_cookie_of_its_owner() -> None:
    first = cookie_of(ask("/datasets"))
    owner = signed_owner(first.value)
    assert owner is not None
    assert (first.key, first["httponly"], first["samesite"], first["path"]) == (COOKIE, True, "Lax", "/")
    assert first["max-age"] == str(cookie_lifetime_s()) == str(3 * 24 * 3600)
    assert not first["secure"]
    again = cookie_of(ask("/", cookie=f"other=1; {COOKIE}={first.value}"))
    assert again.value == first.value, "for as long again"
    planted = cookie_of(ask("/", cookie=f"{COOKIE}={owner}"))
    assert signed_owner(planted.value) not in (owner, None)


@pytest.mark.parametrize("request_", [{"scheme": "https"}, {"x_forwarded_proto": "https"}])
def test_an_encrypted_page_has_a_cookie_that_no_neighbour_can_plant(request_: dict[str, str]) -> None:
    owner = new_owner()
    cookie = cookie_of(ask("/", cookie=f"{COOKIE}={sign_owner(owner)}", **request_))
    assert (cookie.key, cookie["secure"], cookie["path"], cookie["domain"]) == (SECURE_COOKIE, True, "/", "")
    assert signed_owner(cookie.value) != owner, "it came by a name that others may set"


def test_what_is_no_page_sets_no_cookie_and_has_the_headers_that_keep_others_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for path in ("/_stcore/health", "/media/1f.jpg", "/app/static/tfjs.js", "/static/js/index.js"):
        headers = dict(ask(path)[1])
        assert "set-cookie" not in headers
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "SAMEORIGIN")
    assert "set-cookie" not in dict(ask("/", method="POST")[1])
    monkeypatch.setenv("TLCORE_FRAMED_BY", "https://huggingface.co")
    get_settings.cache_clear()
    headers = dict(ask("/", scheme="https")[1])
    assert headers["set-cookie"].endswith("SameSite=None; Partitioned; Secure"), "or a frame would have none"
    assert "frame-ancestors https://huggingface.co;" in headers["content-security-policy"]
    assert "x-frame-options" not in headers


def test_more_than_may_be_uploaded_is_not_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLCORE_MAX_UPLOAD_BYTES", "1000000")
    get_settings.cache_clear()
    lengths = {"1000000": 200, "2100000": 413, "-1": 413, "1e3": 413}
    path = "/_stcore/upload_file/session/file"
    assert {length: ask(path, "PUT", content_length=length)[0] for length in lengths} == lengths


def test_a_browser_is_opened_at_a_desk_and_on_no_server() -> None:
    desk = {"server.headless": False, "server.port": 8502, "server.address": None, "server.baseUrlPath": ""}
    desk["server.sslCertFile"] = None
    assert address_to_open(desk.__getitem__) == "http://localhost:8502/"
    named = {**desk, "server.address": "10.0.0.5", "server.sslCertFile": "cert.pem", "server.baseUrlPath": "/lab/"}
    assert address_to_open(named.__getitem__) == "https://10.0.0.5:8502/lab"
    assert address_to_open({**desk, "server.headless": True}.__getitem__) is None


def test_nobody_is_told_who_is_there() -> None:
    paths = {"/_stcore/metrics": 404, "/lab/_stcore/metrics/": 404, "/_stcore/health": 200}
    assert {path: ask(path)[0] for path in paths} == paths
