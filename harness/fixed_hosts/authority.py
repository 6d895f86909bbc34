"""A certificate authority for one run: workers trust it, and nobody else ever does.

Its key never leaves memory. That of the certificate is in a file that only its owner can read (0600) for the moment in
which the TLS library loads it: that one reads keys from files only.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import trustme

from harness.fixed_hosts.variables import BUNDLES


class RunAuthority:
    """Signs one certificate, for all hosts that the fakes of a run stand in for.

    Args:
        hosts: Those hosts.
        folder: For the moment in which the key is loaded.
    """

    def __init__(self, hosts: Sequence[str], *, folder: Path) -> None:
        self._authority = trustme.CA(organization_name="temporal-resilience-harness")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_alpn_protocols(["http/1.1"])
        certificate = self._authority.issue_cert(*hosts)
        with certificate.private_key_and_cert_chain_pem.tempfile(dir=os.fspath(folder)) as path:
            self.context.load_cert_chain(path)

    def write_bundle(self, path: Path, environ: Mapping[str, str]) -> None:
        """Write what a worker trusts: this authority, and what it would trust without it.

        The rest is for its other connections, such as one to a database: HTTP reaches nothing but fakes.
        """
        path.write_bytes(b"\n".join([self._authority.cert_pem.bytes(), *_trusted(environ)]))


def _trusted(environ: Mapping[str, str]) -> Iterator[bytes]:
    named = [environ[name] for name in BUNDLES if environ.get(name)]
    system = ssl.get_default_verify_paths().cafile
    for file in dict.fromkeys(named or filter(None, [system])):
        if os.path.isfile(file):  # noqa: PTH113 - one variable may name a folder, or nothing that is there
            yield Path(file).read_bytes()
