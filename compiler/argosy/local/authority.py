"""A throw-away certificate authority, so that HTTPS requests can be seen. It needs the program ``openssl``.

Python's standard library makes no certificates. The keys live in the scratch directory, for one run, and only the
programs of that run are told to trust them.
"""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Authority:
    """Signs a certificate for each host that is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.certificate = folder / "authority.pem"
        """What programs have to trust."""
        self.wgetrc = folder / "wgetrc"
        """Settings of wget, which says by a file alone what it trusts."""
        self._contexts: dict[str, ssl.SSLContext | None] = {}
        self._lock = threading.Lock()

    def context(self, host: str) -> ssl.SSLContext | None:
        """Give what a server for a host needs; None if it cannot be made."""
        with self._lock:
            if host not in self._contexts:
                self._contexts[host] = self._sign(host)
            return self._contexts[host]

    def _sign(self, host: str) -> ssl.SSLContext | None:
        stem = str(len(self._contexts))
        key, request, signed = (self._folder / f"{stem}{end}" for end in (".key", ".csr", ".pem"))
        more = self._folder / f"{stem}.ext"
        kind = "IP" if host.replace(".", "").isdigit() else "DNS"
        more.write_text(f"subjectAltName={kind}:{host}\nextendedKeyUsage=serverAuth\n")
        made = _openssl("req", *_KEY, "-subj", f"/CN={host[:60]}", "-keyout", key, "-out", request) and _openssl(
            *("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self._folder / "authority.key"),
            *("-CAcreateserial", "-days", "2", "-sha256", "-extfile", more, "-out", signed),
        )
        if not made:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(signed, key)
        return context


def create(folder: Path) -> Authority | None:
    """Make an authority in a folder; None where there is no openssl that can."""
    if shutil.which("openssl") is None:
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = Authority(folder)
    authority.wgetrc.write_text(f"ca_certificate = {authority.certificate}\n")
    settings = folder / "authority.cnf"
    settings.write_text(
        "[req]\ndistinguished_name=dn\nx509_extensions=ca\nprompt=no\n[dn]\nCN=Argosy throw-away authority\n"
        "[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
    )
    made = _openssl(
        *("req", "-x509", *_KEY, "-days", "2", "-sha256", "-config", settings),
        *("-keyout", folder / "authority.key", "-out", authority.certificate),
    )
    return authority if made else None


def _openssl(*words: str | Path) -> bool:
    try:
        done = subprocess.run(["openssl", *map(str, words)], capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
