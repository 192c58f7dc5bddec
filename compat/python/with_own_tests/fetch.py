"""Fetches the tests of an SDK from its source distribution, in the version and with the hash of sdists.txt.

    python fetch.py openai FOLDER

Leaves FOLDER/tests, without the tests' own conftest.py: its fixtures are those of both_ways.py.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PINS = Path(__file__).with_name("sdists.txt")


def fetch(sdk: str, folder: Path) -> None:
    pin = next(line for line in PINS.read_text().splitlines() if line.startswith(sdk + "=="))
    stamp = folder / "fetched.txt"
    if stamp.exists() and stamp.read_text() == pin:
        return
    with tempfile.TemporaryDirectory() as place:
        wanted = Path(place, "wanted.txt")
        wanted.write_text(pin)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps"]
            + ["--no-binary", ":all:", "--require-hashes", "-d", place, "-r", str(wanted)],
            check=True,
        )
        shutil.rmtree(folder, ignore_errors=True)
        with tarfile.open(next(Path(place).glob("*.tar.gz"))) as archive:
            for member in archive:
                inside = member.name.partition("/")[2]
                if re.match(r"tests/(api_resources/.*|__init__\.py|utils\.py|sample_file\.txt)$", inside):
                    member.name = inside
                    archive.extract(member, folder, filter="data")
    stamp.write_text(pin)


if __name__ == "__main__":
    fetch(sys.argv[1], Path(sys.argv[2]))
