"""What the benchmarks set up on this machine: a PostgreSQL, the stand-in Odoo, the agent and a webhook, all on loopback and in a folder
of their own that is gone afterwards.

Needs python3, PostgreSQL's server programs, setpriv, and LOOKOUT_BIN (else .build/release/lookout).
"""

import contextlib
import glob
import http.client
import http.server
import json
import os
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOOKOUT = os.environ.get("LOOKOUT_BIN") or os.path.join(ROOT, ".build/release/lookout")

# Of Odoo's tables those that the agent reads.
TABLES = """
CREATE EXTENSION pg_stat_statements;
CREATE TABLE mail_mail (id serial, state varchar, failure_reason text, scheduled_date timestamp, create_date timestamp, write_date timestamp);
CREATE TABLE ir_cron (id serial, cron_name varchar, active boolean, nextcall timestamp);
INSERT INTO ir_cron (cron_name, active, nextcall) SELECT 'job ' || n, true, now() + interval '1 day' FROM generate_series(1, 20) AS n;
"""


def free_port(low=20000, high=32768):
    """Below the ports of outgoing connections: it stays free while its server is stopped."""
    for _ in range(200):
        port = random.randrange(low, high)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    sys.exit("no free port on 127.0.0.1")


@contextlib.contextmanager
def folder():
    path = tempfile.mkdtemp(prefix="lookout-bench-")
    # PostgreSQL's user has to reach its own folder in it.
    os.chmod(path, 0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def figure(name, value, unit, bound=None, peer="", below=True):
    """One line for a person and for whoever compares runs; whether the bound holds."""
    holds = bound is None or (value <= bound if below else value >= bound)
    details = f" (bound {bound:g}) {'ok' if holds else 'short'}" if bound is not None else ""
    print(f"figure {name} {value:.4g} {unit}{details}{' ' + peer if peer else ''}", flush=True)
    return holds


class Processes:
    """Children that end with this process, however that comes, each with its output in a file."""

    def __init__(self, path):
        self.path = path
        self.running = {}

    def start(self, name, *command, environment=None):
        log = open(f"{self.path}/{name}.log", "wb")
        everything = {**os.environ, **(environment or {})}
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "--", *command], cwd=self.path, stdout=log, stderr=log, env=everything)
        self.running[name] = process
        return process

    def said(self, name, pattern, limit=30):
        """What a process printed, once it did."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            found = re.search(pattern, open(f"{self.path}/{name}.log").read())
            if found:
                return found
            time.sleep(0.02)
        raise SystemExit(f"{name} did not say {pattern}: " + open(f"{self.path}/{name}.log").read()[-1000:])

    def end(self, name, how=signal.SIGTERM):
        process = self.running.pop(name, None)
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def end_all(self):
        for name in reversed(list(self.running)):
            self.end(name)

    def usage(self, name):
        """CPU seconds since it began, and resident bytes now (proc(5))."""
        pid = self.running[name].pid
        fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        pages = int(open(f"/proc/{pid}/statm").read().split()[1])
        return seconds, pages * os.sysconf("SC_PAGESIZE")


class Webhook:
    """Keeps when each message came; answers every request with 200."""

    def __init__(self):
        webhook = self
        self.messages = []
        self.news = threading.Condition()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                arrived = time.monotonic()
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                with webhook.news:
                    for alert in body["alerts"]:
                        webhook.messages.append((arrived, alert["status"], alert["labels"]["alertname"]))
                    webhook.news.notify_all()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, status, name, since, limit):
        """The moment at which such a message came after `since`."""
        deadline = time.monotonic() + limit
        with self.news:
            while True:
                found = [at for at, one, alert in self.messages if at >= since and one == status and alert == name]
                if found:
                    return found[0]
                left = deadline - time.monotonic()
                if left <= 0:
                    raise SystemExit(f"no {status} {name} within {limit} s; came: {self.messages[-5:]}")
                self.news.wait(left)

    def end(self):
        self.server.shutdown()


class PostgreSQL:
    """A server on loopback in a folder of its own, as an ordinary user where this runs as root."""

    def __init__(self, path):
        homes = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda home: int(home.split("/")[4]), reverse=True)
        self.programs = next((home for home in homes if os.access(home + "/initdb", os.X_OK)), None)
        if self.programs is None:
            sys.exit("no PostgreSQL server programs in /usr/lib/postgresql: apt-get install postgresql")
        self.folder = path + "/postgresql"
        os.mkdir(self.folder, 0o700)
        self.user = []
        if os.geteuid() == 0:
            entry = pwd.getpwnam("postgres")
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
            self.user = ["--reuid", str(entry.pw_uid), "--regid", str(entry.pw_gid), "--clear-groups"]
        self.port = free_port()
        self.process = None
        self.run("initdb", "-D", "data", "-U", "lookout", "-A", "trust", "--locale=C", "-E", "UTF8", "--no-sync", "--no-instructions")
        self.start()
        self.sql("CREATE DATABASE crm", "postgres")
        self.sql(TABLES)

    def sql(self, text, database="crm"):
        self.run("psql", "-q", "-h", self.folder, "-p", str(self.port), "-U", "lookout", "-d", database, "-c", text)

    def confined(self, program, *arguments):
        return ["setpriv", "--pdeathsig", "KILL", *self.user, "--", f"{self.programs}/{program}", *arguments]

    def run(self, *command):
        subprocess.run(self.confined(*command), cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def start(self):
        options = [
            "listen_addresses=127.0.0.1", f"port={self.port}", f"unix_socket_directories={self.folder}", "fsync=off",
            "shared_preload_libraries=pg_stat_statements",
        ]
        command = self.confined("postgres", "-D", "data", *[word for option in options for word in ("-c", option)])
        with open(self.folder + "/../postgresql.log", "a") as log:
            self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
        while True:
            ready = self.confined("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port))
            if subprocess.run(ready, cwd=self.folder).returncode == 0:
                return
            if self.process.poll() is not None:
                sys.exit("PostgreSQL did not start: " + open(self.folder + "/../postgresql.log").read()[-500:])
            time.sleep(0.1)

    def stop(self, how=signal.SIGINT):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(20)


class Scene:
    """PostgreSQL, the stand-in Odoo, a webhook, and an agent that can be started and ended."""

    def __init__(self, path, checks):
        self.path = path
        self.checks = checks
        self.processes = Processes(path)
        self.webhook = Webhook()
        self.postgresql = PostgreSQL(path)
        self.odoo_log = path + "/odoo-server.log"
        self.odoo_port, self.control = free_port(), free_port()
        try:
            self.start_odoo()
            with open(path + "/odoo.password", "w") as file:
                file.write("monitor\n")
        except BaseException:
            self.end()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        self.processes.end_all()
        self.postgresql.stop()
        self.webhook.end()

    def start_odoo(self):
        self.processes.start(
            "odoo", LOOKOUT, "stand-in", "--port", str(self.odoo_port), "--control-port", str(self.control), "--log", self.odoo_log,
            "--database-port", str(self.postgresql.port))
        self.processes.said("odoo", r"listening (\d+) (\d+)")

    def start_agent(self, more=""):
        """An agent that knows of nothing before it."""
        shutil.rmtree(self.path + "/state", ignore_errors=True)
        with open(self.path + "/lookout.yml", "w") as file:
            file.write(f"""
