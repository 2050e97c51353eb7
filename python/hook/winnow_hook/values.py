"""Makes text of params: what a person would have typed, as far as there is such a thing."""

import sys

from . import report

MOST_PARAMS = 250
MOST_CHARACTERS = 6000
MOST_LINES = 20
_SECRETS = {"password", "passwd", "passphrase", "pwd", "secret", "secrets", "credential", "credentials", "apikey"}
_KEYS = {"api", "access", "private", "secret", "auth", "ssh", "encryption", "account", "license", "signing"}
_TOKENS = {"eos", "bos", "pad", "unk", "sep", "cls", "mask", "per", "special", "start", "end", "image", "decoder"}

_lines = 0


def tell(source, values):
    """Reports params by name, from the main thread of control of the main process only."""
    global _lines
    if not report.is_main() or _lines >= MOST_LINES:
        return
    texts = {}
    for name, value in values.items():
        if isinstance(name, str) and not name.startswith("_"):
            _flatten(name, value, texts, 0)
    if texts:
        _lines += 1
        report.line("params", source=source, values=texts)


def _flatten(name, value, into, depth):
    if len(into) >= MOST_PARAMS or is_secret(name):
        return
    parts = None if depth > 8 else _parts(value)
    if parts is not None:
        for key, each in parts.items():
            _flatten("%s.%s" % (name, key), each, into, depth + 1)
        return
    text = _text(value)
    if text is not None and len(text) <= MOST_CHARACTERS:
        into[name] = text


def _parts(value):
    """What a value consists of, by name, when it is one of many."""
    kind = type(value)
    if kind is dict:
        return value if all(type(key) is str for key in value) else None
    fields = getattr(kind, "__dataclass_fields__", None)
    if fields is not None:
        return {name: getattr(value, name, None) for name in fields}
    if kind.__name__ in ("Namespace", "SimpleNamespace"):
        return vars(value)
    return None


def _text(value):
    if value is None or isinstance(value, (str, int, float, complex)):
        text = str(value)
    elif isinstance(value, (list, tuple, set, frozenset)):
        if len(value) > 1000:
            return None
        text = str(value)
    elif callable(value) and hasattr(value, "__name__"):
        return value.__name__ if isinstance(value, type) else None
    elif hasattr(value, "__array__") or hasattr(value, "__dataframe__"):
        return None
    elif hasattr(value, "read") or hasattr(value, "write"):
        text = getattr(value, "name", None)
        return text if isinstance(text, str) else None
    else:
        text = str(value)
    if " at 0x" in text:
        return None
    return _without_password(text)


def _without_password(text):
    """user:password@host in an address."""
    at = text.find("@")
    begin = text.find("://")
    if begin < 0 or at < begin or ":" not in text[begin + 3 : at] or "/" in text[begin + 3 : at]:
        return text
    return text[: begin + 3] + text[begin + 3 : at].split(":")[0] + ":***" + text[at:]


def is_secret(name):
    """Whether a name looks like that of a password, a token or a key of an API; `max_tokens` does not."""
    last = name.rsplit(".", 1)[-1]
    words = []
    word = ""
    for before, letter in zip(" " + last, last):
        if not letter.isalnum() or (letter.isupper() and before.islower()):
            words.append(word.lower())
            word = ""
        if letter.isalnum():
            word += letter
    words = [each for each in words + [word.lower()] if each]
    if not words or _SECRETS.intersection(words):
        return bool(words)
    previous = words[-2] if len(words) > 1 else ""
    if words[-1] == "token":
        return previous not in _TOKENS
    return words[-1] in ("key", "keys") and previous in _KEYS


def root_of(depth):
    """The package of the code that called, so many frames up, and its file."""
    frame = sys._getframe(depth + 1)
    name = frame.f_globals.get("__name__") or ""
    return name.partition(".")[0], frame.f_code.co_filename
