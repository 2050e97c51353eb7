"""The params that a script's command line really gave, defaults included."""

import sys

from . import values
from .wrap import is_own, like

# Their own flags are none of the script's.
_OTHERS = {"hydra", "absl", "IPython", "ipykernel", "traitlets", "debugpy", "pydevd", "multiprocessing", "runpy"}


def argparse(module):
    original = module.ArgumentParser.parse_known_args
    depth = [0]

    def parse_known_args(self, *given, **keywords):
        depth[0] += 1
        try:
            parsed = original(self, *given, **keywords)
        finally:
            depth[0] -= 1
        if depth[0] == 0:  # The outermost call: a subcommand's parser is called within.
            try:
                args = given[0] if given else keywords.get("args")
                if _is_scripts(module, args):
                    found = vars(parsed[0])
                    if type(self).__module__.partition(".")[0] == "simple_parsing":
                        found = _as_typed(found)
                    values.tell("argparse", found)
            except Exception:
                pass
        return parsed

    module.ArgumentParser.parse_known_args = like(parse_known_args, original)


def _as_typed(found):
    """simple_parsing puts `--lr` of a dataclass under `config.lr`: the flag's own name, where it is the only one."""
    last = [name.rpartition(".")[2] for name in found]
    return {
        short if last.count(short) == 1 else name: value
        for (name, value), short in zip(found.items(), last)
    }


def _is_scripts(module, args):
    frame = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__") == module.__name__:
        frame = frame.f_back
    if frame is None:
        return False
    if (frame.f_globals.get("__name__") or "").partition(".")[0] in _OTHERS:
        return False
    return args is None or list(args) == sys.argv[1:] or is_own(frame.f_code.co_filename)


def click(module):
    _watch_commands(module.Command)


def typer(module):
    """Newer versions bring a click of their own."""
    for command in (getattr(module, "TyperCommand", None), getattr(module, "TyperGroup", None)):
        for parent in getattr(command, "__mro__", ()):
            if parent.__name__ == "Command" and not parent.__module__.startswith("click."):
                if not hasattr(parent.invoke, "__wrapped__"):
                    _watch_commands(parent)


def _watch_commands(which):
    original = which.invoke

    def invoke(self, ctx, *more, **keywords):
        try:
            if getattr(self, "callback", None) is not None:
                values.tell("click", ctx.params)
        except Exception:
            pass
        return original(self, ctx, *more, **keywords)

    which.invoke = like(invoke, original)


def fire(module):
    make = module._MakeParseFn

    def _MakeParseFn(fn, metadata):
        parse = make(fn, metadata)

        def _ParseFn(args):
            parsed = parse(args)
            try:
                _tell_call(fn, *parsed[0])
            except Exception:
                pass
            return parsed

        return _ParseFn

    module._MakeParseFn = like(_MakeParseFn, make)


def _tell_call(fn, positional, named):
    from inspect import signature  # Fire has imported it.

    bound = signature(fn).bind(*positional, **named)
    bound.apply_defaults()
    values.tell("fire", dict(bound.arguments))


def absl(module):
    original = module.FlagValues.__call__

    def __call__(self, *given, **keywords):
        rest = original(self, *given, **keywords)
        try:
            _tell_flags(self)
        except Exception:
            pass
        return rest

    module.FlagValues.__call__ = like(__call__, original)


def _tell_flags(flags):
    found = {}
    for name, members in flags.flags_by_module_dict().items():
        file = getattr(sys.modules.get(name), "__file__", None)
        if name.partition(".")[0] == "absl" or (file is not None and not is_own(file)):
            continue
        for flag in members:
            found[flag.name] = flag.value
    values.tell("absl", found)
