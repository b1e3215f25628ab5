"""A TLS front with the host names of Azure on loopback ports, before an emulator that speaks plain HTTP.

It makes a certificate authority and certificates with the openssl command, ends TLS and passes bytes on, so that the
Host header reaches the emulator as the client sent it.
"""

import pathlib
import socket
import ssl
import subprocess
import tempfile
import threading
import urllib.parse


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    """A certificate authority of its own, with one certificate per host name."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.key = self.folder / "ca.key"
        self.certificate = self.folder / "ca.pem"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", str(self.key), "-out", str(self.certificate), "-days", "2", "-subj", "/CN=test authority",
                "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")

    def context_for(self, host):
        key, request, certificate, extensions = (
            self.folder / f"{host}.{ending}" for ending in ("key", "csr", "pem", "ext"))
        extensions.write_text(f"subjectAltName=DNS:{host}\nextendedKeyUsage=serverAuth\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", str(key),
                "-out", str(request), "-subj", f"/CN={host[:60]}")
        openssl("x509", "-req", "-in", str(request), "-CA", str(self.certificate), "-CAkey", str(self.key),
                "-CAcreateserial", "-out", str(certificate), "-days", "2", "-extfile", str(extensions))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context


def pump(source, target):
    try:
        while data := source.recv(1 << 16):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Front:
    """Listens on a free port of 127.0.0.1 with a certificate and passes every connection on to an address."""

    def __init__(self, context, target):
        url = urllib.parse.urlsplit(target)
        self.context = context
        self.target = (url.hostname, url.port)
        self.names = set()  # what clients asked for by SNI
        self.connections = 0
        context.sni_callback = lambda _socket, name, _context: self.names.add(name)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            outer = self.context.wrap_socket(connection, server_side=True)
            inner = socket.create_connection(self.target)
        except OSError:
            connection.close()
            return
        self.connections += 1
        # One thread per direction; a TLS socket may be read and written at the same time.
        threading.Thread(target=pump, args=(inner, outer), daemon=True).start()
        pump(outer, inner)

    def close(self):
        self.listener.close()


class AzureFronts:
    """Fronts for the Batch and Blob hosts of two accounts, with one authority."""

    def __init__(self, emulator, batch_host, blob_host):
        self.folder = tempfile.TemporaryDirectory(prefix="tls-front-")
        self.authority = Authority(self.folder.name)
        self.batch = Front(self.authority.context_for(batch_host), emulator.batch)
        self.blob = Front(self.authority.context_for(blob_host), emulator.blob)
        self.resolve = f"{batch_host}:443:127.0.0.1:{self.batch.port},{blob_host}:443:127.0.0.1:{self.blob.port}"
        self.ca_file = str(self.authority.certificate)

    def close(self):
        self.batch.close()
        self.blob.close()
        self.folder.cleanup()
