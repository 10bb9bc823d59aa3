"""The one catalogue of every ``{{variable}}``: name, kind, type, template kinds, phases, since when, one sentence.

What the linter accepts in a field, what the simulator binds, the typed references of the front-end and the page on
variables all derive from this table, so that none of them knows a variable that another does not. Which variables exist
at one place of one manifest is the business of :mod:`argosy.scope`.

Source: Argo v4.1 ``util/variables/keys`` and ``workflow/controller`` (``setGlobalParameters``, ``buildLocalScope``,
``buildRetryStrategyLocalScope``, ``executeTmplLifeCycleHook``); ``docs/variables.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Literal

from msgspec import Struct

from argosy.versions import ArgoVersion

ValueType = Literal["string", "number", "json", "time", "artifact", "map"]
"""What the text of the value is: a ``number`` or a ``json`` document is still text where a tag inserts it."""


class Kind(StrEnum):
    """Which family a variable belongs to."""

    GLOBAL = "global"
    """Of the workflow, the same everywhere."""
    RUNTIME = "runtime"
    """Of the workflow, changing while it runs."""
    INPUT = "input"
    OUTPUT = "output"
    NODE = "node"
    """Of another step or task of the same template."""
    ITEM = "item"
    RETRY = "retry"
    CONTEXT = "context"
    """The names of the pod and node that a template runs as."""
    METRIC = "metric"
    CRON = "cron"


class Phase(StrEnum):
    """When a field is resolved. A field can be in several: a container of a retried template in an exit handler."""

    SPEC = "spec"
    """Fields of the workflow outside templates: volumes, arguments, metadata."""
    BODY = "body"
    """A template's own fields, as it starts."""
    CALL = "call"
    """Fields of a step or task: arguments, ``when``, ``withParam``."""
    LOOP = "loop"
    """Fields of a step or task with ``withItems``, ``withParam`` or ``withSequence``."""
    OUTPUTS = "outputs"
    """Outputs of a steps or DAG template, as it ends."""
    RETRY = "retry"
    """Fields of a template with a ``retryStrategy``, and the strategy's expression."""
    HOOK = "hook"
    """A hook of a step or task that is not ``exit``."""
    EXIT_HOOK = "exit hook"
    """The ``exit`` hook of a step or task."""
    WORKFLOW_HOOK = "workflow hook"
    """A hook of the workflow that is not ``exit``."""
    EXIT_HANDLER = "exit handler"
    """What the workflow's ``onExit`` or ``hooks.exit`` names, and all that it reaches."""
    METRICS = "metrics"
    """``metrics.prometheus`` of a template, as its node ends."""
    CRON = "cron"
    """``when`` and ``stopStrategy.expression`` of a CronWorkflow."""


TemplateKind = Literal[
    "container", "containerSet", "script", "resource", "data", "http", "plugin", "suspend", "steps", "dag"
]
TEMPLATE_KINDS: tuple[TemplateKind, ...] = (
    "container", "containerSet", "steps", "dag", "script", "resource", "data", "suspend", "http", "plugin",
)  # fmt: skip
"""The keys that make a template one of its kinds, in the order in which Argo looks for them (``Template.GetType``)."""
POD_KINDS: frozenset[TemplateKind] = frozenset({"container", "containerSet", "script", "resource", "data"})
"""Kinds that run a pod of their own (``Template.IsPodType``)."""
LEAF_KINDS: frozenset[TemplateKind] = POD_KINDS | {"http", "plugin"}
"""Kinds that run something (``Template.IsLeaf``): a suspend template is no leaf to Argo."""
ALL_KINDS: frozenset[TemplateKind] = frozenset(TEMPLATE_KINDS)


class Variable(Struct, frozen=True):
    """One entry of the catalogue."""

    pattern: str
    """The name, with ``<placeholders>`` for what varies: ``steps.<name>.outputs.parameters.<parameter>``."""
    kind: Kind
    type: ValueType
    phases: frozenset[Phase]
    """Where it has a value when the workflow runs."""
    sentence: str
    templates: frozenset[TemplateKind] = ALL_KINDS
    """The kinds of templates in which it exists; for the CALL, HOOK and OUTPUTS phases the kind that contains them."""
    since: ArgoVersion = ArgoVersion.V3_6

    @property
    def parts(self) -> tuple[str, ...]:
        """The pattern, split at its dots."""
        return tuple(self.pattern.split("."))

    def name(self, *values: str) -> str:
        """Give the name with its placeholders filled in, in order.

        >>> find("steps.a.status").name("b")
        'steps.b.status'
        """
        left = iter(values)
        return ".".join(next(left) if part.startswith("<") else part for part in self.parts)

    def match(self, name: str) -> Mapping[str, str] | None:
        """Give what the placeholders stand for in a name, or None if it is another variable's.

        The last placeholder takes the rest, dots included: labels and map keys may have them.
        """
        parts, names = self.parts, name.split(".")
        if len(names) < len(parts) or (len(names) > len(parts) and not parts[-1].startswith("<")):
            return None
        names = [*names[: len(parts) - 1], ".".join(names[len(parts) - 1 :])]
        bound: dict[str, str] = {}
        for part, text in zip(parts, names, strict=True):
            if part.startswith("<") and text:
                bound[part[1:-1]] = text
            elif part != text:
                return None
        return bound


