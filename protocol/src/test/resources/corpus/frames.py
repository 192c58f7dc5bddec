"""Writes the bytes of a .hex file anew from its comment lines: `# event NAME JSON` or `# exception NAME JSON`.

    python3 frames.py FILE.hex...

A frame is: total length, length of the headers, CRC-32 of these eight bytes, headers, payload, CRC-32 of everything before.
"""

import struct
import sys
import zlib


def header(name: str, value: str) -> bytes:
    return bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()


def frame(kind: str, name: str, payload: bytes) -> bytes:
    headers = (
        header(f":{kind}-type", name) + header(":content-type", "application/json") + header(":message-type", kind)
    )
    prelude = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + headers + payload
    return message + struct.pack(">I", zlib.crc32(message))


for path in sys.argv[1:]:
    lines = []
    for line in open(path, encoding="utf-8"):
        if line.startswith("#"):
            lines.append(line)
            digits = frame(*line[2:].rstrip("\n").split(" ", 2)[:2], line.rstrip("\n").split(" ", 3)[3].encode()).hex()
            lines += [digits[at : at + 120] + "\n" for at in range(0, len(digits), 120)]
    open(path, "w", encoding="utf-8").writelines(lines)
