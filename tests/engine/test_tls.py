"""A cluster whose parts know each other by certificates."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
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


@contextmanager
def scheduler(address: str, certificates: dict[str, Path]) -> Iterator[subprocess.Popen[bytes]]:
    """One that wants certificates, started as `deploy/README.md` says."""
    names = {"--tls-ca-file": "tls_ca_file", "--tls-cert": "tls_cert", "--tls-key": "tls_key"}
    files = [part for option, name in names.items() for part in (option, str(certificates[name]))]
    port = address.rpartition(":")[2]
    options = ["--preload", "tlcore.engine.scheduler", "--protocol", "tls", "--host", "127.0.0.1", "--port", port]
    with running(["distributed.cli.dask_scheduler", *options, *files, "--no-dashboard"], {}) as process:
        yield process


@contextmanager
def running(command: list[str], settings: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    environment = os.environ | HERE | settings
    with subprocess.Popen([sys.executable, "-m", *command], stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            yield process
        finally:
            process.terminate()


def as_environment(certificates: dict[str, Path]) -> dict[str, str]:
    return {f"TLCORE_{name.upper()}": str(path) for name, path in certificates.items()}


def outcome_of(engine: Engine) -> EngineError | str:
    """What becomes of a job: why it failed, or its state."""
    owner = uuid.uuid4().hex
    job_id = engine.submit(owner, "count", {"to": 3})
    wait_until(lambda: engine.job(job_id, owner).finished, 120, engine.status)
    job = engine.job(job_id, owner)
    assert job.error is None or isinstance(job.error, EngineError)
    assert job.error or len(job.events) == 3
    return job.error or job.state


def test_who_has_the_certificate_works_also_for_the_next_scheduler_and_nobody_else_does(
    certificates: dict[str, Path], tmp_path: Path, isolated_home: Path
) -> None:
    address = f"tls://127.0.0.1:{free_port()}"
    others = throwaway_certificates(tmp_path / "others")
    ours = Engine(Settings(scheduler=address, connect_timeout_s=30, **certificates))
    command = ["tlcore.engine.worker", address]
    try:
        with scheduler(address, certificates) as first, running(command, as_environment(certificates)) as keeper:
            for files in ({}, others):
                stranger = Engine(Settings(scheduler=address, connect_timeout_s=1, **files))
                refused = outcome_of(stranger)
                stranger.close()
                assert "does not know the certificate" in str(refused)
                assert "TLCORE_TLS_CERT" in str(refused)
            environment = (
                os.environ | HERE | as_environment(others) | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}
            )
            line = [sys.executable, "-m", *command]
            worker = subprocess.run(line, capture_output=True, text=True, env=environment, timeout=60)
            assert worker.returncode == 1
            assert "does not know the certificate" in worker.stderr
            assert outcome_of(ours) == "done", "on the worker of the documented command"
            template = psutil.Process(keeper.pid).children()
            first.kill()
            first.wait()
            with scheduler(address, certificates):
                assert outcome_of(ours) == "done", "app and worker have found the next scheduler"
                assert psutil.Process(keeper.pid).children() == template, "nothing is imported again"
    finally:
        ours.close()


def test_certificates_that_are_not_there_are_said(certificates: dict[str, Path], tmp_path: Path) -> None:
    assert security_of(Settings()) is None
    for files in ({"tls_cert": certificates["tls_cert"]}, certificates | {"tls_key": tmp_path / "lost.pem"}):
        with pytest.raises(EngineError, match="all three"):
            security_of(Settings(**files))
