"""Writes a log as a busy Odoo 17 writes it: mostly requests, one record in a hundred with a traceback. The same at every run."""

import random

BLOCK = 20_000

ROUTES = [
    (14, "POST", "/web/dataset/call_kw/{model}/{method}", 12, 0.020),
    (6, "POST", "/web/dataset/call_button/{model}/action_confirm", 40, 0.090),
    (5, "GET", "/web/image/{model}/{id}/avatar_128", 3, 0.004),
    (4, "GET", "/web/image?model={model}&id={id}&field=image_128&unique={hash}", 3, 0.004),
    (3, "GET", "/web/assets/{hash}/web.assets_web.min.js", 2, 0.003),
    (3, "GET", "/web/content/{id}-{hash}/invoice.pdf?download=true", 9, 0.030),
    (4, "POST", "/crm/dashboard/data", 402, 0.310),
    (2, "POST", "/crm/dashboard/overdue", 8, 0.020),
    (2, "POST", "/crm/strategic/dashboard/data", 193, 0.140),
    (1, "GET", "/crm/dashboard/export?format=csv&date_from=2026-11-01&date_to=2026-11-{day:02d}", 402, 1.200),
    (3, "POST", "/web/action/load", 8, 0.010),
    (2, "POST", "/mail/init_messaging", 61, 0.060),
    (2, "GET", "/web/health", 2, 0.002),
    (2, "GET", "/my/orders/{id}?access_token={hash}", 55, 0.080),
    (1, "POST", "/web/session/authenticate", 58, 0.350),
    (1, "GET", "/web/login", 22, 0.030),
]
MODELS = ["res.partner", "crm.lead", "sale.order", "account.move", "mail.message", "res.users", "product.template", "stock.picking"]
METHODS = ["web_search_read", "web_read", "read", "search_count", "web_save", "name_search", "read_group", "onchange", "has_group"]
STATUSES = [200] * 90 + [304] * 4 + [303] * 3 + [404, 403, 500]
MESSAGES = [
    ("INFO", "odoo.addons.base.models.res_users", "Login successful for db:crm login:user{id} from 10.0.0.{day} "),
    ("INFO", "odoo.modules.registry", "Invalidating caches after database signaling: ['default', 'templates.cached_values'] "),
    ("INFO", "odoo.addons.base.models.ir_cron", "Starting job `Mail: Email Queue Manager`. "),
    ("INFO", "odoo.addons.base.models.ir_cron", "Job done: `Mail: Email Queue Manager` (0.003s). "),
    ("WARNING", "odoo.http", "You are not allowed to modify '{model}' records. "),
    ("WARNING", "odoo.models", "{model}.write() with unknown fields: x_studio_{day} "),
    ("INFO", "odoo.addons.mail.models.mail_mail", "Mail with ID {id} and Message-Id '<{hash}@erp.example.com>' successfully sent "),
]
EXCEPTIONS = [
    ("odoo.http", "Exception during request handling. ", "KeyError: 'planned_revenue'"),
    ("odoo.http", "Exception during request handling. ", "ValueError: Expected singleton: crm.lead({id}, {day})"),
    ("odoo.http", "Exception during request handling. ", 'psycopg2.errors.UndefinedColumn: column "x_{day}" does not exist\nLINE 1: SELECT x_{day} FROM crm_lead WHERE id = {id}\n               ^\n'),
    ("odoo.addons.base.models.ir_cron", "Call from cron Mail: Email Queue Manager for server action #{day} failed in Job #3 ", "TypeError: unsupported operand type(s) for +: 'int' and 'str'"),
]
FRAMES = """Traceback (most recent call last):
  File "/opt/odoo/odoo/http.py", line 2189, in __call__
    response = request._serve_db()
               ^^^^^^^^^^^^^^^^^^^
  File "/opt/odoo/odoo/http.py", line 1764, in _serve_db
    return service_model.retrying(self._serve_ir_http, self.env)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/opt/odoo/odoo/service/model.py", line 133, in retrying
    result = func()
             ^^^^^^
  File "/opt/odoo/odoo/http.py", line 1908, in dispatch
    return self.request.registry['ir.http']._dispatch(endpoint)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/opt/odoo/odoo/addons/base/models/ir_http.py", line 222, in _dispatch
    result = endpoint(**request.params)
             ^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/opt/odoo/custom-addons/shop_{module}/controllers/main.py", line {line}, in {function}
    return self._figures(**kwargs)
           ^^^^^^^^^^^^^^^^^^^^^^^
  File "/opt/odoo/custom-addons/shop_{module}/models/figures.py", line {day}, in _figures
    return sum(lead['planned_revenue'] for lead in leads)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
"""


class Writer:
    def __init__(self, seed=1):
        self.random = random.Random(seed)
        self.routes = [route for weight, *route in ROUTES for _ in range(weight)]
        self.milliseconds = 0
        self.words = [self.values() for _ in range(997)]
        self.at = 0

    def values(self):
        draw = self.random
        return {
            "model": draw.choice(MODELS), "method": draw.choice(METHODS), "id": draw.randrange(1, 90_000),
            "hash": f"{draw.getrandbits(160):040x}", "day": draw.randrange(1, 30),
            "line": draw.randrange(20, 900), "module": draw.randrange(1, 9), "function": draw.choice(["data", "overdue", "export"]),
        }

    def records(self, count):
        draw = self.random
        for _ in range(count):
            self.milliseconds += draw.randrange(1, 40)
            self.at = (self.at + 1) % len(self.words)
            yield self.record(draw.random(), self.words[self.at])

    def record(self, kind, words):
        draw = self.random
        seconds, fraction = divmod(self.milliseconds, 1000)
        day, seconds = 1 + seconds // 86_400 % 28, seconds % 86_400
        clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        head = f"2026-11-{day:02d} {clock},{fraction:03d} {draw.randrange(31_250, 31_258)}"
        if kind < 0.01:
            logger, message, exception = draw.choice(EXCEPTIONS)
            return f"{head} ERROR crm {logger}: {(message + chr(10) + FRAMES + exception).format_map(words)}\n"
        if kind < 0.10:
            level, logger, message = draw.choice(MESSAGES)
            return f"{head} {level} crm {logger}: {message.format_map(words)}\n"
        if kind < 0.12:
            path = "GET /websocket?version=17.0-3 HTTP/1.1"
            return f'{head} INFO crm longpolling: 10.0.0.{day} - - [2026-11-{day:02d} {clock}] "{path}" 101 129 0.01{fraction:03d} \n'
        method, path, queries, span = draw.choice(self.routes)
        span *= 0.3 + draw.random() ** 8 * 6
        request = f"{method} {path.format_map(words)} HTTP/1.1"
        cost = f"{queries + draw.randrange(3)} {span * 0.4:.3f} {span * 0.6:.3f}"
        date = f"{day:02d}/Nov/2026 {clock}"
        return f'{head} INFO crm werkzeug: 10.0.0.{day} - - [{date}] "{request}" {draw.choice(STATUSES)} - {cost}\n'


def write(path, size):
    """At least `size` bytes of whole records."""
    writer = Writer()
    written = 0
    with open(path, "wb") as file:
        while written < size:
            block = "".join(writer.records(BLOCK)).encode()
            file.write(block)
            written += len(block)


def repeat(paths, target, size):
    """The given logs one after the other, again and again, to at least `size` bytes; each begins with a record."""
    block = b"".join(open(path, "rb").read() for path in paths)
    with open(target, "wb") as file:
        for _ in range(-(-size // len(block))):
            file.write(block)
