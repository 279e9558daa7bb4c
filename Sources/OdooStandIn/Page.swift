/// The HTML that Odoo and Werkzeug answer with. What monitors look for is as in Odoo; the rest is only as much as a page needs.
enum Page {
  static let notFoundMessage =
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again."
  static let failedMessage =
    "The server encountered an internal error and was unable to complete your request. "
    + "Either the server is overloaded or there is an error in the application."

  static func escaped(_ text: String) -> String {
    text.reduce(into: "") { escaped, character in
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&#34;"
      case "'": escaped += "&#39;"
      default: escaped.append(character)
      }
    }
  }

  /// `POST /no/such` → `No Such`: phrases are printed in title case.
  private static func title(_ status: Status) -> String {
    status.phrase.split(separator: " ").map { $0.prefix(1) + $0.dropFirst().lowercased() }.joined(separator: " ")
  }

  /// Werkzeug's error page; `message` is HTML.
  static func error(_ status: Status, _ message: String) -> String {
    let title = title(status)
    return "<!doctype html>\n<html lang=en>\n<title>\(status.code) \(title)</title>\n<h1>\(title)</h1>\n<p>\(message)</p>\n"
  }

  static func redirect(to location: String) -> String {
    let url = escaped(location)
    return "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n"
      + "<p>You should be redirected automatically to the target URL: <a href=\"\(url)\">\(url)</a>. If not, click the link.\n"
  }

  private static func page(_ title: String, token: String?, head: String, body: String) -> String {
    let odoo = token.map { "<script>var odoo = {csrf_token: \"\($0)\", debug: \"\"};</script>\n" } ?? ""
    return """
      <!DOCTYPE html>
      <html>
      <head>
      <meta charset="utf-8"/>
      <title>\(title)</title>
      <link rel="shortcut icon" type="image/x-icon" href="/web/static/img/favicon.ico"/>
      \(odoo)\(head)
      </head>
      \(body)
      </html>

      """
  }

  private static let frontend = """
    <link rel="stylesheet" type="text/css" href="\(Asset.frontendStyle.path)"/>
    <script type="text/javascript" defer="defer" src="\(Asset.frontendMinimal.path)"></script>
    <script type="text/javascript" defer="defer" data-src="\(Asset.frontendLazy.path)"></script>
    """

  static func login(token: String, alert: String?, login: String) -> String {
    let warning = alert.map { "<p class=\"alert alert-danger\" role=\"alert\">\(escaped($0))</p>\n" } ?? ""
    let body = """
      <body class="bg-100">
      <img alt="Logo" src="/web/binary/company_logo"/>
      <form class="oe_login_form" role="form" method="post" action="/web/login">
      <input type="hidden" name="csrf_token" value="\(token)"/>
      <label for="login">Email</label> <input type="text" name="login" id="login" value="\(escaped(login))"/>
      <label for="password">Password</label> <input type="password" name="password" id="password"/>
      \(warning)<button type="submit" class="btn btn-primary">Log in</button>
      <input type="hidden" name="redirect"/>
      </form>
      </body>
      """
    return page("Odoo", token: token, head: frontend, body: body)
  }

  static func webClient(token: String, session: JSON) -> String {
    let head = """
      <link rel="manifest" href="/web/manifest.webmanifest"/>
      <script type="text/javascript">odoo.__session_info__ = \(session.text.replacingTagEnds());</script>
      <link type="text/css" rel="stylesheet" href="\(Asset.webStyle.path)"/>
      <script type="text/javascript" src="\(Asset.webScript.path)" onerror="__odooAssetError=1"></script>
      """
    return page("Odoo", token: token, head: head, body: "<body class=\"o_web_client\">\n</body>")
  }

  /// The page of an Odoo that has its database: about 6 kB, most of it the frame around the message.
  static func notFound(token: String) -> String {
    let shelf = (1...60).map { "<li class=\"list-inline-item mb-2\"><a href=\"/\" class=\"btn btn-primary\">Home \($0)</a></li>" }
    let body = """
      <body>
      <header id="top"><nav><a href="/" class="navbar-brand logo">Stand-in Ltd</a> <a href="/web/login" class="nav-link">Sign in</a></nav></header>
      <main>
      <h1 class="visually-hidden">Error 404</h1>
      <p>There is no such page here.</p>
      <ul class="list-inline">
      \(shelf.joined(separator: "\n"))
      </ul>
      </main>
      </body>
      """
    return page("Odoo", token: token, head: frontend, body: body)
  }

  static let databaseSelector = page(
    "Odoo", token: nil, head: "<meta name=\"viewport\" content=\"width=device-width\"/>",
    body: "<body class=\"o_database_list\">\n<a href=\"/web/database/manager\">Manage databases</a>\n</body>")

  static let databaseManagerDisabled = page(
    "Odoo", token: nil, head: "",
    body: "<body class=\"o_database_list\">\n<div>The database manager has been disabled by the administrator</div>\n</body>")

  static let maintenance = page(
    "Maintenance", token: nil, head: "", body: "<body>\n<h1>Down for maintenance</h1>\n<p>Come back in a few minutes.</p>\n</body>")
}

extension String {
  /// Keeps JSON inside a script element from ending it.
  fileprivate func replacingTagEnds() -> String { split(separator: "</", omittingEmptySubsequences: false).joined(separator: "<\\/") }
}
