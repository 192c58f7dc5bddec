"""What the measurements share: processes, machine, load. Python's standard library and Linux' /proc only."""
