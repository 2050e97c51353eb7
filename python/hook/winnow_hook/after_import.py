"""Changes a module right after it was imported by the script. Nothing is imported that the script does not."""

import sys


def watch(parts):
    """`parts`: by the name of a module the part of the hook and its function that is given the module."""
    for name in [name for name in parts if name in sys.modules]:
        _change(parts.pop(name), sys.modules[name])
    sys.meta_path.insert(0, _Finder(parts))


def _change(part, module):
    try:
        where, function = part
        tools = __import__(__package__ + "." + where, fromlist=[function])
        getattr(tools, function)(module)
    except Exception:
        pass


class _Finder:
    """Asks the others where a module is, and only notes when it has been carried out."""

    def __init__(self, parts):
        self._parts = parts

    def find_spec(self, name, path=None, target=None):
        if name not in self._parts:
            return None
        part = self._parts.pop(name, None)
        if part is None:
            return None
        for finder in list(sys.meta_path):
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = None if find is None else find(name, path, target)
            if spec is not None:
                _note_loading(spec.loader, part)
                return spec
        return None

    def invalidate_caches(self):
        pass


def _note_loading(loader, part):
    """The loader of one module stays what it is; only its own `exec_module` is another, once."""
    try:
        carry_out = loader.exec_module

        def exec_module(module):
            try:
                del loader.exec_module
            except Exception:
                pass
            carry_out(module)
            _change(part, module)

        if not isinstance(loader, type):
            loader.exec_module = exec_module
    except Exception:
        pass
