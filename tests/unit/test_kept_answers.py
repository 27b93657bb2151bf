"""What waits to be sent to a browser when a run of its page begins, in Streamlit's own queue."""

from __future__ import annotations

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages.ui.common.kept_answers import keep_answers


def waiting_messages() -> ForwardMsgQueue:
    """An answer that says where a file lies, between what an ended run has drawn."""
    queue = ForwardMsgQueue()
    for place in range(2):
        drawn = ForwardMsg()
        drawn.metadata.delta_path.extend([0, place])
        drawn.delta.new_element.text.body = "old"
        queue.enqueue(drawn)
    answer = ForwardMsg()
    answer.backend_operation_response.deferred_file.url = "/media/file.zip"
    queue.enqueue(answer)
    return queue


@pytest.mark.parametrize("fragments", [None, ["a fragment"]], ids=["the page", "a part of it"])
def test_an_answer_outlives_the_beginning_of_a_run(
    monkeypatch: pytest.MonkeyPatch, fragments: list[str] | None
) -> None:
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)  # put back after the test
    keep_answers()
    queue = waiting_messages()
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=fragments)
    drawn = ForwardMsg()
    drawn.metadata.delta_path.extend([0, 0])
    drawn.delta.new_element.text.body = "new"
    queue.enqueue(drawn)
    sent = queue.flush()
    answers = [message for message in sent if message.WhichOneof("type") == "backend_operation_response"]
    assert [answer.backend_operation_response.deferred_file.url for answer in answers] == ["/media/file.zip"]
    assert [message.delta.new_element.text.body for message in sent if message.HasField("delta")][-1] == "new"
