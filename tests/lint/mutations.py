"""Damaged manifests: what people and machines might write instead of a good one; a seed gives always the same."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

Json = Any
Path = tuple[str | int, ...]

TEXTS = (
    "", " ", "x", "main", "a b", "a.b", "a_b", "1a", "-a", "{{", "}}", "{{x", "{{=", "{{=1+1}}",
    "{{=workflow.name}}", "{{=inputs.parameters.x}}", "{{item}}", "{{item.a}}", "{{workflow.name}}",
    "{{workflow.parameters.x}}", "{{workflow.parameters}}", "{{workflow.failures}}", "{{workflow.status}}",
    "{{workflow.outputs.parameters.x}}", "{{workflow.labels.a}}", "{{inputs.parameters.x}}",
    "{{inputs.parameters}}", "{{inputs.artifacts.x}}", "{{inputs.artifacts.x.path}}", "{{outputs.parameters.x}}",
    "{{steps.a.outputs.result}}", "{{steps.a.status}}", "{{tasks.a.outputs.result}}", "{{tasks.a.status}}",
    "{{tasks.b.id}}", "{{pod.name}}", "{{retries}}", "{{lastRetry.exitCode}}", "{{steps.name}}", "{{node.name}}",
    "{{ workflow.name }}", "{{a.{{b}}}}", "{{workflow.{{inputs.parameters.x}}}}", "5", "5x", "-1", "0", "1.5",
    "true", "null", "~", "no", "\x1b[0m", "é", "a" * 64, "a" * 129, "/tmp/../x", "/tmp/a/../../b", "a && b",
    "a.Succeeded", "a.AnySucceeded", "a.Nothing", "!a", "@daily", "* * * * *", "0 0 31 2 *", "Always", "OnFailure",
    "get",
)  # fmt: skip
VALUES: tuple[Json, ...] = (None, True, False, 0, 1, -1, 1.5, [], {}, [[]], [{}], {"a": 1}, ["a"], [None], 10**20)
NAMES = (
    "name", "template", "templateRef", "inline", "arguments", "parameters", "artifacts", "value", "valueFrom",
    "default", "enum", "when", "withItems", "withParam", "withSequence", "depends", "dependencies", "hooks",
    "onExit", "exit", "expression", "steps", "dag", "tasks", "container", "script", "suspend", "http", "plugin",
    "data", "resource", "containerSet", "inputs", "outputs", "timeout", "retryStrategy", "metrics", "daemon",
    "sidecars", "initContainers", "volumeMounts", "globalName", "from", "fromExpression", "path", "optional",
    "archiveLocation", "parallelism", "activeDeadlineSeconds", "continueOn", "target", "entrypoint", "templates",
    "templateDefaults", "workflowTemplateRef", "podGC", "workflowMetadata", "labels", "Name", "naem",
)  # fmt: skip


def places(data: Json, path: Path = ()) -> Iterator[Path]:
    """Give the path of every value in some data, the data itself included."""
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from places(value, (*path, number))


def get(data: Json, path: Path) -> Json:
    """Give the value at a path."""
    for step in path:
        data = data[step]
    return data


def mutate(documents: list[Json], donors: list[Json], seed: int, most: int = 3) -> list[Json]:
    """Give a damaged copy: one to ``most`` changes, some with parts of other documents."""
    chance = random.Random(seed)
    documents = copy.deepcopy(documents)
    for _ in range(chance.randint(1, most)):
        document = chance.randrange(len(documents)) if documents else 0
        if documents and isinstance(documents[document], (dict, list)):
            change(documents, document, donors, chance)
    return documents


def change(documents: list[Json], number: int, donors: list[Json], chance: random.Random) -> None:
    """Change one place of one document, in place."""
    data = documents[number]
    known = [path for path in places(data) if path]
    if not known:
        return
    path = chance.choice(known)
    parent, key, value = get(data, path[:-1]), path[-1], get(data, path)
    match chance.randrange(11):
        case 0:
            del parent[key]
        case 1 | 2:
            parent[key] = chance.choice(TEXTS)
        case 3:
            parent[key] = copy.deepcopy(chance.choice(VALUES))
        case 4 if isinstance(parent, dict):
            parent[chance.choice(NAMES)] = parent.pop(key)
        case 5 if isinstance(parent, list):
            parent.insert(chance.randrange(len(parent) + 1), copy.deepcopy(value))
        case 6:
            same = [one for one in known if one[-1] == key and path[: len(one)] != one]
            if same:
                parent[key] = copy.deepcopy(get(data, chance.choice(same)))
        case 7:
            donor = chance.choice(donors)
            same = [one for one in places(donor) if one and one[-1] == key]
            if same:
                parent[key] = copy.deepcopy(get(donor, chance.choice(same)))
        case 8 if isinstance(value, str):
            text = chance.choice(TEXTS)
            at = chance.randrange(len(value) + 1)
            parent[key] = value[:at] + text + value[at:]
        case 9 if isinstance(value, dict):
            donor = chance.choice(donors)
            maps = [one for one in places(donor) if one and one[-1] == key and isinstance(get(donor, one), dict)]
            if maps:
                other = get(donor, chance.choice(maps))
                for name in chance.sample(sorted(other), min(len(other), 2)):
                    value[name] = copy.deepcopy(other[name])
        case _ if isinstance(value, dict):
            value[chance.choice(NAMES)] = copy.deepcopy(chance.choice((*TEXTS, *VALUES)))
