"""A storage that is not ours: keeps what is put, and answers only while its gate is open."""

import http.server
import threading


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def next_refusal(self):
        store = self.server.store
        store.asked.append(self.path)
        store.gate.wait(60)
        refusals = store.refusals.get(self.path)
        return refusals.pop(0) if refusals else None

    def do_GET(self):
        refusal = self.next_refusal()
        body = self.server.store.bodies.get(self.path)
        if refusal is not None:
            self.answer(refusal)
        elif body is None:
            self.answer(404)
        else:
            self.answer(200, body)

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        refusal = self.next_refusal()
        if refusal is None:
            self.server.store.bodies[self.path] = body
            self.server.store.headers[self.path] = dict(self.headers)
        self.answer(refusal or 201)


class ForeignStore:
    def __init__(self):
        self.bodies = {}    # by path
        self.headers = {}   # of uploads, by path
        self.refusals = {}  # by path, the statuses to answer first
        self.asked = []     # the path of every request
        self.gate = threading.Event()
        self.gate.set()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.daemon_threads = True
        self.server.store = self
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def stop(self):
        self.gate.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
