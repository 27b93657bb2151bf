"""What whoever runs the lab sees of it, and what of the people in it nobody sees."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from pages.ui.common.monitor_port import what_is_missing
from tlcore.engine import Engine, EngineStatus
from tlcore.engine.job import Job
from tlcore.engine.watching import EngineReport, JobEnd, WorkerReport, end_of, report_of
from tlcore.logs import JsonLines, without_people
from tlcore.metrics import Metrics
from tlcore.settings import Settings

OWNER = "0123456789abcdef0123456789abcdef"
PEOPLE = (
    f"Cookie tlcore_owner={OWNER} from 192.168.1.17:50312",
    "Could not read '/home/ana/ana na praia.jpg'",
    "upload of IMG_2041.JPG and férias.zip failed",
    f"session_id: {OWNER}.sig-nature closed by [2001:db8::8a2e:370:7334]",
    "Wrote C:\\Users\\Ana\\x.npz",
    "“Ana” joined",
)


def job(state: str, **times: float) -> Job:
    return Job("f" * 32, OWNER, "train", print, "training", {"photo": b"x"}, state=state, **times)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", PEOPLE)
def test_a_log_names_nobody(line: str) -> None:
    shown = without_people(line)
    for personal in (OWNER, "192.168", "ana", "Ana", "IMG_2041", "férias", "370:7334", "Users", "sig-nature"):
        assert personal not in shown


def test_words_of_the_program_stay() -> None:
    for line in ("The engine met an error", "12 of 30 jobs in 2.5 s (40 %)", "TLCORE_STORE is not set"):
        assert without_people(line) == line


def test_an_error_is_its_kind_and_the_lines_where_it_came_from() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.Logger("tlcore.test")
    logger.addHandler(handler)
    try:
        Path("/nobody/ana-na-praia.jpg").read_bytes()
    except OSError:
        logger.exception("Job %s failed", "ab12cd34")
    (written,) = stream.getvalue().splitlines()
    line = json.loads(written)
    assert (line["level"], line["event"], line["error"]) == ("error", "Job ab12cd34 failed", "FileNotFoundError")
    assert line["at"][0].startswith("unit/test_monitoring.py:")
    assert "ana" not in written.replace(json.dumps(line["at"]), "")


def test_the_end_of_a_job_is_told_in_numbers(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "tlcore")
    end = end_of(job("done", submitted_s=10.0, started_s=11.5, finished_s=14.0))
    assert end == JobEnd("train", "training", "done", waited_s=1.5, ran_s=2.5, shared=False)
    line = JsonLines().format(caplog.records[0])
    assert json.loads(line) | {"waited_s": 1.5, "ran_s": 2.5, "end": "done", "job": "ffffffff"} == json.loads(line)
    assert OWNER not in line


def test_metrics_count_what_ended_and_tell_what_is() -> None:
    engine = Engine(Settings())
    metrics = Metrics(engine)
    metrics.job_ended(JobEnd("train", "training", "done", waited_s=2.0, ran_s=4.0, shared=False))
    metrics.job_ended(JobEnd("predict", "interactive", "failed", waited_s=None, ran_s=None, shared=True))
    metrics.features_read(3, 1)
    lines = metrics.text().decode().splitlines()
    for expected in (
        'tlcore_jobs_total{end="done",kind="training"} 1.0',
        'tlcore_jobs_total{end="failed",kind="interactive"} 1.0',
        'tlcore_job_wait_seconds_bucket{kind="training",le="3.0"} 1.0',
        'tlcore_job_run_seconds_sum{kind="training"} 4.0',
        'tlcore_features_cache_total{result="hit"} 3.0',
        "tlcore_jobs_shared_total 1.0",
        'tlcore_jobs_queued{kind="training"} 0.0',
        "tlcore_engine_ready 0.0",
    ):
        assert expected in lines


def test_a_report_counts_jobs_and_workers() -> None:
    jobs = [job("running", started_s=1.0), job("queued"), job("done")]
    workers = {"tcp://10.0.0.1:1": {"resources": {"training": 1.0}, "metrics": {"memory": 5}, "last_seen": 0.0}}
    report = report_of(EngineStatus("ready", 1, 1), jobs, workers)
    assert report.running == {"interactive": 0, "training": 1}
    assert report.queued == {"interactive": 0, "training": 1}
    assert [(worker.kinds, worker.memory_bytes) for worker in report.workers] == [(("training",), 5)]
    assert "10.0.0.1" not in str(report)
    assert OWNER not in str(report)


def test_ready_is_a_server_whose_jobs_would_run(tmp_path: Path) -> None:
    worker = WorkerReport(("training",), 1, 0.0)
    ready = EngineReport(EngineStatus("ready", 0, 0), (), {}, {}, (worker,))
    starting = EngineReport(EngineStatus("starting", 0, 0), (), {}, {}, ())
    assert what_is_missing(ready, Settings(home=tmp_path)) == []
    assert what_is_missing(starting, Settings(home=tmp_path / "gone")) == ["engine", "workers", "home"]
    (tmp_path / "store").write_text("no folder")
    assert what_is_missing(ready, Settings(home=tmp_path, store=(tmp_path / "store").as_uri())) == ["store"]


FOREIGN = """
import logging
import subprocess
import sys
foreign = logging.getLogger("streamlit.runtime")
foreign.addHandler(logging.StreamHandler())
foreign.propagate = False
from tlcore.logs import configure_log
configure_log()
foreign.warning("Session with id %s wrote %s", "0123456789abcdef0123456789abcdef", "/home/ana/x.png")
logging.getLogger("tlcore.engine.in_worker").info("A job ended", extra={"facts": {"ran_s": 1.5}})
"""


def test_other_packages_write_lines_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TLCORE_LOG", "json")
    ran = subprocess.run([sys.executable, "-c", FOREIGN], capture_output=True, text=True, check=True)
    first, second = map(json.loads, ran.stderr.splitlines())
    assert (first["logger"], first["level"]) == ("streamlit.runtime", "warning")
    assert first["event"] == "Session with id … wrote …"
    assert second["ran_s"] == 1.5