_RUNNING = frozenset(
    {
        Phase.BODY, Phase.CALL, Phase.LOOP, Phase.OUTPUTS, Phase.RETRY, Phase.HOOK, Phase.EXIT_HOOK,
        Phase.WORKFLOW_HOOK, Phase.EXIT_HANDLER, Phase.METRICS,
    }
)  # fmt: skip
_EVERYWHERE = _RUNNING | {Phase.SPEC}
_INSIDE = frozenset({Phase.BODY, Phase.CALL, Phase.LOOP, Phase.OUTPUTS, Phase.RETRY, Phase.METRICS})
_SIBLINGS = frozenset({Phase.CALL, Phase.LOOP, Phase.OUTPUTS, Phase.HOOK, Phase.EXIT_HOOK})


def _global(pattern: str, sentence: str, type: ValueType = "string") -> Variable:
    return Variable(pattern, Kind.GLOBAL, type, _EVERYWHERE, sentence)


def _nodes(root: Literal["steps", "tasks"]) -> Iterator[Variable]:
    kind: TemplateKind = "steps" if root == "steps" else "dag"
    word = root[:-1]
    table: tuple[tuple[str, ValueType, str], ...] = (
        ("id", "string", f"The node id of the {word}."),
        ("status", "string", f"The phase of the {word}: Succeeded, Failed, Error, Skipped, Omitted, Running, Pending."),
        ("startedAt", "time", f"When the {word} started, in RFC 3339."),
        ("finishedAt", "time", f"When the {word} ended, in RFC 3339."),
        ("hostNodeName", "string", f"The Kubernetes node that the {word}'s pod ran on."),
        ("ip", "string", f"The address of the pod of a {word} that is a daemon."),
        ("exitCode", "number", f"The exit code of the {word}'s main container."),
        (
            "outputs.result",
            "string",
            f"What the {word} printed, or, of a loop, the JSON list of what each turn printed.",
        ),
        ("outputs.parameters.<parameter>", "string", f"An output parameter of the {word}; of a loop, a JSON list."),
        ("outputs.parameters", "json", f"All output parameters of a loop of the {word}, a JSON list of objects."),
        ("outputs.artifacts.<artifact>", "artifact", f"An output artifact of the {word}."),
    )
    for suffix, type_, sentence in table:
        yield Variable(f"{root}.<name>.{suffix}", Kind.NODE, type_, _SIBLINGS, sentence, frozenset({kind}))


def _context(pattern: str, sentence: str, templates: frozenset[TemplateKind] = ALL_KINDS) -> Variable:
    return Variable(pattern, Kind.CONTEXT, "string", frozenset({Phase.BODY, Phase.RETRY}), sentence, templates)


_CRON: tuple[tuple[str, ValueType, str], ...] = (
    ("name", "string", "The name of the CronWorkflow."),
    ("namespace", "string", "The namespace of the CronWorkflow."),
    ("labels", "map", "The labels of the CronWorkflow."),
    ("labels.<name>", "string", "One label of the CronWorkflow."),
    ("labels.json", "json", "The labels of the CronWorkflow, a JSON object."),
    ("annotations", "map", "The annotations of the CronWorkflow."),
    ("annotations.<name>", "string", "One annotation of the CronWorkflow."),
    ("annotations.json", "json", "The annotations of the CronWorkflow, a JSON object."),
    ("failed", "number", "How many of its workflows failed."),
    ("succeeded", "number", "How many of its workflows succeeded."),
    ("lastScheduledTime", "time", "When it last started a workflow; nil before the first."),
)


def _cron(name: str, type: ValueType, sentence: str) -> Variable:
    return Variable(f"cronworkflow.{name}", Kind.CRON, type, frozenset({Phase.CRON}), sentence)


_RETRYABLE = ALL_KINDS - {"suspend"}
_METRIC = frozenset({Phase.METRICS})

