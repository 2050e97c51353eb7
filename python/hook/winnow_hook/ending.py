"""Tells how the process ends, as the last thing that it says."""

import atexit
import os
import sys

from . import data, report
from .wrap import like

_main_thread = 0
_asked = None  # The exit code that somebody asked for, by sys.exit or exit().


def install():
    global _main_thread
    from _thread import get_ident

    _main_thread = get_ident()
    # Registered first, so that it is called last.
    atexit.register(_at_exit)
    leave, leave_now = sys.exit, os._exit

    def exit(*status):
        _ask(get_ident, *status)
        return leave(*status)

    def _exit(*args, **keywords):
        try:
            status = args[0] if args else keywords.get("status")
            _say(status if isinstance(status, int) else None)
        except Exception:
            pass
        return leave_now(*args, **keywords)

    sys.exit = like(exit, leave)
    os._exit = like(_exit, leave_now)
    try:
        from _sitebuiltins import Quitter

        quit = Quitter.__call__

        def __call__(self, code=None):
            _ask(get_ident, code)
            return quit(self, code)

        Quitter.__call__ = like(__call__, quit)
    except Exception:
        pass


def _ask(get_ident, status=None, *_):
    """A thread that leaves ends itself only."""
    global _asked
    if get_ident() != _main_thread:
        return
    _asked = 0 if status is None else status & 0xFF if isinstance(status, int) else 1


def _at_exit():
    try:
        _say(_code())
    except Exception:
        pass


def _code():
    """The exit code as far as it is sure.

    Python takes `__file__` from the main module when the script's code was carried out to its end, or to an
    exception that it has printed; it is still there when SystemExit ends the interpreter.
    """
    failed = getattr(sys, "last_type", None)
    if failed is not None:
        return None if issubclass(failed, (KeyboardInterrupt, SystemExit)) else 1
    main = sys.modules.get("__main__")
    if main is None or getattr(main, "__spec__", None) is not None:
        return None  # `python -m`: the trace of the end is not there to see.
    if "__file__" not in vars(main):
        return 0
    return _asked


def _say(code):
    data.flush()
    if report.is_main():
        report.line("end", exitCode=code)
