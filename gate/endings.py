"""What ends with a session: its uploads, soon after it.

Streamlit keeps a session whose page was closed for a while, so that a broken connection can come
back, and looks at whether that while is over only when another page closes.
"""

from __future__ import annotations

import asyncio
from typing import cast

from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from gate.words import LOG
from store.uploads import UPLOADS

EVERY = 10.0  # seconds between two looks


def follow_sessions(runtime: Runtime) -> None:
    """Remove files from disk when Streamlit forgets them: with their session, or one by one.

    Streamlit tells nobody that a session ends but its own keeper of files, whose two methods are
    therefore led through here.
    """
    keeper = cast(MemoryUploadedFileManager, runtime.uploaded_file_mgr)
    forget_all, forget_one = keeper.remove_session_files, keeper.remove_file

    def session_ended(session_id: str) -> None:
        forget_all(session_id)
        UPLOADS.drop("session ended", lambda upload: upload.session == session_id)

    def file_removed(session_id: str, file_id: str) -> None:
        forget_one(session_id, file_id)
        UPLOADS.drop(
            "given up", lambda upload: (upload.session, upload.file) == (session_id, file_id)
        )

    keeper.remove_session_files = session_ended  # type: ignore[method-assign]
    keeper.remove_file = file_removed  # type: ignore[method-assign]


async def tend(runtime: Runtime) -> None:
    """End, again and again, the sessions whose time is over."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            end_expired(runtime)
        except Exception:  # one session that does not end must not keep the others
            LOG.exception("a session could not be ended")


def end_expired(runtime: Runtime) -> int:
    """End the closed sessions that can no longer come back; gives how many."""
    manager = runtime._session_mgr
    with manager._storage_lock:  # type: ignore[attr-defined]
        expired = manager._session_storage._cache.expire()  # type: ignore[attr-defined]
    for _, info in expired:
        info.session.shutdown()
    return len(expired)
