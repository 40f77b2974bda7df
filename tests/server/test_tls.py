"""`reader serve` over TLS: only with a certificate, and nothing is readable on the way."""

import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from reader.cli.main import run
from reader.model.errors import UsageError
from reader.server.listener import tls_context
from tests.server.conftest import article_page
from tests.server.test_process import serving

NAME = "shelf.local"


@dataclass(frozen=True)
class Certificates:
    """PEM files of a server, and the context of a client that trusts their issuer."""

    certificate: Path
    key: Path
    client: ssl.SSLContext


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("certificates")
    issuer = trustme.CA()
    issued = issuer.issue_cert(NAME, "127.0.0.1")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    for number, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(str(certificate), append=bool(number))
    issued.private_key_pem.write_to_path(str(key))
    client = ssl.create_default_context()
    issuer.configure_trust(client)
    return Certificates(certificate, key, client)


class NamedConnection(http.client.HTTPSConnection):
    """A connection to this machine that asks for the server by its name in the network."""

    def __init__(self, port: int, context: ssl.SSLContext):
        super().__init__(NAME, port, context=context, timeout=30)
        self._tls = context

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self.sock = self._tls.wrap_socket(plain, server_hostname=NAME)


@pytest.mark.slow
def test_articles_are_saved_and_read_over_tls(settled: Path, certificates: Certificates) -> None:
    """By the name of `--name`; plain HTTP and other names get nothing, a stop does not wait for clients."""
    words = ("--lan", "--cert", str(certificates.certificate), "--key", str(certificates.key))

    with serving(*words, "--name", NAME) as server:
        connection = NamedConnection(server.port, certificates.client)
        heads = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
        page = article_page("The night ferry")
        body = json.dumps({"url": "https://a.example/1", "content": page})
        connection.request("POST", "/api/entries.json", body, heads)
        response = connection.getresponse()
        assert (response.status, json.loads(response.read())["title"]) == (200, "The night ferry")
        # The connection stays open: a handshake for each request would cost more than its answer.
        connection.request("GET", "/api/entries.json", headers=heads)
        assert json.loads(connection.getresponse().read())["total"] == 1
        connection.request("GET", "/api/entries.json", headers={**heads, "Host": "evil.example"})
        response = connection.getresponse()
        assert (response.status, b"ferry" in response.read()) == (403, False)
        connection.close()

        for sent in (
            b"GET /api/version HTTP/1.1\r\nHost: shelf.local\r\n\r\n",
            b"\x16\x03\x01\0\1a",
        ):
            with socket.create_connection(("127.0.0.1", server.port), timeout=20) as plain:
                plain.sendall(sent)
                plain.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: plain.recv(4096), b""))
                assert b"HTTP/1.1 200" not in answer
                assert b"ferry" not in answer
        stranger = ssl.create_default_context()
        with (
            socket.create_connection(("127.0.0.1", server.port), timeout=20) as plain,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            stranger.wrap_socket(plain, server_hostname=NAME)

        again = NamedConnection(server.port, certificates.client)
        again.request("GET", "/api/version", headers=heads)
        assert again.getresponse().read()
        server.process.terminate()
        _, errors = server.process.communicate(timeout=8)
        assert server.process.returncode == 0
        assert "not encrypted" not in errors
        assert "Traceback" not in errors
        again.close()


def test_old_protocols_are_refused(certificates: Certificates) -> None:
    """TLS 1.1 and older have known weaknesses."""
    context = tls_context(certificates.certificate, certificates.key)
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_a_certificate_and_a_key_that_do_not_belong_together(
    settled: Path, certificates: Certificates, tmp_path: Path
) -> None:
    """One line says what cannot be used; nothing listens before."""
    other = tmp_path / "other.pem"
    trustme.CA().issue_cert(NAME).private_key_pem.write_to_path(str(other))
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for certificate, key in (
        (certificates.certificate, other),
        (certificates.key, certificates.certificate),
        (empty, empty),
    ):
        with pytest.raises(UsageError, match="cannot be used"):
            run(["serve", "--lan", "--cert", str(certificate), "--key", str(key)])