VARIABLES: tuple[Variable, ...] = (
    _global("workflow.name", "The name of the workflow."),
    _global("workflow.namespace", "The namespace of the workflow."),
    _global("workflow.uid", "The unique id of the workflow."),
    _global("workflow.mainEntrypoint", "The template that the workflow starts with (spec.entrypoint)."),
    _global("workflow.serviceAccountName", "The service account that the workflow's pods run as."),
    _global("workflow.priority", "The priority of the workflow; only there when spec.priority is set.", "number"),
    _global("workflow.creationTimestamp", "When the workflow was created, in RFC 3339.", "time"),
    _global(
        "workflow.creationTimestamp.<format>",
        "When the workflow was created, in a format: a letter of strftime, s, or RFC3339.",
    ),
    _global(
        "workflow.scheduledTime",
        "When a CronWorkflow meant to start this workflow, in RFC 3339; only in its workflows.",
        "time",
    ),
    _global("workflow.parameters.<name>", "A parameter of the workflow (spec.arguments)."),
    _global("workflow.parameters", "All parameters of the workflow, a JSON list.", "json"),
    _global("workflow.parameters.json", "All parameters of the workflow, a JSON list.", "json"),
    _global("workflow.labels.<name>", "A label of the workflow."),
    _global("workflow.labels", "All labels of the workflow, a JSON object.", "json"),
    _global("workflow.labels.json", "All labels of the workflow, a JSON object.", "json"),
    _global("workflow.annotations.<name>", "An annotation of the workflow."),
    _global("workflow.annotations", "All annotations of the workflow, a JSON object.", "json"),
    _global("workflow.annotations.json", "All annotations of the workflow, a JSON object.", "json"),
    Variable(
        "workflow.status",
        Kind.RUNTIME,
        "string",
        _RUNNING,
        "The phase of the workflow: final only in its exit handler.",
    ),
    Variable(
        "workflow.duration",
        Kind.RUNTIME,
        "number",
        _RUNNING,
        "The seconds that the workflow has run: final only in its exit handler.",
    ),
    Variable(
        "workflow.failures",
        Kind.RUNTIME,
        "json",
        frozenset({Phase.EXIT_HANDLER}),
        'What failed: JSON inside a JSON string, so decode it twice; the text "null", with quotes, when nothing did.',
    ),
    Variable(
        "workflow.outputs.parameters.<name>",
        Kind.NODE,
        "string",
        _RUNNING,
        "An output parameter that a template made global (globalName), once the node that makes it has ended.",
    ),
    Variable(
        "workflow.outputs.artifacts.<name>",
        Kind.NODE,
        "artifact",
        _RUNNING,
        "An output artifact that a template made global (globalName), once the node that makes it has ended.",
    ),
    Variable(
        "inputs.parameters.<name>",
        Kind.INPUT,
        "string",
        _INSIDE | {Phase.HOOK, Phase.EXIT_HOOK},
        "An input parameter of the template.",
    ),
    Variable(
        "inputs.parameters",
        Kind.INPUT,
        "json",
        _INSIDE | {Phase.HOOK, Phase.EXIT_HOOK},
        "All input parameters of the template, a JSON list.",
    ),
    Variable(
        "inputs.artifacts.<name>",
        Kind.INPUT,
        "artifact",
        _INSIDE | {Phase.HOOK, Phase.EXIT_HOOK},
        "An input artifact of the template.",
    ),
    Variable(
        "inputs.artifacts.<name>.path",
        Kind.INPUT,
        "string",
        frozenset({Phase.BODY, Phase.RETRY}),
        "Where an input artifact stands in the container.",
        LEAF_KINDS,
    ),
    Variable(
        "outputs.artifacts.<name>.path",
        Kind.OUTPUT,
        "string",
        frozenset({Phase.BODY, Phase.RETRY}),
        "Where the template says that an output artifact will stand in the container.",
        LEAF_KINDS,
    ),
    Variable(
        "outputs.parameters.<name>.path",
        Kind.OUTPUT,
        "string",
        frozenset({Phase.BODY, Phase.RETRY}),
        "Where the template says that an output parameter will stand in the container.",
        LEAF_KINDS,
    ),
    *_nodes("steps"),
    *_nodes("tasks"),
    Variable(
        "item",
        Kind.ITEM,
        "string",
        frozenset({Phase.LOOP}),
        "The value of this turn of a loop; JSON for lists and maps.",
    ),
    Variable(
        "item.<key>",
        Kind.ITEM,
        "string",
        frozenset({Phase.LOOP}),
        "One value of this turn of a loop, where the turn's value is a map.",
    ),
    Variable("retries", Kind.RETRY, "number", frozenset({Phase.RETRY}), "Which attempt this is, from 0.", _RETRYABLE),
    Variable(
        "lastRetry.exitCode",
        Kind.RETRY,
        "number",
        frozenset({Phase.RETRY}),
        "The exit code of the attempt before, -1 if it had none; 0 in the first.",
        _RETRYABLE,
    ),
    Variable(
        "lastRetry.status",
        Kind.RETRY,
        "string",
        frozenset({Phase.RETRY}),
        "The phase of the attempt before; empty in the first.",
        _RETRYABLE,
    ),
    Variable(
        "lastRetry.duration",
        Kind.RETRY,
        "number",
        frozenset({Phase.RETRY}),
        "The seconds that the attempt before took.",
        _RETRYABLE,
    ),
    Variable(
        "lastRetry.message",
        Kind.RETRY,
        "string",
        frozenset({Phase.RETRY}),
        "The message of the attempt before.",
        _RETRYABLE,
    ),
    _context("pod.name", "The name of the pod that the template runs as.", POD_KINDS),
    _context("node.name", "The full name of the node that the template runs as."),
    _context("steps.name", "The name of the step that the template runs as."),
    _context("tasks.name", "The name of the task that the template runs as."),
    Variable("duration", Kind.METRIC, "number", _METRIC, "The seconds that this node took."),
    Variable("status", Kind.METRIC, "string", _METRIC, "The phase of this node."),
    Variable("exitCode", Kind.METRIC, "number", _METRIC, "The exit code of this node."),
    Variable(
        "resourcesDuration.<resource>",
        Kind.METRIC,
        "number",
        _METRIC,
        "The seconds of one Kubernetes resource (cpu, memory) that this node used.",
    ),
    Variable("outputs.result", Kind.METRIC, "string", _METRIC, "What this node printed."),
    Variable("outputs.parameters.<name>", Kind.METRIC, "string", _METRIC, "An output parameter of this node."),
    *(_cron(name, type, sentence) for name, type, sentence in _CRON),
)


