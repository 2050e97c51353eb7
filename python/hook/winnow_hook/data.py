"""Notes which data files the script opens for reading: each once, at its opening, and nothing per read."""

import os
import sys

from . import report
from .wrap import is_own

MOST_FILES = 200
MOST_WRITTEN = 2000
MOST_IN_A_FOLDER = 10000
_READ_ONLY = getattr(os, "O_ACCMODE", 3)

# Data wherever it lies.
DATA = {
    ".csv", ".tsv", ".parquet", ".pq", ".npy", ".npz", ".jsonl", ".ndjson", ".feather", ".arrow", ".h5", ".hdf5",
    ".hdf", ".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt", ".safetensors", ".tfrecord", ".tfrecords", ".mat",
    ".arff", ".libsvm", ".svm", ".xls", ".xlsx", ".sqlite", ".db", ".zarr", ".nc", ".avro", ".orc", ".gz", ".zip",
}  # fmt: skip
# Many small ones: told by their folder.
COUNTED = {
    ".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".dcm", ".nii", ".wav",
    ".flac", ".mp3", ".ogg",
}  # fmt: skip
# Code, configuration, secrets and traces: nothing that a model learns from.
NEVER = {
    ".py", ".pyc", ".pyi", ".pyx", ".pth~", ".so", ".dylib", ".dll", ".pyd", ".yaml", ".yml", ".toml", ".ini", ".cfg",
    ".conf", ".env", ".lock", ".log", ".md", ".rst", ".pem", ".key", ".crt", ".egg-link", ".sh", ".ipynb", "",
}  # fmt: skip

_folder = ""  # Where the run stands.
_seen = set()
_written = set()
_counted = {}
_elsewhere = ()
_own = ""


def install():
    global _folder, _elsewhere, _own
    _folder = os.path.join(os.getcwd(), "")
    _own = report._file
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    _elsewhere = tuple(
        [os.path.join(prefix, part, "") for prefix in prefixes for part in ("lib", "lib64", "share", "include", "bin")]
        + ["/proc/", "/sys/", "/dev/", "/etc/", "/usr/lib/", "/usr/share/"]
        + [os.path.join(os.path.dirname(_own), "")]
    )
    sys.addaudithook(_on_event)


def _on_event(event, args):
    if event != "open":
        return
    try:
        path, mode, flags = args
        if type(path) is bytes:
            path = os.fsdecode(path)
        elif type(path) is not str:
            return
        dot = path.rfind(".")
        extension = path[dot:].lower() if dot > path.rfind("/") else ""
        if extension in NEVER or path in _seen or path == _own:
            return
        if type(mode) is str:
            reads = mode[:1] == "r" and "+" not in mode
        else:
            reads = (flags & _READ_ONLY) == os.O_RDONLY
        note(path, extension, reads)
    except Exception:
        pass


def read(path):
    """A path that a library opens beneath Python's own open(), or a folder that it reads as a whole."""
    path = os.fspath(path)
    if isinstance(path, bytes):
        path = os.fsdecode(path)
    if "://" in path:
        return
    if os.path.isdir(path):
        path = os.path.abspath(path)
        if path not in _seen and len(_seen) < MOST_FILES:
            _seen.add(path)
            report.line("folder", path=path, fileCount=None)
        return
    if path not in _seen:
        note(path, os.path.splitext(path)[1].lower(), True)


def note(path, extension, reads):
    full = os.path.abspath(path)
    if not reads:
        if len(_written) < MOST_WRITTEN:
            _written.add(full)
        return
    if extension in COUNTED:
        _count(full)
        return
    if full in _written or len(_seen) >= MOST_FILES:
        return
    if extension not in DATA and not full.startswith(_folder):
        return
    _seen.add(path)  # Whatever is decided now holds for the next time.
    if full != path:
        if full in _seen:
            return
        _seen.add(full)
    if _is_elsewhere(full):
        return
    try:
        found = os.stat(full)
    except OSError:
        _seen.discard(path)  # It may be there later.
        _seen.discard(full)
        return
    # What was made since the start is a result of the run, whoever wrote it.
    if found.st_mtime > report.started or (found.st_mode & 0o170000) != 0o100000:
        return
    report.line("file", path=full, sizeBytes=found.st_size, modifiedAt=int(found.st_mtime * 1000))


def _is_elsewhere(full):
    if full.startswith(_elsewhere) or "/." in full or not is_own(full):
        return not full.startswith(_folder) or "/." in full[len(_folder) - 1 :] or not is_own(full)
    return False


def _count(full):
    """How many different images of a folder were read: said at 1, 10, 100 and so on, and at the end."""
    folder, name = os.path.split(full)
    known = _counted.get(folder)
    if known is None:
        if len(_counted) >= MOST_FILES or full in _written or _is_elsewhere(full):
            return
        known = _counted[folder] = [set(), 0]
    names = known[0]
    if len(names) >= MOST_IN_A_FOLDER or name in names:
        return
    names.add(name)
    if len(names) in (1, 10, 100, 1000, 10000):
        _tell(folder, known)


def _tell(folder, known):
    known[1] = len(known[0])
    report.line("folder", path=folder, fileCount=known[1])


def flush():
    for folder, known in list(_counted.items()):
        if len(known[0]) != known[1]:
            _tell(folder, known)
