"""Adds lines to the hook's file: one JSON object and one write a line, and no handle that stays open."""

import os
import time

try:
    from _json import encode_basestring_ascii as quote
except ImportError:  # Another Python than CPython.

    def quote(text):
        from json import dumps

        return dumps(text)


_file = ""
_cut = False
main = 0  # The process that the hook started in. Forked children have another id.
started = 0.0


def begin(file):
    global _file, main, started
    import sys

    _file = os.path.abspath(file)
    main = os.getpid()
    started = time.time()
    line("start", python=".".join(map(str, sys.version_info[:3])))


def is_main():
    return os.getpid() == main


def line(kind, **fields):
    """Never raises: a full disk, a folder that is gone or not writable cost the line."""
    global _cut
    try:
        parts = ['"kind":%s,"at":%d,"pid":%d' % (quote(kind), time.time() * 1000, os.getpid())]
        for name, value in fields.items():
            parts.append(quote(name) + ":" + _json(value))
        content = ("\n{" if _cut else "{") + ",".join(parts) + "}\n"
        data = content.encode("ascii")
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
        handle = os.open(_file, flags, 0o644)
        try:
            _cut = os.write(handle, data) != len(data)
        finally:
            os.close(handle)
    except Exception:
        pass


def _json(value):
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "{" + ",".join(quote(key) + ":" + _json(each) for key, each in value.items()) + "}"
    return quote(value) if isinstance(value, str) else "%d" % value
