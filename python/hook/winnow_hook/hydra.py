"""The config that Hydra composed for the script's function."""

import sys

from . import values
from .wrap import like


def hydra(module):
    original = module.run_job

    def run_job(*given, **keywords):
        try:
            config = keywords.get("config", given[1] if len(given) > 1 else None)
            _tell(config)
        except Exception:
            pass
        return original(*given, **keywords)

    module.run_job = like(run_job, original)


def _tell(config):
    tools = sys.modules["omegaconf"].OmegaConf
    # In a sweep of one process each job has other values: none of them is the run's.
    if not tools.is_missing(config.hydra.job, "num"):
        return
    plain = tools.to_container(config, resolve=False, throw_on_missing=False)
    plain.pop("hydra", None)
    values.tell("hydra", _resolved(plain, config, tools, ""))


def _resolved(node, config, tools, at):
    """References to other keys are followed. `${name:…}` calls code of the person's, which is not called twice."""
    if isinstance(node, dict):
        return {
            str(key): _resolved(each, config, tools, "%s.%s" % (at, key) if at else str(key))
            for key, each in node.items()
        }
    if isinstance(node, str) and "${" in node and not _calls(node):
        value = tools.select(config, at)
        return tools.to_container(value) if tools.is_config(value) else value
    return node


def _calls(text):
    return any(":" in part.split("}")[0] for part in text.split("${")[1:])
