"""Labels that a workflow gives itself."""

from __future__ import annotations

from collections.abc import Iterator

from argosy import model
from argosy.errors import LanguageError
from argosy.lint import tables
from argosy.lint.context import Context
from argosy.lint.finding import Severity
from argosy.lint.rule import Problem, rule


@rule(Severity.ERROR, over=tables.specs)
def label_expression_invalid(spec: model.WorkflowSpec, context: Context) -> Iterator[Problem]:
    """An expression for a label of the workflow cannot be evaluated, or gives no text.

    The workflow ends in Error before it begins, and no exit handler runs. Argo's linter does not read
    `workflowMetadata.labelsFrom`. An expression sees `workflow...` and Argo's functions; numbers need `string(...)`.

    Bad:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          workflowMetadata:
            labelsFrom:
              origin: {expression: namespace}  # here
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}

    Good:
        apiVersion: argoproj.io/v1alpha1
        kind: Workflow
        metadata: {generateName: build-}
        spec:
          entrypoint: main
          workflowMetadata:
            labelsFrom:
              origin: {expression: workflow.namespace}
          templates:
            - name: main
              container: {image: "alpine:3.20", command: [make]}
    """
    if spec.workflow_metadata is None or not spec.workflow_metadata.labels_from:
        return
    from argosy.language.expr import natures, parse
    from argosy.language.expr.check import check
    from argosy.language.expr.environment import with_functions
    from argosy.lint.paths import paths

    functions = {name: natures.nature_of(value) for name, value in with_functions({}).items()}
    given = {one.name for one in spec.arguments.parameters}
    for name, label in spec.workflow_metadata.labels_from.items():
        text = label.expression
        where = (*context.spec_address, "workflowMetadata", "labelsFrom", name, "expression")
        if "{{" in text:
            continue
        try:
            tree = parse(text)
            nature = check(tree, {"workflow": natures.MAP, **functions}, text)[tree]
        except LanguageError as error:
            yield Problem(f"the label {name!r} cannot be evaluated: {error.message}", where, error.hint)
            continue
        if not nature.is_unknown and nature.kind != "string":
            yield Problem(f"the label {name!r} is a {nature.kind}, and not text", where, "write string(...)")
        elif context.kind in ("Workflow", "CronWorkflow") and spec.workflow_template_ref is None:
            for path in paths(tree):
                missing = path.parts[-1]
                named = path.parts[:-1] == ("workflow", "parameters") and not path.optional
                if named and missing not in given and missing != "json":
                    hint = context.did_you_mean(missing, given)
                    yield Problem(f"there is no parameter {missing!r} for the label {name!r}", where, hint)
