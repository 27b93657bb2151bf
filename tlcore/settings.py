"""Every `TLCORE_*` setting, read from the environment and validated once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

FRAMED_BY_ITSELF = "'self'"
_SHARE_OF_A_WORKER = 0.7  # of the machine's memory; the rest is for the web process and the other worker


def _quota(usual: int, hosted: int) -> Callable[[dict[str, Any]], int]:
    """A default that is smaller where strangers share the machine; whoever sets the quota has what they set."""
    return lambda settings: hosted if settings.get("hosted") else usual


class Settings(BaseSettings):
    """Settings of one process. Sizes are in bytes, times in seconds."""

    model_config = SettingsConfigDict(env_prefix="TLCORE_", frozen=True)

    weights_dir: Path | None = Field(None, description="Folder with the files that keras.applications downloads.")
    datasets_dir: Path | None = Field(
        None, description="Folder with sets of images for everybody: a folder a set, in it a folder a class."
    )
    home: Path = Field(Path.home() / ".tlcore", description="Where runs, caches and downloads are kept.")
    store: str = Field(
        "",
        description="Where all replicas and workers keep what people keep, an fsspec URL such as s3://bucket/prefix; "
        "empty: in `TLCORE_HOME` alone.",
    )
    scheduler: str | None = Field(
        None, description="Address of an existing Dask cluster, tcp://host:port or tls://host:port."
    )
    tls_ca_file: Path | None = Field(None, description="Of a tls:// cluster: certificate of who vouches for its parts.")
    tls_cert: Path | None = Field(None, description="Of a tls:// cluster: this part's own certificate.")
    tls_key: Path | None = Field(None, description="Of a tls:// cluster: the key of that certificate.")
    low_memory: bool = Field(False, description="One worker for interactive work and training alike.")
    log: Literal["text", "json"] = Field(
        "text", description="How the log is written; json is a line an event, in which nobody is named."
    )
    monitor_port: int | None = Field(
        None, ge=1, le=65535, description="Port for /metrics (Prometheus) and /ready, beside that of the app."
    )
    monitor_address: str = Field("127.0.0.1", description="Where that port is open; 0.0.0.0 within a private network.")
    hosted: bool = Field(False, description="A public demo: smaller quotas, no error details on the screen.")
    cookie_secret: SecretStr | None = Field(
        None, min_length=32, description="What signs cookies; without it a file in the home, which replicas share."
    )
    framed_by: str = Field(
        FRAMED_BY_ITSELF, description="Sites that may show the app in a frame of theirs, as in a CSP's frame-ancestors."
    )
    connect_timeout_s: float = Field(5.0, gt=0, le=60, description="How long a download waits for an answer.")
    max_queue: int = Field(200, ge=1, description="Jobs that may wait, of a whole class; one more is refused.")
    jobs_per_owner: int = Field(
        default_factory=_quota(4, 2), ge=1, description="Jobs of one kind that one session may have running at once."
    )
    max_epochs: int = Field(
        default_factory=_quota(1000, 100), ge=1, le=1000, description="Most epochs of one phase of a training."
    )
    max_job_s: float = Field(
        default_factory=_quota(6 * 3600, 600),
        gt=0,
        description="Longest that a job may run; a training stops then and is kept as it is.",
    )
    owner_job_s: float = Field(
        default_factory=_quota(24 * 3600, 1800), gt=0, description="What the jobs of one session may take in an hour."
    )
    server_job_s: float | None = Field(None, gt=0, description="What the jobs of all may take in an hour.")
    owner_images: int = Field(
        default_factory=_quota(50_000, 5_000), ge=1, description="Most images that one session may keep."
    )
    worker_memory_bytes: int | None = Field(
        None, ge=1024**3, description="What one worker may take; without it 70 % of its machine's memory."
    )
    max_cache_bytes: int = Field(2 * 1024**3, ge=0, description="Size of the features cache.")
    max_converted_bytes: int = Field(1024**3, ge=0, description="Size of the networks converted for LiteRT.")
    runtime: Literal["auto", "tensorflow", "litert"] = Field(
        "auto", description="What runs frozen networks; auto takes the fastest that gives the same, measured here."
    )
    max_upload_bytes: int = Field(
        default_factory=_quota(200 * 1024**2, 50 * 1024**2), ge=1, description="Largest upload that is read."
    )
    max_download_bytes: int = Field(
        default_factory=_quota(1024**3, 300 * 1024**2), ge=1, description="Largest public set that is downloaded."
    )
    max_image_pixels: int = Field(50_000_000, ge=1, description="Largest image that is decoded.")
    max_upload_pixels: int = Field(
        default_factory=_quota(1_000_000_000, 300_000_000),
        ge=1,
        description="Pixels of one ZIP that are decoded at most.",
    )
    max_archive_entries: int = Field(
        default_factory=_quota(5_000, 2_000), ge=1, description="Most files that a ZIP may hold."
    )
    max_archive_bytes: int = Field(
        default_factory=_quota(1024**3, 256 * 1024**2), ge=1, description="Most bytes that a ZIP may unpack to."
    )
    owner_quota_bytes: int = Field(
        default_factory=_quota(2 * 1024**3, 512 * 1024**2), ge=1, description="Most bytes that one session may store."
    )
    server_quota_bytes: int = Field(
        default_factory=_quota(1024**4, 20 * 1024**3), ge=1, description="Most bytes that all sessions may store."
    )
    expiry_s: float = Field(24 * 3600.0, gt=0, description="When an unused upload or run is deleted.")

    @property
    def memory_of_a_worker(self) -> int:
        """Bytes that one worker of this machine may take, trainings that would take more are refused."""
        from .machine import memory_bytes

        return self.worker_memory_bytes or int(_SHARE_OF_A_WORKER * memory_bytes())


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()
