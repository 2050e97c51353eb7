"""Starts the hook in this interpreter. Every part of it fails alone and in silence."""

import os
import sys


def start(file):
    """Notes what happens from now on, in `file`, which may not be writable."""
    if _is_tool():
        return
    from . import report

    report.begin(file)
    from . import data, ending
    from .after_import import watch

    ending.install()
    data.install()
    watch(
        {
            "argparse": ("params", "argparse"),
            "click.core": ("params", "click"),
            "typer.core": ("params", "typer"),
            "fire.core": ("params", "fire"),
            "absl.flags._flagvalues": ("params", "absl"),
            "hydra.core.utils": ("hydra", "hydra"),
            "random": ("seeds", "random"),
            "numpy.random": ("seeds", "numpy"),
            "torch.random": ("seeds", "torch"),
            "tensorflow.python.framework.random_seed": ("seeds", "tensorflow"),
            "pyarrow.parquet.core": ("native", "parquet"),
            "pyarrow.dataset": ("native", "arrow_dataset"),
            "pyarrow.feather": ("native", "feather"),
            "polars.io": ("native", "polars"),
            "h5py._hl.files": ("native", "h5py"),
        }
    )


_TOOLS = {"pip", "pip3", "uv", "conda", "mamba", "poetry", "pipx", "virtualenv", "ensurepip", "pip-compile"}


def _is_tool():
    """Whether a tool runs here, not a script: what it reads is nothing of a run."""
    given = getattr(sys, "orig_argv", None) or [""] + list(getattr(sys, "argv", []))
    if "-m" in given[1:-1]:
        name = given[given.index("-m", 1) + 1].split(".")[0]
        return name in _TOOLS or name == "venv"
    script = next((each for each in given[1:] if not each.startswith("-")), "")
    name = os.path.basename(script)
    return name in _TOOLS or name.startswith("winnow_notebook")  # Winnow's own, which runs a notebook.
