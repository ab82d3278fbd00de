"""Write one data date's folder: ``python -m loaders.demo COUNTY FOLDER SEED``.

Started by ``loaders.demo.write``, which reads a line of JSON a stage from the standard output.
"""

import json
import sys
from pathlib import Path

from loaders.demo.files.write_folder import write_folder


def report(stage: str, share: float) -> None:
    print(json.dumps({"stage": stage, "share": share}), flush=True)


if __name__ == "__main__":
    county, folder, seed = sys.argv[1:]
    write_folder(county, Path(folder), int(seed), report)
