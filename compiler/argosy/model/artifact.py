"""Artifacts and the places they are stored in."""

from typing import Any

from msgspec import field

from argosy.model.base import ArgoStruct
from argosy.model.meta import Metadata


class NoneStrategy(ArgoStruct):
    """Store the file or directory as it is."""


class TarStrategy(ArgoStruct):
    """Store a tar archive."""

    compression_level: int | None = None


class ZipStrategy(ArgoStruct):
    """Store a zip archive."""


class ArchiveStrategy(ArgoStruct):
    """How an artifact is packed; one of three."""

    tar: TarStrategy | None = None
    none: NoneStrategy | None = None
    zip: ZipStrategy | None = None


class ArtifactGC(ArgoStruct):
    """When and how an artifact is deleted."""

    strategy: str = ""
    pod_metadata: Metadata | None = None
    service_account_name: str = ""


class WorkflowLevelArtifactGC(ArgoStruct):
    """When and how the artifacts of a workflow are deleted."""

    strategy: str = ""
    pod_metadata: Metadata | None = None
    service_account_name: str = ""
    force_finalizer_removal: bool = False
    pod_spec_patch: str = ""


class CreateS3BucketOptions(ArgoStruct):
    """What to create a missing bucket with."""

    object_locking: bool = False


class S3EncryptionOptions(ArgoStruct):
    """Encryption on the side of the S3 server."""

    kms_key_id: str = ""
    kms_encryption_context: str = ""
    enable_encryption: bool = False
    server_side_customer_key_secret: dict[str, Any] | None = None


class S3Artifact(ArgoStruct):
    """An artifact in S3."""

    endpoint: str = ""
    bucket: str = ""
    region: str = ""
    insecure: bool | None = None
    access_key_secret: dict[str, Any] | None = None
    secret_key_secret: dict[str, Any] | None = None
    session_token_secret: dict[str, Any] | None = None
    role_arn: str = field(default="", name="roleARN")
    use_sdk_creds: bool = field(default=False, name="useSDKCreds")
    create_bucket_if_not_present: CreateS3BucketOptions | None = None
    encryption_options: S3EncryptionOptions | None = None
    ca_secret: dict[str, Any] | None = None
    key: str = ""
    addressing_style: str = ""  # since Argo 4.1


class GitArtifact(ArgoStruct):
    """A git repository as an artifact."""

    repo: str = ""
    revision: str = ""
    depth: int | None = None
    fetch: list[str] = []
    username_secret: dict[str, Any] | None = None
    password_secret: dict[str, Any] | None = None
    ssh_private_key_secret: dict[str, Any] | None = None
    insecure_ignore_host_key: bool = False
    disable_submodules: bool = False
    single_branch: bool = False
    branch: str = ""
    insecure_skip_tls: bool = field(default=False, name="insecureSkipTLS")


class Header(ArgoStruct):
    """A header of an HTTP artifact."""

    name: str = ""
    value: str = ""


class BasicAuth(ArgoStruct):
    """User name and password."""

    username_secret: dict[str, Any] | None = None
    password_secret: dict[str, Any] | None = None


class OAuth2EndpointParam(ArgoStruct):
    """A parameter of an OAuth2 token endpoint."""

    key: str = ""
    value: str = ""


class OAuth2Auth(ArgoStruct):
    """OAuth2 client credentials."""

    client_id_secret: dict[str, Any] | None = field(default=None, name="clientIDSecret")
    client_secret_secret: dict[str, Any] | None = None
    token_url_secret: dict[str, Any] | None = field(default=None, name="tokenURLSecret")
    scopes: list[str] = []
    endpoint_params: list[OAuth2EndpointParam] = []


class ClientCertAuth(ArgoStruct):
    """A client certificate."""

    client_cert_secret: dict[str, Any] | None = None
    client_key_secret: dict[str, Any] | None = None


class HTTPAuth(ArgoStruct):
    """How an HTTP artifact signs in."""

    client_cert: ClientCertAuth = field(default_factory=ClientCertAuth)
    oauth2: OAuth2Auth = field(default_factory=OAuth2Auth)
    basic_auth: BasicAuth = field(default_factory=BasicAuth)


