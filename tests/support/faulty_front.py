"""An HTTP front before an emulator that answers 503, or loses connections, as a test asks it to, and passes the rest on."""

import http.client
import http.server
import socket
import struct
import threading
import urllib.parse

HOP = {"connection", "transfer-encoding", "keep-alive"}


class Fault:
    """What becomes of one request."""


class Answer(Fault):
    """The service is not asked."""

    def __init__(self, status, body=b"", **headers):
        self.status, self.body, self.headers = status, body, {name.replace("_", "-"): value for name, value in headers.items()}


class CutBefore(Fault):
    """The connection ends before the service has seen the request."""


class CutAfter(Fault):
    """The service carries the request out, and its answer is lost."""


class CutAmid(Fault):
    """Half of the answer's body comes."""


class Spoil(Fault):
    """The service gets another byte than was sent."""


class Hold(Fault):
    """Nothing comes until the front is closed."""


def server_busy(milliseconds=1):
    return Answer(503, b'<?xml version="1.0"?><Error><Code>ServerBusy</Code><Message>Busy.</Message></Error>',
                  x_ms_error_code="ServerBusy", x_ms_retry_after_ms=str(milliseconds), Content_Type="application/xml")


class FaultyFront:
    """`choose(method, target, number)` says what becomes of a request: a Fault, or None to pass it on. Use it as a context manager."""

    def __init__(self, url, choose=lambda method, target, number: None):
        self.inner = urllib.parse.urlsplit(url)
        self.choose = choose
        self.requests = []  # (method, target, range)
        self.lock = threading.Lock()
        self.closed = threading.Event()
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def handle_any(self):
                front.handle(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_PATCH = handle_any

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request, client_address):
                """A client that went away is nothing to tell of."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}{self.inner.path}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def handle(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        with self.lock:
            self.requests.append((handler.command, handler.path, handler.headers.get("x-ms-range", "")))
            fault = self.choose(handler.command, handler.path, len(self.requests))
        if isinstance(fault, Answer):
            self.send(handler, fault.status, fault.headers.items(), fault.body)
        elif isinstance(fault, Hold):
            self.closed.wait()
            cut(handler)
        elif isinstance(fault, CutBefore):
            cut(handler)
        else:
            self.pass_on(handler, body, fault)

    def pass_on(self, handler, body, fault):
        if isinstance(fault, Spoil):
            body = bytes([body[0] ^ 1]) + body[1:]
        inner = http.client.HTTPConnection(self.inner.hostname, self.inner.port, timeout=60)
        try:
            inner.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
            for name, value in handler.headers.items():
                if name.lower() not in HOP and name.lower() != "expect":
                    inner.putheader(name, value)
            inner.endheaders(body)
            response = inner.getresponse()
            data = response.read()
        finally:
            inner.close()
        if isinstance(fault, CutAfter):
            cut(handler)
            return
        headers = [(name, value) for name, value in response.getheaders()
                   if name.lower() not in HOP and (name.lower() != "content-length" or handler.command == "HEAD")]
        self.send(handler, response.status, headers, data, isinstance(fault, CutAmid))

    @staticmethod
    def send(handler, status, headers, body, is_cut=False):
        handler.send_response_only(status)
        for name, value in headers:
            handler.send_header(name, value)
        if handler.command != "HEAD":
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body[:len(body) // 2] if is_cut else body)
        if is_cut:  # politely: a reset might overtake the half that was sent
            handler.wfile.flush()
            handler.close_connection = True

    def count(self, method, words):
        with self.lock:
            return sum(1 for verb, target, _ in self.requests if verb == method and words in target)

    def ranges(self):
        with self.lock:
            return [wanted for _, _, wanted in self.requests if wanted]

    def forget(self):
        with self.lock:
            self.requests.clear()

    def close(self):
        self.closed.set()
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def cut(handler):
    """A reset rather than a polite end."""
    handler.wfile.flush()
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()
