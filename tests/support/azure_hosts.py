"""Hosts of Azure's, at a port of the emulator's on this machine."""

import http.client
import socket
import ssl

from wire import Answer


class HostConnection(http.client.HTTPSConnection):
    """Asks for the host by SNI and checks the certificate for it; the bytes go to 127.0.0.1 at `port`."""

    def __init__(self, host, port, authority, timeout=20):
        super().__init__(host, 443, timeout=timeout, context=ssl.create_default_context(cafile=authority))
        self.place = ("127.0.0.1", port)

    def connect(self):
        plain = socket.create_connection(self.place, self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)

    def ask(self, method, target, body=None, **headers):
        self.request(method, target, body=body, headers=headers)
        response = self.getresponse()
        return Answer(response, response.read())


def ask(host, port, authority, method, target, body=None, **headers):
    connection = HostConnection(host, port, authority)
    try:
        return connection.ask(method, target, body, **headers)
    finally:
        connection.close()