class HTTPArtifact(ArgoStruct):
    """An artifact behind a URL."""

    url: str = ""
    headers: list[Header] = []
    auth: HTTPAuth | None = None
    save_stream_via_file: bool = False  # since Argo 4.1


class ArtifactoryArtifact(ArgoStruct):
    """An artifact in Artifactory."""

    url: str = ""
    username_secret: dict[str, Any] | None = None
    password_secret: dict[str, Any] | None = None


class HDFSArtifact(ArgoStruct):
    """An artifact in HDFS."""

    krb_c_cache_secret: dict[str, Any] | None = None
    krb_keytab_secret: dict[str, Any] | None = None
    krb_username: str = ""
    krb_realm: str = ""
    krb_config_config_map: dict[str, Any] | None = None
    krb_service_principal_name: str = ""
    addresses: list[str] = []
    hdfs_user: str = ""
    data_transfer_protection: str = ""
    path: str = ""
    force: bool = False


class RawArtifact(ArgoStruct):
    """An artifact given by its text."""

    data: str = ""


class OSSLifecycleRule(ArgoStruct):
    """After how many days an OSS object moves or goes."""

    mark_infrequent_access_after_days: int = 0
    mark_deletion_after_days: int = 0


class OSSArtifact(ArgoStruct):
    """An artifact in Alibaba OSS."""

    endpoint: str = ""
    bucket: str = ""
    access_key_secret: dict[str, Any] | None = None
    secret_key_secret: dict[str, Any] | None = None
    create_bucket_if_not_present: bool = False
    security_token: str = ""
    lifecycle_rule: OSSLifecycleRule | None = None
    use_sdk_creds: bool = field(default=False, name="useSDKCreds")
    key: str = ""


class GCSArtifact(ArgoStruct):
    """An artifact in Google Cloud Storage."""

    bucket: str = ""
    service_account_key_secret: dict[str, Any] | None = None
    key: str = ""


class AzureArtifact(ArgoStruct):
    """An artifact in Azure Blob Storage."""

    endpoint: str = ""
    container: str = ""
    account_key_secret: dict[str, Any] | None = None
    use_sdk_creds: bool = field(default=False, name="useSDKCreds")
    blob: str = ""


class PluginArtifact(ArgoStruct):
    """An artifact that a plugin stores."""

    name: str = ""
    configuration: str = ""
    connection_timeout_seconds: int = 0
    key: str = ""


class ArtifactLocation(ArgoStruct):
    """Where something is stored; at most one kind of storage."""

    archive_logs: bool | None = None
    s3: S3Artifact | None = None
    git: GitArtifact | None = None
    http: HTTPArtifact | None = None
    artifactory: ArtifactoryArtifact | None = None
    hdfs: HDFSArtifact | None = None
    raw: RawArtifact | None = None
    oss: OSSArtifact | None = None
    gcs: GCSArtifact | None = None
    azure: AzureArtifact | None = None
    plugin: PluginArtifact | None = None  # since Argo 4.0


class Artifact(ArgoStruct):
    """A file or directory that goes in or out."""

    name: str = ""
    path: str = ""
    mode: int | None = None
    from_: str = field(default="", name="from")
    archive_logs: bool | None = None
    s3: S3Artifact | None = None
    git: GitArtifact | None = None
    http: HTTPArtifact | None = None
    artifactory: ArtifactoryArtifact | None = None
    hdfs: HDFSArtifact | None = None
    raw: RawArtifact | None = None
    oss: OSSArtifact | None = None
    gcs: GCSArtifact | None = None
    azure: AzureArtifact | None = None
    global_name: str = ""
    archive: ArchiveStrategy | None = None
    optional: bool = False
    sub_path: str = ""
    recurse_mode: bool = False
    from_expression: str = ""
    artifact_gc: ArtifactGC | None = field(default=None, name="artifactGC")
    deleted: bool = False
    plugin: PluginArtifact | None = None  # since Argo 4.0


class ArtifactPaths(Artifact):
    """An artifact whose paths a data template lists."""


class ArtifactRepositoryRef(ArgoStruct):
    """A ConfigMap with the artifact repository."""

    config_map: str = ""
    key: str = ""
