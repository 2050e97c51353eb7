"""Parameters of a notebook by papermill's convention: the cell tagged "parameters" has their defaults as assignments,
and other values come in a cell of their own behind it, tagged "injected-parameters".
"""

import ast
import json

TAG = "parameters"
INJECTED = "injected-parameters"


class Refusal(Exception):
    """Why the notebook is not run, as a sentence for a person."""


def apply(notebook, given, note):
    """Puts the given values into the notebook.

    given: ("-p" | "-r", name, value) or ("-y", text) in the order in which they were typed; the last one wins.
    note: is told a sentence when something is odd.
    Returns all parameters with the values that the notebook will have, as text.
    """
    index = next((i for i, cell in enumerate(notebook.cells) if TAG in tags_of(cell)), None)
    defaults = {} if index is None else defaults_of(notebook.cells[index].source)
    values = {}
    for option, *words in given:
        values.update(values_of(option, words, defaults))
    for name in values:
        if not name.isidentifier():
            raise Refusal(f"{name!r} cannot be a parameter of a notebook: it is no name in Python.")
    unknown = [name for name in values if name not in defaults]
    if unknown:
        where = "The notebook has no cell tagged \"parameters\"" if index is None else "Its parameters cell does not name them"
        note(f"Parameters that the notebook may not read: {', '.join(unknown)}. {where}.")
    inject(notebook, index, values)
    return {name: text_of(value) for name, value in {**defaults, **values}.items()}


def defaults_of(source):
    """The literals that a parameters cell assigns to names, the last of each."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return {}  # A line of IPython's own. The cell runs all the same; its defaults are not known.
    found = {}
    for statement in statements:
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            target = statement.target
        else:
            continue
        if isinstance(target, ast.Name):
            try:
                found[target.id] = ast.literal_eval(statement.value)
            except (ValueError, TypeError):
                found.pop(target.id, None)
    return found


def values_of(option, words, defaults):
    if option == "-y":
        return several(words[0])
    name, text = words
    return {name: text if option == "-r" else typed(text, defaults.get(name))}


def typed(text, default):
    """As papermill reads it; a text stays a text where the default is one, and a list is read where it is a list."""
    if isinstance(default, str):
        return text
    if text == "None":
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            number = kind(text)
            return float(number) if type(default) is float else number
        except ValueError:
            continue
    if isinstance(default, (list, tuple, dict, set)):
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError):
            pass
    return text


def several(text):
    try:
        values = json.loads(text)
    except ValueError:
        try:
            import yaml
        except ImportError as error:
            raise Refusal("-y needs JSON here: this Python has no PyYAML.") from error
        try:
            values = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise Refusal(f"The text after -y is neither JSON nor YAML: {error}") from error
    if not isinstance(values, dict):
        raise Refusal("-y needs names with their values.")
    return {str(name): value for name, value in values.items()}


def inject(notebook, index, values):
    from nbformat.v4 import new_code_cell

    notebook.cells = [cell for cell in notebook.cells if INJECTED not in tags_of(cell)] if values else notebook.cells
    if not values:
        return
    lines = ["# Parameters", *(f"{name} = {literal(value)}" for name, value in values.items())]
    cell = new_code_cell("\n".join(lines), metadata={"tags": [INJECTED]})
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        cell.pop("id", None)  # Cells of an older format have none.
    behind = next((i for i, each in enumerate(notebook.cells) if TAG in tags_of(each)), -1)
    notebook.cells.insert(behind + 1, cell)


def literal(value):
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return f"float({str(value)!r})"
    return repr(value)


def text_of(value):
    return value if isinstance(value, str) else repr(value)


def tags_of(cell):
    return cell.metadata.get("tags", [])
