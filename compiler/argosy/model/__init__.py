"""Argo's documents as typed structs: attributes are Argo's JSON names in snake_case, defaults are Go's empty values.

Kubernetes types that nothing here interprets stay plain data. Source: the types of Argo v3.6.18 to v4.1.2.
"""

from argosy.model.base import AnyString, ArgoStruct
from argosy.model.decode import KINDS, Decoded, Kind, any_string, decode, decode_as, decode_spec, decode_template
from argosy.model.template import DAGTask, DAGTemplate, LifecycleHook, Template, TemplateRef, WorkflowStep
from argosy.model.workflow import (
    ClusterWorkflowTemplate,
    CronWorkflow,
    Workflow,
    WorkflowEventBinding,
    WorkflowSpec,
    WorkflowTemplate,
)

__all__ = [
    "KINDS",
    "AnyString",
    "ArgoStruct",
    "ClusterWorkflowTemplate",
    "CronWorkflow",
    "DAGTask",
    "DAGTemplate",
    "Decoded",
    "Kind",
    "LifecycleHook",
    "Template",
    "TemplateRef",
    "Workflow",
    "WorkflowEventBinding",
    "WorkflowSpec",
    "WorkflowStep",
    "WorkflowTemplate",
    "any_string",
    "decode",
    "decode_as",
    "decode_spec",
    "decode_template",
]
