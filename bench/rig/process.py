"""Processes under measurement: started, waited for, read through /proc, and ended by their own process ids."""

import http.client
import os
import resource
import signal
import socket
import subprocess
import sys
import time

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """A process that ends with its `with` block, children included when it looks after them (as nginx does)."""

    def __init__(self, name, command, cpus=None, error_log=None, env=None):
        self.name = name
        self._errors_at = error_log
        # Even what a process says while it starts is kept: it is shown only if the start fails.
        with open(error_log or os.devnull, "wb") as errors:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=env,
                # A Ctrl-C reaches only the script, which then ends its processes in order.
                start_new_session=True,
                preexec_fn=(lambda: os.sched_setaffinity(0, cpus)) if cpus else None,
            )

    @property
    def pid(self):
        return self._popen.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGTERM)
            try:
                self._popen.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._popen.kill()
                self._popen.wait()

    def wait_until_answers(self, port, path, seconds=60):
        """Waits until GET `path` gives a 200; a process that ends or never answers ends the script."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            if self._popen.poll() is not None:
                break
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
                connection.request("GET", path)
                status = connection.getresponse().status
                connection.close()
                if status == 200:
                    return self
            except OSError:
                pass  # not listening yet; the time limit above ends this
            time.sleep(0.05)
        sys.exit(f"{self.name} did not start (exit code {self._popen.poll()}):\n{self._last_errors()}")

    def _last_errors(self):
        if not self._errors_at:
            return "(it said nothing)"
        with open(self._errors_at, encoding="utf-8", errors="replace") as errors:
            return errors.read()[-3000:]

    def family(self):
        """The process and its descendants, such as nginx' workers."""
        found = [self.pid]
        for pid in found:
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as children:
                    found.extend(int(child) for child in children.read().split())
        return found

    def cpu_seconds(self):
        """User and system time of the family so far."""
        return sum(_cpu_seconds(f"/proc/{pid}/stat") for pid in self.family())

    def cpu_seconds_by_thread(self):
        """The same, by the names of threads without their numbers; threads that have ended are not in it."""
        by_name = {}
        for pid in self.family():
            for thread in os.listdir(f"/proc/{pid}/task"):
                try:
                    with open(f"/proc/{pid}/task/{thread}/comm", encoding="utf-8") as comm:
                        name = comm.read().strip().rstrip("0123456789").rstrip("-#") or "?"
                    by_name[name] = by_name.get(name, 0) + _cpu_seconds(f"/proc/{pid}/task/{thread}/stat")
                except FileNotFoundError:
                    continue  # the thread ended between the listing and the reading
        return by_name

    def memory_bytes(self, key):
        """`VmRSS` (now) or `VmHWM` (peak) of the process itself."""
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith(key + ":"):
                    return int(line.split()[1]) * 1024
        raise KeyError(key)


def _cpu_seconds(stat_path):
    with open(stat_path, encoding="utf-8") as stat:
        # The name in parentheses may hold blanks; utime and stime are the 14th and 15th field of the whole.
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def free_port():
    """A port on loopback that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def raise_file_limit():
    """As many open files as this user may have, for this process and all that it starts; says how many that is."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most


def end_on_signals():
    """Makes a polite kill unwind the `with` blocks, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
