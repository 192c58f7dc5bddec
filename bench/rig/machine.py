"""What figures depend on: the machine, its load, the versions of the tools. No host names."""

import os
import shutil
import subprocess
import sys
import time

from rig.process import CLOCK_TICKS

HOUSE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def need(*tools):
    """The paths of tools; ends the script with what to install if one is absent. nginx often lives in sbin."""
    path = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"
    found = [shutil.which(tool, path=path) for tool in tools]
    absent = [tool for tool, at in zip(tools, found) if at is None]
    if absent:
        sys.exit(f"needs {' and '.join(absent)}: apt-get install nginx-light wrk")
    return found


def need_linux():
    if not os.path.exists("/proc/self/stat"):
        sys.exit("needs Linux: processor time and memory are read from /proc")


def first_line(command):
    """The first line that a command says, on either output; `nginx -v` and `wrk -v` exit with other codes than 0."""
    said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout
    return said.strip().splitlines()[0] if said.strip() else "?"


def describe():
    """One line: day, cores, processor, memory, kernel, load."""
    with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:
        models = [line.split(":", 1)[1].strip() for line in cpuinfo if line.startswith("model name")]
    with open("/proc/meminfo", encoding="ascii") as meminfo:
        gib = int(meminfo.readline().split()[1]) / 1024 / 1024
    model = models[0] if models else os.uname().machine
    return (
        f"{time.strftime('%Y-%m-%d')}, {len(os.sched_getaffinity(0))} cores of {model}, {gib:.0f} GiB, "
        f"Linux {os.uname().release.split('-')[0]}, load {os.getloadavg()[0]:.1f} when it began"
    )


def java_of(pid):
    """The version of the JVM that a process runs on."""
    home = os.path.dirname(os.path.dirname(os.readlink(f"/proc/{pid}/exe")))
    try:
        with open(os.path.join(home, "release"), encoding="utf-8") as release:
            values = dict(line.strip().split("=", 1) for line in release if "=" in line)
        return f"Java {values.get('JAVA_RUNTIME_VERSION', values['JAVA_VERSION']).strip(chr(34))}"
    except FileNotFoundError:
        return "Java of unknown version"


def jvm_options_of(pid):
    """The options of a running JVM, as the launcher gave them."""
    with open(f"/proc/{pid}/cmdline", "rb") as cmdline:
        words = cmdline.read().decode().split("\0")
    return " ".join(words[1 : words.index("-jar")]).replace(HOUSE + os.sep, "")


class Disturbance:
    """How much of the machine is at work for somebody else, from one `take` to the next."""

    def __init__(self, ours):
        self._ours = ours  # processes under measurement; what the script ran and waited for counts by itself
        self._before = self._now()

    def take(self):
        """The share of all processor time, 0 to 1, that neither idled nor was ours since the last time."""
        before, self._before = self._before, self._now()
        busy, whole, ours = (now - then for now, then in zip(self._before, before))
        return max(0.0, (busy - ours) / whole) if whole else 0.0

    def _now(self):
        with open("/proc/stat", encoding="ascii") as stat:
            # user nice system idle iowait irq softirq steal; what guests used is in user already.
            ticks = [int(field) / CLOCK_TICKS for field in stat.readline().split()[1:9]]
        own = os.times()
        ours = own.user + own.system + own.children_user + own.children_system
        ours += sum(process.cpu_seconds() for process in self._ours)
        return sum(ticks) - ticks[3] - ticks[4], sum(ticks), ours
