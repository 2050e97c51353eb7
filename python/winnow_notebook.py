"""Runs a notebook as an experiment: `python winnow_notebook.py NOTEBOOK --copy FILE --events FILE [-p NAME VALUE]…`

The notebook itself is only read. A copy of it is executed cell by cell in a kernel of this very interpreter, in the
working directory of this process and with its environment. What the cells print goes to standard output as they
print it, and the copy is written anew after each cell, so that it is there however the run ends.

Parameters are papermill's: `-p NAME VALUE` (a number, a truth value or None where it looks like one), `-r NAME VALUE`
(text as it is) and `-y TEXT` (several at once as JSON or YAML). They are put into a cell behind the one that is tagged
"parameters".

Exit code: 0, 1 when a cell failed or the kernel died, 2 when it cannot be run like this, 128 + n when signal n ended it.
"""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
import time

import winnow_notebook_params as notebook_params

REQUIRED = "nbclient, nbformat and ipykernel"


def main(argv):
    try:
        options = read_arguments(argv)
        notebook = read_notebook(options["notebook"])
        values = notebook_params.apply(notebook, options["params"], say)
    except notebook_params.Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 2
    events = Events(options["events"])
    events.add(kind="params", params=values)
    copy = Copy(notebook, options["copy"])
    copy.save()
    return asyncio.run(execute(notebook, copy, events))


def read_arguments(argv):
    words = list(argv)
    found = {"notebook": None, "copy": None, "events": None, "params": []}
    counts = {"--copy": 1, "--events": 1, "-p": 2, "-r": 2, "-y": 1}
    long = {"--parameters": "-p", "--parameters_raw": "-r", "--parameters_yaml": "-y"}
    while words:
        word = words.pop(0)
        option = long.get(word, word)
        if option not in counts:
            if word.startswith("-") or found["notebook"] is not None:
                raise notebook_params.Refusal(
                    f"A notebook takes its parameters as -p NAME VALUE, and {word!r} is none of that."
                )
            found["notebook"] = word
            continue
        values, words = words[: counts[option]], words[counts[option] :]
        if len(values) < counts[option]:
            raise notebook_params.Refusal(f"{word} needs {'a name and a value' if counts[option] == 2 else 'a value'}.")
        if option in ("--copy", "--events"):
            found[option[2:]] = values[0]
        else:
            found["params"].append((option, *values))
    if found["notebook"] is None or found["copy"] is None:
        raise notebook_params.Refusal("Name the notebook and, with --copy, where its executed copy goes.")
    return found


def read_notebook(file):
    try:
        import ipykernel  # noqa: F401
        import nbclient  # noqa: F401
        import nbformat
    except ImportError as error:
        missing = error.name or "nbclient"
        raise notebook_params.Refusal(
            f"{sys.executable} has no {missing}, and running a notebook needs {REQUIRED}. "
            f"Install them with: {sys.executable} -m pip install nbclient nbformat ipykernel"
        ) from error
    try:
        notebook = nbformat.read(file, as_version=4)
    except Exception as error:
        raise notebook_params.Refusal(f"{file} cannot be read as a notebook: {error}") from error
    language = notebook.metadata.get("kernelspec", {}).get("language") or notebook.metadata.get(
        "language_info", {}
    ).get("name", "python")
    if language.lower() != "python":
        raise notebook_params.Refusal(f"{file} is a notebook in {language}. Only notebooks in Python can be run here.")
    return notebook


async def execute(notebook, copy, events):
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    numbers = numbers_of(notebook)
    kernels = tempfile.mkdtemp(prefix="winnow-kernel-")
    try:
        client = new_client(notebook, kernels)
        stop = Stop()
        index = None
        try:
            async with client.async_setup_kernel(cwd=os.getcwd()):
                stop.listen(client)  # In place of nbclient's own, which ends the kernel before a cell can save.
                for index, cell in enumerate(notebook.cells):
                    if index not in numbers:
                        continue
                    if stop.signal is not None:
                        break
                    where = {"number": numbers[index], "count": len(numbers)}
                    say(f"Cell {where['number']} of {where['count']}")
                    events.add(kind="cell", state="started", title=title_of(cell), **where)
                    try:
                        await client.async_execute_cell(cell, index)
                        events.add(kind="cell", state="done", **where)
                    except (CellExecutionError, DeadKernelError) as error:
                        if stop.signal is not None:
                            break
                        why = failure_of(error)
                        events.add(kind="cell", state="failed", error=why, **where)
                        client.end_line()
                        print(f"Cell {where['number']} of {where['count']} failed: {why}", file=sys.stderr, flush=True)
                        return 1
                    finally:
                        client.end_line()
                        client.set_widgets_metadata()
                        copy.save()
        except RuntimeError as error:
            if index is not None or stop.signal is not None:
                raise
            print(f"The kernel did not start: {error}", file=sys.stderr)
            return 1
        return 0 if stop.signal is None else 128 + stop.signal
    finally:
        shutil.rmtree(kernels, ignore_errors=True)