odoo: {{url: "http://127.0.0.1:{self.odoo_port}", database: crm, login: monitor, password_file: odoo.password}}
postgresql: {{host: 127.0.0.1, port: {self.postgresql.port}, user: lookout}}
log: {{file: odoo-server.log}}
checks: {self.checks}
notify: {{webhook: "http://127.0.0.1:{self.webhook.port}/"}}
listen: 127.0.0.1:0
state_directory: state
{more}
""")
        self.processes.start("agent", LOOKOUT, "run", "--config", self.path + "/lookout.yml")
        self.pages = int(self.processes.said("agent", r"pages=http://127\.0\.0\.1:(\d+)/").group(1))

    def health(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.pages}/health") as page:
                return json.load(page)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def wait_until_well(self, limit=90):
        """Errors in the log are remembered for five minutes; they are no fault of now."""
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            checks = self.health()["checks"]
            if all(one["status"] == "pass" for name, all in checks.items() if not name.endswith(":log") for one in all):
                return
            time.sleep(0.1)
        ill = {name: [one.get("output") for one in all] for name, all in checks.items() if any(one["status"] != "pass" for one in all)}
        raise SystemExit(f"the installation does not become well: {ill}\n" + open(self.path + "/agent.log").read()[-1000:])

    def switch(self, fault, on):
        """Turns a fault of the stand-in on or off."""
        url = f"http://127.0.0.1:{self.control}/stand-in/faults/{fault}"
        urllib.request.urlopen(urllib.request.Request(url, method="POST" if on else "DELETE"), timeout=10).close()

    def session(self):
        """A user's session cookie."""
        body = json.dumps({"jsonrpc": "2.0", "params": {"db": "crm", "login": "monitor", "password": "monitor"}}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.odoo_port}/web/session/authenticate", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.headers["Set-Cookie"].split(";")[0]


class Users:
    """A few requests a second, so that the log has something to tell."""

    def __init__(self, place):
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(place,), daemon=True)
        self.thread.start()

    def run(self, place):
        cookie = ""
        while not self.over.wait(0.3):
            # Odoo may be broken on purpose, and a session be gone after that.
            with contextlib.suppress(OSError, http.client.HTTPException, AttributeError):
                cookie = cookie or place.session()
                request = urllib.request.Request(
                    f"http://127.0.0.1:{place.odoo_port}/crm/dashboard/overdue", b'{"params": {}}',
                    {"Content-Type": "application/json", "Cookie": cookie})
                with urllib.request.urlopen(request, timeout=10) as answer:
                    if b"Session Expired" in answer.read(1 << 16):
                        cookie = ""

    def end(self):
        self.over.set()
        self.thread.join()


def main(body):
    """Runs a benchmark to its end, in a folder that is gone afterwards; exits 1 when a bound does not hold."""
    if not os.access(LOOKOUT, os.X_OK):
        sys.exit(f"{LOOKOUT} is not there: run `make build`, or set LOOKOUT_BIN")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with folder() as path:
        sys.exit(0 if body(path) else 1)
