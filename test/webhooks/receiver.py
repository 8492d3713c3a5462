"""Receives webhooks in Python, verified as docs/webhooks.md shows.

Started with the folder of that example, which is its module `example`. Reads a line of JSON from
standard input for each path, `{"path": ..., "secret": ..., "answers": [503]}`: from then on what
arrives there is verified by the secret, and answered by these statuses first. Prints one line of
JSON for its port, one for each line that it has read, and one for each request.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, sys.argv[1])
from example import is_genuine  # noqa: E402

endpoints = {}
lock = threading.Lock()


def say(line):
    with lock:
        print(json.dumps(line), flush=True)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        endpoint = endpoints[self.path]
        genuine = is_genuine(endpoint["secret"], self.headers, body)
        answers = endpoint["answers"]
        status = (answers.pop(0) if answers else 204) if genuine else 401
        say(
            {
                "path": self.path,
                "id": self.headers["webhook-id"],
                "signatures": len(self.headers["webhook-signature"].split(" ")),
                "genuine": genuine,
                "status": status,
                "type": json.loads(body)["type"] if genuine else None,
            }
        )
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        """Requests are printed as they are verified."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
say({"port": server.server_port})
for told in sys.stdin:
    endpoint = json.loads(told)
    endpoints[endpoint["path"]] = endpoint
    say({"listens": endpoint["path"]})
