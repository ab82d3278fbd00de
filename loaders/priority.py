"""Who looks at the dashboard comes first: what loads files takes the processor that they leave."""

from __future__ import annotations

import os

_NICE = 10  # a tenth of the weight of a server on the same processor


def give_way() -> None:
    """Let this process, and those that it starts, wait for all others."""
    os.nice(_NICE)
