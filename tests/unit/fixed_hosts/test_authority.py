"""The authority of a run: its certificate is for the run's hosts, and its key is in no file."""

from __future__ import annotations

import os
import ssl
import stat
from pathlib import Path

import pytest

from harness.fixed_hosts.authority import RunAuthority
from harness.fixed_hosts.variables import BUNDLES, FAKED, variables

HOST = "api.pay.example"


def shake_hands(authority: RunAuthority, trusted: Path, host: str) -> ssl.SSLObject:
    """Connect to a host in memory, with what is trusted."""
    client_context = ssl.create_default_context(cafile=os.fspath(trusted))
    client_context.set_alpn_protocols(["h2", "http/1.1"])
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(to_client, to_server, server_hostname=host)
    server = authority.context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(3):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return client


def test_a_client_that_trusts_the_bundle_reaches_the_hosts_of_the_run(tmp_path: Path) -> None:
    """With HTTP/1.1, and no other host."""
    authority = RunAuthority([HOST, "mail.example"], folder=tmp_path)
    authority.write_bundle(tmp_path / "trusted.pem", {})

    assert shake_hands(authority, tmp_path / "trusted.pem", HOST).selected_alpn_protocol() == "http/1.1"
    assert shake_hands(authority, tmp_path / "trusted.pem", "mail.example").version() == "TLSv1.3"
    with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
        shake_hands(authority, tmp_path / "trusted.pem", "other.example")


def test_each_run_has_its_own(tmp_path: Path) -> None:
    """What one trusts is nothing to another."""
    one, other = RunAuthority([HOST], folder=tmp_path), RunAuthority([HOST], folder=tmp_path)
    one.write_bundle(tmp_path / "one.pem", {})

    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(other, tmp_path / "one.pem", HOST)


def test_no_key_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the TLS library reads it, only its owner can."""
    modes: list[int] = []
    load = ssl.SSLContext.load_cert_chain

    def seen(context: ssl.SSLContext, path: str) -> None:
        modes.append(stat.S_IMODE(Path(path).stat().st_mode))
        load(context, path)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", seen)
    authority = RunAuthority([HOST], folder=tmp_path)
    authority.write_bundle(tmp_path / "trusted.pem", {})

    assert modes == [0o600]
    assert [one.name for one in tmp_path.iterdir()] == ["trusted.pem"]
    assert b"PRIVATE KEY" not in (tmp_path / "trusted.pem").read_bytes()


def test_what_was_trusted_is_trusted(tmp_path: Path) -> None:
    """Of the user's own bundles each once; a variable that names nothing is passed over."""
    own = tmp_path / "own.pem"
    own.write_bytes(b"# own\n")
    environ = {"SSL_CERT_FILE": os.fspath(own), "REQUESTS_CA_BUNDLE": os.fspath(own), "AWS_CA_BUNDLE": "/nowhere"}
    RunAuthority([HOST], folder=tmp_path).write_bundle(tmp_path / "trusted.pem", environ)

    assert (tmp_path / "trusted.pem").read_bytes().count(b"# own") == 1


def test_clients_are_told_in_every_spelling() -> None:
    """In both cases, and for each library that has a variable of its own; loopback is excepted."""
    found = variables(proxy="127.0.0.1:7", bundle=Path("/run/trusted.pem"), hosts=[HOST, "mail.example"])

    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        assert found[name] == "http://127.0.0.1:7"
    assert found["NO_PROXY"] == found["no_proxy"] == "127.0.0.1,localhost,::1"
    assert {found[name] for name in (*BUNDLES, "NODE_EXTRA_CA_CERTS")} == {"/run/trusted.pem"}
    assert found[FAKED] == "api.pay.example,mail.example"
