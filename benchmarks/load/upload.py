"""Files on their way to the server, as the browser sends them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState


def form_of(file_name: str, content: bytes) -> tuple[dict[str, str], bytes]:
    """Headers and body of a form with one file; a name is written as browsers write it."""
    boundary = uuid.uuid4().hex
    name = file_name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22").replace("\0", "")
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    body = head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return headers, body + f"\r\n--{boundary}--\r\n".encode()


def uploaded(box: Any, files: Sequence[tuple[str, bytes]], urls: Sequence[Any]) -> WidgetState:
    """The state of a box for files once the server has them."""
    state = WidgetState(id=box.id)
    for (file_name, content), url in zip(files, urls, strict=True):
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = url.file_id, file_name, len(content)
        info.file_urls.CopyFrom(url)
    return state
