"""The store in a real server of S3's protocol, on the loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tlcore.errors import StorageError
from tlcore.mirror import RemoteStore, get_mirror
from tlcore.settings import Settings
from tlcore.store import OwnerStore, new_owner


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty bucket in moto's server, which this process can reach as if it were Amazon's."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    import s3fs

    s3fs.S3FileSystem(skip_instance_cache=True).mkdir("lab")
    yield "s3://lab/class-1"
    server.stop()


def test_homes_share_a_bucket(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tlcore.mirror.mirror.LISTED_FOR_S", 0.0)
    owner = new_owner()
    homes = [Settings(home=tmp_path / name, store=bucket) for name in ("one", "two")]
    here, there = (OwnerStore(owner, settings) for settings in homes)
    item = here.add("runs", b"abc" * 1000, name="a run")
    there.add_files("runs", item, {"more": b"1", "and_more": b"2"})
    there.rename("runs", item, "another name")
    assert [(found.name, found.num_bytes > 3000) for found in here.items("runs")] == [("another name", True)]
    assert sorted(path.name for path in here.folder("runs", item).iterdir()) == [
        "and_more",
        "content",
        "item.json",
        "more",
    ]

    mirror = get_mirror(homes[0])
    assert mirror is not None
    assert [mirror.remote.take("classes/ABC/seats/1") for _ in range(2)] == [True, False]

    there.delete("runs", item)
    assert here.items("runs") == []
    assert mirror.remote.listing("owners") == {}
    with pytest.raises(StorageError, match="store of this lab does not answer"):
        RemoteStore("s3://no-such-bucket/class-1").write("a", b"")