def new_client(notebook, kernels):
    """A client whose kernel is this interpreter, whatever kernel the notebook names, and that prints as it goes."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    class PrintingClient(NotebookClient):
        at_line_start = True

        def process_message(self, msg, cell, cell_index):
            self.show(msg["msg_type"], msg["content"])
            return super().process_message(msg, cell, cell_index)

        def show(self, kind, content):
            if kind == "stream":
                out = sys.stderr if content["name"] == "stderr" else sys.stdout
                self.write(out, content["text"])
            elif kind in ("execute_result", "display_data"):
                text = content["data"].get("text/plain")
                if text is not None:
                    self.end_line()
                    self.write(sys.stdout, f"{text}\n")
            elif kind == "error":
                self.end_line()
                self.write(sys.stderr, "\n".join(content["traceback"]) + "\n")

        def write(self, out, text):
            if text:
                out.write(text)
                out.flush()
                self.at_line_start = text.endswith("\n")

        def end_line(self):
            if not self.at_line_start:
                self.write(sys.stdout, "\n")

    folder = os.path.join(kernels, "winnow")
    os.mkdir(folder)
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Winnow",
        "language": "python",
        "env": hook_variables(),
    }
    with open(os.path.join(folder, "kernel.json"), "w", encoding="utf-8") as file:
        json.dump(spec, file)
    specs = KernelSpecManager()
    specs.kernel_dirs = [kernels, *specs.kernel_dirs]
    manager = AsyncKernelManager(kernel_name="winnow", kernel_spec_manager=specs)
    sockets = os.path.join(kernels, "kernel")
    if len(sockets) < 90:  # Sockets in a private folder, not ports of the machine; their paths are short by nature.
        manager.transport, manager.ip = "ipc", sockets
    # A client that is given a manager leaves its kernel to the caller; this one is to end it.
    client = PrintingClient(notebook, km=manager, kernel_name="winnow", timeout=None)
    client.owns_km = True
    return client


def hook_variables():
    """The hook leaves the programs that a script starts alone; here the kernel is what runs the person's code."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hook")
    if not os.environ.get("WINNOW_HOOK_FILE") or not os.path.isdir(folder):
        return {}
    paths = [folder, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths)}


class Stop:
    """A wish to end: the first signal interrupts the cell, so that it can save; the next one ends the kernel."""

    def __init__(self):
        self.signal = None

    def listen(self, client):
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.wish, number, client)

    def wish(self, number, client):
        first = self.signal is None
        self.signal = int(number)
        if client.km is None:
            return
        end = client.km.interrupt_kernel() if first else client.km.shutdown_kernel(now=True)
        if asyncio.iscoroutine(end) or asyncio.isfuture(end):
            self.ending = asyncio.ensure_future(end)


class Copy:
    """The executed notebook, always whole: written beside its place and moved there."""

    def __init__(self, notebook, file):
        self.notebook = notebook
        self.file = os.path.abspath(file)

    def save(self):
        import nbformat

        try:
            os.makedirs(os.path.dirname(self.file), exist_ok=True)
            temporary = f"{self.file}.{os.getpid()}.tmp"
            with open(temporary, "w", encoding="utf-8") as file:
                nbformat.write(self.notebook, file)
            os.replace(temporary, self.file)
        except OSError as error:  # A full disk costs the copy, not the run.
            print(f"The executed notebook could not be written: {error}", file=sys.stderr)


class Events:
    """Lines of JSON at the end of the run's events: one write each, so that no line of others is cut in two."""

    def __init__(self, file):
        self.file = file

    def add(self, **event):
        if self.file is None:
            return
        line = json.dumps({"at": int(time.time() * 1000), **event}) + "\n"
        try:
            handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(handle, line.encode("utf-8"))
            finally:
                os.close(handle)
        except OSError:
            pass  # Only how far it is stays unknown.


def numbers_of(notebook):
    """The cells that are executed, by their place in the notebook, counted from 1."""
    executed = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]
    return {index: number for number, index in enumerate(executed, 1)}


def title_of(cell):
    return cell.source.strip().splitlines()[0][:80]


def failure_of(error):
    name, value = getattr(error, "ename", None), getattr(error, "evalue", None)
    if name is None:
        return "The kernel died. It may have run out of memory."
    first = (value or "").strip().splitlines()
    return f"{name}: {first[0][:300]}" if first else name


def say(line):
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
