"""Winnow's hook: notes what a script uses, so that nobody has to write it down.

Python imports a module of this name when it starts. Winnow puts this folder first in PYTHONPATH for the scripts
that it runs; nothing is installed. WINNOW_HOOK=0 switches it off. It leaves PYTHONPATH and sys.path as they were
without it, and then runs the sitecustomize that Python would have found instead.
"""


def _start():
    import os
    import sys

    folder = os.path.dirname(os.path.abspath(__file__))
    try:
        sys.path[:] = [entry for entry in sys.path if entry != folder]
        entries = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        if folder in entries:
            rest = [entry for entry in entries if entry != folder]
            if rest:
                os.environ["PYTHONPATH"] = os.pathsep.join(rest)
            else:
                del os.environ["PYTHONPATH"]
    except Exception:
        pass
    file = os.environ.get("WINNOW_HOOK_FILE")
    if not file or os.environ.get("WINNOW_HOOK") == "0" or sys.version_info < (3, 8):
        return
    try:
        sys.path.insert(0, folder)
        try:
            import winnow_hook
        finally:
            sys.path.remove(folder)
        winnow_hook.start(file)
    except Exception:
        pass  # A run without what the hook would have seen is better than none.


def _hold():
    """Waits for the runner's word, where it started this interpreter while the code was still being kept.

    One byte on the file descriptor that WINNOW_HOLD_FD names lets the script begin. Its end without one means that
    the script must not run, or that nobody is there any more to say it: then this process goes.
    """
    import os

    hold = os.environ.pop("WINNOW_HOLD_FD", None)
    if hold is None:
        return
    try:
        byte = os.read(int(hold), 1)
        os.close(int(hold))
    except (OSError, ValueError):
        return  # Somebody closed it on the way here: there is nothing to wait for.
    if not byte:
        os.kill(os.getpid(), 9)  # The script did not end: it never began, and nothing may say otherwise.


def _chain():
    """Runs the sitecustomize that comes next; what it raises is Python's to tell, as ever."""
    import sys

    # What importlib consists of and what is there already: importlib.util costs older Pythons milliseconds.
    from _frozen_importlib import module_from_spec
    from _frozen_importlib_external import PathFinder

    spec = PathFinder.find_spec(__name__)
    if spec is None or spec.loader is None or spec.origin == __file__:
        return
    module = module_from_spec(spec)
    sys.modules[__name__] = module
    spec.loader.exec_module(module)


_start()
_hold()
_chain()
