"""The gateway in front of the mock; its configuration is in understudy.yaml."""

import os
import re
import subprocess
import time
from pathlib import Path

HERE = Path(__file__).parent
HOUSE = HERE.parents[2]
LOG = HOUSE / "compat" / "target" / "own-tests-gateway.log"


class Gateway:
    """A gateway that runs until `stop`."""

    def __init__(self, upstream: str) -> None:
        LOG.parent.mkdir(exist_ok=True)
        with LOG.open("wb") as log:
            self._process = subprocess.Popen(
                [HOUSE / "understudy", "serve", "--config", HERE / "understudy.yaml", "--port", "0", "--data", LOG.parent / "own-tests-data"],
                env=os.environ | {"UPSTREAM_URL": upstream},
                stdout=log,
                stderr=log,
            )

    def url(self) -> str:
        """Its address, as soon as it listens."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and self._process.poll() is None:
            listens = re.search(r"^Understudy listens on (http://\S+)", LOG.read_text(), re.MULTILINE)
            if listens:
                return listens[1]
            time.sleep(0.05)
        self.stop()
        raise RuntimeError("the gateway did not start:\n" + LOG.read_text()[-2000:])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)
