"""What passes a websocket: of a browser's messages those that pages need, and no path outward."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.types import Message, Receive, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from gate.words import LOG

# Everything else is the developer's (emptying the cache of all, git, files beside the program) or
# of elements that no page has: files made when they are asked for, rows of tables.
PASSES = frozenset(("rerun_script", "stop_script", "app_heartbeat", "file_urls_request"))
ROOT = Path(__file__).parents[1]
_PATH = str(ROOT).encode()


def passes(data: bytes) -> bool:
    """Whether a message of the browser's may reach Streamlit; one that cannot be read may not."""
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except Exception:  # protobuf's own error; which one depends on its implementation
        return False
    return message.WhichOneof("type") in PASSES


def incoming(receive: Receive, goes_on: Callable[[], Awaitable[bool]] | None = None) -> Receive:
    """Gives a websocket's messages on, without those that may not pass.

    Where ``goes_on`` says that the login has ended, a message does nothing any more but run the
    page anew, which then says so: no button of it is pressed, and no file is made.
    """

    async def filtered() -> Message:
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            data = message.get("bytes")
            if data is None:  # Streamlit speaks in bytes; a text would raise within it
                return {"type": "websocket.disconnect", "code": 1003}
            if passes(data):
                if goes_on is None or _is_heartbeat(data) or await goes_on():
                    return message
                bare = _bare(data)
                if bare is not None:
                    return {**message, "bytes": bare}
                continue
            LOG.warning("a message of a browser was not passed on")

    return filtered


def _is_heartbeat(data: bytes) -> bool:
    return BackMsg.FromString(data).WhichOneof("type") == "app_heartbeat"


def _bare(data: bytes) -> bytes | None:
    """A run of the whole page without anything that was pressed or chosen; None for no run."""
    asked = BackMsg.FromString(data)
    if asked.WhichOneof("type") != "rerun_script":
        return None
    made = BackMsg()
    made.rerun_script.query_string = asked.rerun_script.query_string
    made.rerun_script.page_script_hash = asked.rerun_script.page_script_hash
    return made.SerializeToString()


def outgoing(send: Send) -> Send:
    """Sends a websocket's messages on; the first tells the script's name, not where it lies."""

    async def filtered(message: Message) -> None:
        data = message.get("bytes")
        if data and _PATH in data:
            message = {**message, "bytes": _without_path(data)}
        await send(message)

    return filtered


def _without_path(data: bytes) -> bytes:
    frame = ForwardMsg()
    frame.ParseFromString(data)
    if frame.WhichOneof("type") != "new_session":
        return data
    session = frame.new_session
    session.main_script_path = Path(session.main_script_path).name
    return frame.SerializeToString()
