"""Parameters with types: of the workflow, of its templates, and shared by all of them."""

from typing import Literal

from argosy import container, parameter, script, sh, when, workflow

REGION = parameter("region", "eu-west-1", description="Where everything runs.")


@script
def plan(replicas: int, size: Literal["small", "large"]) -> int:
    """Give how many cores the deployment needs."""
    return replicas * {"small": 1, "large": 4}[size]


@container(image="alpine:3.22")
def deploy(replicas: int, cores: int) -> None:
    sh('echo "$REPLICAS replicas with $CORES cores in $REGION"', REPLICAS=replicas, CORES=cores, REGION=REGION)


@container(image="alpine:3.22")
def ask_for_quota(cores: int) -> None:
    sh('echo "$CORES cores are more than usual"', CORES=cores)


@workflow(generate_name="parameters-")
def parameters(replicas: int = 2, size: Literal["small", "large"] = "small") -> None:
    cores = plan(replicas, size)
    with when(cores > 16):
        ask_for_quota(cores)
    deploy(replicas, cores)
