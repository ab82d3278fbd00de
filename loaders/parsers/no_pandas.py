"""Arrow without pandas, which it else loads into every process only because it is installed."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder


class _Missing(MetaPathFinder):
    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)


def spare_pandas() -> None:
    """Let Arrow find that there is no pandas. Whoever asks for it by name has it all the same.

    Arrow then takes a pandas object for a plain sequence until something is turned into one.
    """
    import pyarrow as pa

    sys.meta_path.insert(0, finder := _Missing())
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(finder)
