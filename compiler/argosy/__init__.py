"""Argosy: write, lint and simulate Argo Workflows before anything touches a cluster.

The names of the front-end are here, loaded when first used: ``from argosy import container, sh, workflow``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argosy.frontend.blocks import after as after
    from argosy.frontend.blocks import each as each
    from argosy.frontend.blocks import in_order as in_order
    from argosy.frontend.blocks import otherwise as otherwise
    from argosy.frontend.blocks import parallel as parallel
    from argosy.frontend.blocks import sequence as sequence
    from argosy.frontend.blocks import when as when
    from argosy.frontend.container import arguments as arguments
    from argosy.frontend.container import command as command
    from argosy.frontend.container import container as container
    from argosy.frontend.container import sh as sh
    from argosy.frontend.context import Exit as Exit
    from argosy.frontend.context import Failure as Failure
    from argosy.frontend.context import NodeExit as NodeExit
    from argosy.frontend.context import NodeStatus as NodeStatus
    from argosy.frontend.context import Status as Status
    from argosy.frontend.context import config_map as config_map
    from argosy.frontend.context import current as current
    from argosy.frontend.context import pod_field as pod_field
    from argosy.frontend.context import secret as secret
    from argosy.frontend.declare import Artifact as Artifact
    from argosy.frontend.declare import Parameter as Parameter
    from argosy.frontend.declare import artifact as artifact
    from argosy.frontend.depends import Step as Step
    from argosy.frontend.elsewhere import template_ref as template_ref
    from argosy.frontend.environments import environment as environment
    from argosy.frontend.expressions import not_ as not_
    from argosy.frontend.flow import dag as dag
    from argosy.frontend.flow import steps as steps
    from argosy.frontend.functions import choose as choose
    from argosy.frontend.functions import contains as contains
    from argosy.frontend.functions import expr as expr
    from argosy.frontend.functions import global_output as global_output
    from argosy.frontend.functions import json_of as json_of
    from argosy.frontend.functions import length as length
    from argosy.frontend.functions import to_float as to_float
    from argosy.frontend.functions import to_int as to_int
    from argosy.frontend.functions import to_text as to_text
    from argosy.frontend.handlers import hook as hook
    from argosy.frontend.leaves import code as code
    from argosy.frontend.leaves import container_set as container_set
    from argosy.frontend.leaves import data_template as data_template
    from argosy.frontend.leaves import http as http
    from argosy.frontend.leaves import manifest as manifest
    from argosy.frontend.leaves import plugin as plugin
    from argosy.frontend.leaves import program as program
    from argosy.frontend.leaves import raw_template as raw_template
    from argosy.frontend.leaves import request as request
    from argosy.frontend.leaves import resource as resource
    from argosy.frontend.leaves import supplied as supplied
    from argosy.frontend.leaves import suspend as suspend
    from argosy.frontend.load import compile_path as compile_path
    from argosy.frontend.load import to_hera as to_hera
    from argosy.frontend.load import to_manifests as to_manifests
    from argosy.frontend.load import to_yaml as to_yaml
    from argosy.frontend.script import script as script
    from argosy.frontend.templates import Template as Template
    from argosy.frontend.workflows import Workflow as Workflow
    from argosy.frontend.workflows import cluster_workflow_template as cluster_workflow_template
    from argosy.frontend.workflows import cron_workflow as cron_workflow
    from argosy.frontend.workflows import parameter as parameter
    from argosy.frontend.workflows import raw_workflow as raw_workflow
    from argosy.frontend.workflows import workflow as workflow
    from argosy.frontend.workflows import workflow_of as workflow_of
    from argosy.frontend.workflows import workflow_template as workflow_template

__version__ = "0.1.0"

_HOME = {
    "arguments": "argosy.frontend.container",
    "command": "argosy.frontend.container",
    "container": "argosy.frontend.container",
    "sh": "argosy.frontend.container",
    "Exit": "argosy.frontend.context",
    "Failure": "argosy.frontend.context",
    "NodeExit": "argosy.frontend.context",
    "NodeStatus": "argosy.frontend.context",
    "Status": "argosy.frontend.context",
    "config_map": "argosy.frontend.context",
    "current": "argosy.frontend.context",
    "pod_field": "argosy.frontend.context",
    "secret": "argosy.frontend.context",
    "Artifact": "argosy.frontend.declare",
    "Parameter": "argosy.frontend.declare",
    "artifact": "argosy.frontend.declare",
    "Step": "argosy.frontend.depends",
    "template_ref": "argosy.frontend.elsewhere",
    "environment": "argosy.frontend.environments",
    "not_": "argosy.frontend.expressions",
    "dag": "argosy.frontend.flow",
    "steps": "argosy.frontend.flow",
    "choose": "argosy.frontend.functions",
    "contains": "argosy.frontend.functions",
    "expr": "argosy.frontend.functions",
    "global_output": "argosy.frontend.functions",
    "json_of": "argosy.frontend.functions",
    "length": "argosy.frontend.functions",
    "to_float": "argosy.frontend.functions",
    "to_int": "argosy.frontend.functions",
    "to_text": "argosy.frontend.functions",
    "after": "argosy.frontend.blocks",
    "each": "argosy.frontend.blocks",
    "in_order": "argosy.frontend.blocks",
    "otherwise": "argosy.frontend.blocks",
    "parallel": "argosy.frontend.blocks",
    "sequence": "argosy.frontend.blocks",
    "when": "argosy.frontend.blocks",
    "hook": "argosy.frontend.handlers",
    "container_set": "argosy.frontend.leaves",
    "data_template": "argosy.frontend.leaves",
    "http": "argosy.frontend.leaves",
    "manifest": "argosy.frontend.leaves",
    "plugin": "argosy.frontend.leaves",
    "code": "argosy.frontend.leaves",
    "program": "argosy.frontend.leaves",
    "raw_template": "argosy.frontend.leaves",
    "request": "argosy.frontend.leaves",
    "resource": "argosy.frontend.leaves",
    "supplied": "argosy.frontend.leaves",
    "suspend": "argosy.frontend.leaves",
    "compile_path": "argosy.frontend.load",
    "to_hera": "argosy.frontend.load",
    "to_manifests": "argosy.frontend.load",
    "to_yaml": "argosy.frontend.load",
    "script": "argosy.frontend.script",
    "Template": "argosy.frontend.templates",
    "Workflow": "argosy.frontend.workflows",
    "cluster_workflow_template": "argosy.frontend.workflows",
    "cron_workflow": "argosy.frontend.workflows",
    "parameter": "argosy.frontend.workflows",
    "raw_workflow": "argosy.frontend.workflows",
    "workflow": "argosy.frontend.workflows",
    "workflow_of": "argosy.frontend.workflows",
    "workflow_template": "argosy.frontend.workflows",
}
"""Which module a public name comes from."""

__all__ = [
    "Artifact",
    "Exit",
    "Failure",
    "NodeExit",
    "NodeStatus",
    "Parameter",
    "Status",
    "Step",
    "Template",
    "Workflow",
    "after",
    "arguments",
    "artifact",
    "choose",
    "cluster_workflow_template",
    "code",
    "command",
    "compile_path",
    "config_map",
    "container",
    "container_set",
    "contains",
    "cron_workflow",
    "current",
    "dag",
    "data_template",
    "each",
    "environment",
    "expr",
    "global_output",
    "hook",
    "http",
    "in_order",
    "json_of",
    "length",
    "manifest",
    "not_",
    "otherwise",
    "parallel",
    "parameter",
    "plugin",
    "pod_field",
    "program",
    "raw_template",
    "raw_workflow",
    "request",
    "resource",
    "script",
    "secret",
    "sequence",
    "sh",
    "steps",
    "supplied",
    "suspend",
    "template_ref",
    "to_float",
    "to_hera",
    "to_int",
    "to_manifests",
    "to_text",
    "to_yaml",
    "when",
    "workflow",
    "workflow_of",
    "workflow_template",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that ``import argosy`` stays fast."""
    from importlib import import_module

    if name in ("lint", "simulate"):
        return import_module(f"argosy.{name}")
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'argosy' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
