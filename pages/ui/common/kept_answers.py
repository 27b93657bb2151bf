"""What the server answers to a browser reaches it, also when a run of the page begins at that moment.

A click on a download whose file is made when asked for asks for the file and begins a run of the page. As a run begins,
Streamlit drops what the run before has still to send, and with it the answer that says where the file lies: the button
turns for minutes, and no file comes.
"""

from __future__ import annotations

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_ANSWER = "backend_operation_response"


def keep_answers() -> None:
    """Has every session's queue keep its answers from now on; call before the first page is drawn.

    There is no public way to say what a queue keeps.
    """
    drop = ForwardMsgQueue.clear

    def clear(
        queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        answers = [message for message in queue._queue if message.WhichOneof("type") == _ANSWER]
        drop(queue, retain_lifecycle_msgs, fragment_ids_this_run)
        kept = {id(message) for message in queue._queue}
        queue._queue.extend(message for message in answers if id(message) not in kept)

    ForwardMsgQueue.clear = clear  # type: ignore[method-assign, assignment]
