"""Notes the seeds that are set. After a few calls the module has its own function back."""

from . import report
from .wrap import is_own, like

MOST_CALLS = 3


def random(module):
    _watch(module, "seed", "random")


def numpy(module):
    _watch(module, "seed", "numpy")
    _watch(module, "default_rng", "numpy.default_rng", own=True)


def torch(module):
    _watch(module, "manual_seed", "torch")


def tensorflow(module):
    _watch(module, "set_seed", "tensorflow")


def _watch(module, name, of, own=False):
    """`own`: only calls from the person's code count, for libraries draw their own numbers so."""
    original = getattr(module, name)
    calls = [0]

    def seeded(*args, **keywords):
        try:
            if calls[0] < MOST_CALLS:
                _note(args, keywords, of, own, calls)
            elif getattr(module, name) is seeded:
                setattr(module, name, original)
        except Exception:
            pass
        return original(*args, **keywords)

    setattr(module, name, like(seeded, original))


def _note(args, keywords, of, own, calls):
    import sys

    if not report.is_main() or (own and not is_own(sys._getframe(2).f_code.co_filename)):
        return
    seed = args[0] if args else next(iter(keywords.values()), None)
    kind = type(seed).__module__
    if seed is None or not (isinstance(seed, (int, float, str, bytes)) or kind == "numpy"):
        return
    calls[0] += 1
    text = str(seed)
    if len(text) <= 200:
        report.line("seed", of=of, value=text)
