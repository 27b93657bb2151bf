"""A cluster whose parts know each other by certificates."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from scripts.browsing import free_port
from tests.conftest import wait_until
from tests.engine.certificates import throwaway_certificates
from tlcore.engine import Engine
from tlcore.engine.certificates import security_of
from tlcore.errors import EngineError
from tlcore.settings import Settings

HERE = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return throwaway_certificates(tmp_path_factory.mktemp("tls") / "ours")


@pytest.fixture
def address(certificates: dict[str, Path], isolated_home: Path) -> Iterator[str]:
    """Of a scheduler that wants certificates, with one worker."""
    port = free_port()
    address = f"tls://127.0.0.1:{port}"
    options = ["--tls-ca-file", "tls_ca_file", "--tls-cert", "tls_cert", "--tls-key", "tls_key"]
    files = [str(certificates.get(option, option)) for option in options]
    scheduler = ["distributed.cli.dask_scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", str(port)]
    worker = ["distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", "--resources", "training=1"]
    with ExitStack() as running:
        for command in (scheduler, worker):
            running.enter_context(_running([*command, *files, "--no-dashboard"]))
        yield address


@contextmanager
def _running(command: list[str]) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "-m", *command], stderr=subprocess.DEVNULL, env=os.environ | HERE
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def outcome_of(settings: Settings) -> EngineError | str:
    """What becomes of a job: why it failed, or its state."""
    engine, owner = Engine(settings), uuid.uuid4().hex
    try:
        job_id = engine.submit(owner, "count", {"to": 3})
        wait_until(lambda: engine.job(job_id, owner).finished, 60, engine.status)
        job = engine.job(job_id, owner)
        assert job.error is None or isinstance(job.error, EngineError)
        return job.error or job.state
    finally:
        engine.close()


def test_who_has_the_certificate_is_let_in_and_nobody_else(
    address: str, certificates: dict[str, Path], tmp_path: Path, isolated_home: Path
) -> None:
    ours = Settings(scheduler=address, connect_timeout_s=30, **certificates)
    assert outcome_of(ours) == "done"
    others = throwaway_certificates(tmp_path / "others")
    for files in ({}, others):
        refused = outcome_of(Settings(scheduler=address, connect_timeout_s=1, **files))
        assert "does not know the certificate" in str(refused)
        assert "TLCORE_TLS_CERT" in str(refused)
    command = [sys.executable, "-m", "tlcore.engine.worker", address]
    environment = os.environ | HERE | {f"TLCORE_{name.upper()}": str(path) for name, path in others.items()}
    environment["DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT"] = "1s"
    worker = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60)
    assert worker.returncode == 1
    assert "does not know the certificate" in worker.stderr


def test_certificates_that_are_not_there_are_said(certificates: dict[str, Path], tmp_path: Path) -> None:
    assert security_of(Settings()) is None
    for files in ({"tls_cert": certificates["tls_cert"]}, certificates | {"tls_key": tmp_path / "lost.pem"}):
        with pytest.raises(EngineError, match="all three"):
            security_of(Settings(**files))
