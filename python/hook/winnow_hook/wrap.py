"""Puts a function in the place of another so that nobody who looks sees a difference."""


def like(wrapper, original):
    """The wrapper, with the name, the words and the signature of the original."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        try:
            setattr(wrapper, name, getattr(original, name))
        except Exception:
            pass
    wrapper.__wrapped__ = original
    return wrapper


def is_own(file):
    """Whether a file of code is the person's: not of the standard library, not an installed package."""
    import sys

    for part in ("site-packages", "dist-packages", "<frozen"):
        if part in file:
            return False
    return not file.startswith(sys.modules["os"].__file__.rpartition("os.py")[0])