CHECKED_PREFIXES = ("item.", "steps.", "inputs.", "outputs.", "pod.", "workflow.", "tasks.")
"""Argo's linter looks only at tags that begin so (``common.GlobalVarValidWorkflowVariablePrefix``)."""

UNCHECKED_PREFIXES = (
    "outputs.",
    "workflow.creationTimestamp",
    "workflow.scheduledTime",
    "workflow.duration",
    "tasks.name",
    "steps.name",
    "node.name",
)
"""Of those, it lets pass whatever begins so (``validate.resolveAllVariables``)."""

ALWAYS_GLOBAL = ("name", "namespace", "mainEntrypoint", "serviceAccountName", "uid", "status",
                 "annotations", "annotations.json", "labels", "labels.json")  # fmt: skip
"""The ``workflow.`` variables that Argo's linter knows in every workflow (``validate.Workflow``)."""


@cache
def _by_root() -> Mapping[str, tuple[Variable, ...]]:
    roots: dict[str, list[Variable]] = {}
    # fixed names before placeholders, longer before shorter: workflow.labels.json is not the label "json"
    for variable in sorted(VARIABLES, key=lambda v: ("<" in v.pattern, -len(v.parts))):
        roots.setdefault(variable.parts[0], []).append(variable)
    return {root: tuple(found) for root, found in roots.items()}


def matches(name: str) -> tuple[Variable, ...]:
    """Give every entry whose pattern a name has, the most specific first; several where phases share a name.

    >>> [v.pattern for v in matches("outputs.parameters.x.path")]
    ['outputs.parameters.<name>.path', 'outputs.parameters.<name>']
    """
    candidates = _by_root().get(name.partition(".")[0], ())
    return tuple(variable for variable in candidates if variable.match(name) is not None)


def find(name: str) -> Variable | None:
    """Give the most specific entry for a name, or None where the catalogue has none.

    >>> find("workflow.labels.json").type
    'json'
    >>> find("input.parameters.x") is None
    True
    """
    found = matches(name)
    return found[0] if found else None


def nearest(name: str) -> str | None:
    """Give the name that was probably meant by one that is in no entry, placeholders kept as written, or None.

    >>> nearest("input.parameters.x")
    'inputs.parameters.x'
    """
    import difflib

    given = name.split(".")
    best: tuple[float, str] = (0.8, "")
    for variable in VARIABLES:
        if len(variable.parts) != len(given):
            continue
        guess = ".".join(g if p.startswith("<") else p for p, g in zip(variable.parts, given, strict=True))
        best = max(best, (difflib.SequenceMatcher(None, name, guess).ratio(), guess))
    return best[1] or None
