"""The load: wrk with a fixed question of about 0.5 KB, and what it found."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from rig.gateway import MODEL
from rig.nginx import ANSWER

QUESTION = json.dumps(
    {
        "model": MODEL,
        "messages": [
            {
                "role": "system",
                "content": "You are a stage manager. Answer in at most two sentences, and never break character.",
            },
            {
                "role": "user",
                "content": "The lead has lost her voice an hour before the curtain rises, the house is sold out and "
                "the press is in. Tell the company plainly what happens now, who goes on, and why nobody is to worry.",
            },
        ],
        "temperature": 0.7,
        "max_tokens": 120,
        "user": "bench-0001",
    }
)

_LUA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "load.lua")


@dataclass(frozen=True)
class Run:
    """One run of load against one subject; latencies in microseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self):
        return self.requests / self.seconds


class Wrk:
    """wrk, confined to some CPUs or to none."""

    def __init__(self, wrk, folder, cpus=None):
        self._wrk = wrk
        self._cpus = cpus
        self._env = dict(os.environ, BENCH_FOLDER=folder)
        for name, text in (("question.json", QUESTION), ("answer.json", ANSWER)):
            with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
                file.write(text)

    def run(self, port, connections, seconds):
        """Loads a port; one answer that is not a 200 with exactly the upstream's bytes ends the script."""
        command = [self._wrk, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", _LUA]
        command.append(f"http://127.0.0.1:{port}/v1/chat/completions")
        ended = subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=self._env,
            text=True,
            check=False,
            preexec_fn=(lambda: os.sched_setaffinity(0, self._cpus)) if self._cpus else None,
        )
        if ended.returncode != 0 or not ended.stderr.strip():
            sys.exit(f"wrk failed: {ended.stderr}")
        found = json.loads(ended.stderr.strip().splitlines()[-1])
        if found["wrong"] or found["broken"] or not found["right"]:
            sys.exit(
                f"not every answer was right: {found['right']} right, {found['wrong']} wrong, "
                f"{found['broken']} broken connections; the first wrong one: {found['example']}"
            )
        return Run(found["requests"], found["seconds"], found["p50"], found["p99"])
