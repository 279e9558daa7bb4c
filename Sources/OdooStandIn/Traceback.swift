/// Python tracebacks along the way that a request takes through Odoo 17.
enum Traceback {
  typealias Frame = (file: String, line: Int, function: String)

  private static let serving: [Frame] = [("odoo/http.py", 1764, "_serve_db"), ("odoo/service/model.py", 133, "retrying")]
  private static let dispatching: [Frame] = [
    ("odoo/http.py", 1791, "_serve_ir_http"), ("odoo/http.py", 1995, "dispatch"),
    ("odoo/addons/base/models/ir_http.py", 222, "_dispatch"), ("odoo/http.py", 741, "route_wrapper"),
  ]

  /// Raised while a controller runs; `last` is the line with the exception's class.
  static func controller(_ frames: [Frame], raising last: String) -> String {
    text(serving + dispatching + frames, code: nil, last)
  }

  /// Raised by the dashboard module, whose sources are at hand: the last frame shows its line, with Python 3.11's markers below.
  static func model(_ function: String, raising last: String) -> String {
    let frames: [Frame] = [
      ("custom-addons/crm_executive_dashboard/controllers/main.py", 58, function),
      ("custom-addons/crm_executive_dashboard/models/crm_dashboard.py", 214, "_figures"),
    ]
    let code = "    share = won_revenue / len(records)\n            ~~~~~~~~~~~~^~~~~~~~~~~~~~\n"
    return text(serving + dispatching + frames, code: code, last)
  }

  static func authentication(raising last: String) -> String {
    let frames: [Frame] = [
      ("odoo/http.py", 1789, "_serve_ir_http"), ("odoo/addons/base/models/ir_http.py", 162, "_authenticate"),
      ("odoo/addons/base/models/ir_http.py", 141, "_auth_method_user"),
    ]
    return text(serving + frames, code: nil, last)
  }

  static func login(_ line: Int, _ function: String, raising last: String) -> String {
    let frames: [Frame] = [
      ("odoo/addons/web/controllers/session.py", 33, "authenticate"), ("odoo/http.py", 1006, "authenticate"),
      ("odoo/addons/base/models/res_users.py", 889, "authenticate"), ("odoo/addons/base/models/res_users.py", line, function),
    ]
    return controller(frames, raising: last)
  }

  /// A refused connection to PostgreSQL; its message has two lines and an empty one.
  static func connection(from frames: [Frame], _ refusal: String) -> String {
    let pool: [Frame] = [("odoo/sql_db.py", 752, "cursor"), ("odoo/sql_db.py", 267, "__init__"), ("odoo/sql_db.py", 681, "borrow")]
    return text(frames + pool, code: nil, "psycopg2.OperationalError: \(refusal)")
  }

  private static func text(_ frames: [Frame], code: String?, _ last: String) -> String {
    let lines = frames.map { "  File \"/opt/odoo/\($0.file)\", line \($0.line), in \($0.function)\n" }
    return "Traceback (most recent call last):\n" + lines.joined() + (code ?? "") + last + "\n"
  }
}
