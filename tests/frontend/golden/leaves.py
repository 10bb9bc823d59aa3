from typing import Annotated, Literal

from argosy import (
    Parameter,
    arguments,
    code,
    command,
    config_map,
    container,
    container_set,
    data_template,
    http,
    manifest,
    pod_field,
    program,
    raw_template,
    request,
    resource,
    script,
    secret,
    supplied,
    suspend,
    when,
    workflow,
)


@suspend(duration="2h")
def approve(why: str) -> Literal["yes", "no"]:
    return supplied()


@http(timeout="30s")
def post(url: str, text: str) -> str:
    return request(
        "POST",
        url,
        headers={"Authorization": secret("api", "token"), "Content-Type": "text/plain"},
        body=f"said: {text}",
        success_condition="response.statusCode == 201",
    )


@resource(action="create", success_condition="status.succeeded > 0", set_owner_reference=True)
def job(image: str) -> Annotated[str, Parameter(json_path="{.metadata.name}")]:
    return manifest(
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"generateName": "job-"},
            "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "x", "image": image}]}}},
        }
    )


@program(image="node:22-alpine", command=["node"])
def in_javascript(name: str) -> str:
    return code("console.log(process.env.NAME)", NAME=name)


@container_set(
    containers=[{"name": "main", "image": "alpine:3.22", "command": ["true"]}],
    volumes=[{"name": "work", "emptyDir": {}}],
    volume_mounts=[{"name": "work", "mountPath": "/work"}],
)
def together() -> None: ...


@data_template(
    source={"artifactPaths": {"name": "files", "s3": {"bucket": "b", "key": "in"}}},
    transformation=[{"expression": "filter(data, {# endsWith '.csv'})"}],
)
def list_files() -> list[str]:
    return supplied()


@container(
    image="postgres:17",
    env={"MODE": "fast", "LIMIT": config_map("limits", "rows"), "IP": pod_field("status.podIP")},
    daemon=True,
    readiness_probe={"tcpSocket": {"port": 5432}},
    sidecars=[{"name": "proxy", "image": "envoy:1"}],
    resources={"limits": {"cpu": "1", "memory": "1Gi"}},
    labels={"team": "data"},
    annotations={"who": "us"},
    extra={"podResources": {"limits": {"cpu": "2"}}},
)
def database() -> None:
    arguments("-c", "fsync=off", DATABASE_PASSWORD=secret("db", "password"))


@container(image="alpine:3.22", memoize={"key": "k", "maxAge": "1h", "cache": {"configMap": {"name": "c"}}})
def cow(message: str) -> None:
    command("cowsay", message, "-f", 3)


@script(synchronization={"mutexes": [{"name": "one"}]}, timeout="5m", node_selector={"disk": "fast"})
def send(text: str, token: str = secret("slack", "token"), channel: str = "#ops") -> None:
    print(text, len(token), channel)


@raw_template(
    {
        "inputs": {"parameters": [{"name": "x"}]},
        "container": {"image": "alpine:3.22", "args": ["{{inputs.parameters.x}}"]},
    }
)
def raw(x: str) -> None: ...


@workflow(
    generate_name="leaves-",
    service_account_name="runner",
    ttl_strategy={"secondsAfterCompletion": 3600},
    pod_gc={"strategy": "OnPodCompletion"},
    volumes=[{"name": "cache", "emptyDir": {}}],
    extra={"podPriorityClassName": "high"},
)
def main() -> None:
    database()
    with when(approve("because") == "yes"):
        send(post("https://example.com", in_javascript("x")))
    cow(job("alpine:3.22"))
    together()
    list_files()
    raw("1")
