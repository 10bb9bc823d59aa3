"""What reporters are tested on: a linted file with one finding of each sort, made by hand."""

from argosy.lint.finding import Edit, Finding, Fix, Related, Severity
from argosy.lint.result import DocumentResult, FileResult, LintResult, LocatedFinding
from argosy.source import Span
from argosy.yaml.read import read

TEXT = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  name: nightly
spec:
  entrypoint: main
  onExit: clean-up
  templates:
    - name: main
      container: {image: "alpine:3.20", command: [echo, "é<&>\\t{{workflow.nam}}"]}
    - name: cleanup
      container:
        image: alpine
"""

BROKEN = "spec: [a\nb: c\n"


def linted() -> LintResult:
    """One file with an error, a warning and advice, one that is no YAML, and one that is clean."""
    manifest = read(TEXT, "flows/nightly.yaml")[0].manifest()
    assert manifest is not None
    undefined = Finding(
        "sample-undefined",
        Severity.ERROR,
        "spec.onExit names the template 'clean-up', which is not defined",
        ("spec", "onExit"),
        rejected=True,
        hint="did you mean 'cleanup'?",
        related=(Related(("spec", "templates", 1, "name"), "it is defined here"),),
        fix=Fix("name 'cleanup'", (Edit("set", ("spec", "onExit"), "cleanup"),)),
    )
    unknown = Finding(
        "sample-variable",
        Severity.WARNING,
        "there is no variable 'workflow.nam', here: 100%",
        ("spec", "templates", 0, "container", "command", 1),
        chars=(5, 21),
        fix=Fix("write workflow.name", (), safe=False),
    )
    unpinned = Finding(
        "sample-image", Severity.INFO, "the image has no tag", ("spec", "templates", 1, "container", "image")
    )
    syntax = Finding(
        "sample-syntax",
        Severity.ERROR,
        "expected ',' or ']'",
        rejected=True,
        span=Span("flows/broken.yaml", 2, 2, 2, 3),
    )
    nightly = FileResult(
        "flows/nightly.yaml",
        [DocumentResult(0, "Workflow", "nightly", accepted=False)],
        [LocatedFinding(f, "flows/nightly.yaml", 0, manifest) for f in (undefined, unknown, unpinned)],
    )
    broken = FileResult("flows/broken.yaml", [], [LocatedFinding(syntax, "flows/broken.yaml")], accepted=False)
    clean = FileResult("flows/clean.yaml", [DocumentResult(0, "CronWorkflow", "weekly", accepted=True)])
    return LintResult([nightly, broken, clean])
