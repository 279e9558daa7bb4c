internal import NIOCore

/// The bundles and static files: names and sizes of a real page load, contents made from a pattern.
struct Asset: Sendable {
  static let translationsHash = "4f1c0a52be3d97e86a11c5f20d7e94b3a86f5c21"
  static let menusHash = "b7e1f0c4d92a8835610fbc7e4d3a95260e8f1d7c4b6a59302817f6e5d4c3b2a1"

  static let webStyle = Asset("5d20b7e", "web.assets_web.min.css", 889_464, start: ".o_web_client{display:flex}")
  static let webScript = Asset("c41e9a3", "web.assets_web.min.js", 3_959_009, start: modules)
  static let frontendStyle = Asset("0fb6d38", "web.assets_frontend.min.css", 505_002, start: ".oe_login_form{display:block}")
  static let frontendMinimal = Asset("9ae2714", "web.assets_frontend_minimal.min.js", 12_058, start: "odoo.define('web.boot',()=>{});")
  static let frontendLazy = Asset("7c35f60", "web.assets_frontend_lazy.min.js", 1_577_527, start: "odoo.define('web.frontend',()=>{});")
  static let bundles = [webStyle, webScript, frontendStyle, frontendMinimal, frontendLazy]

  static let statics: [String: (type: String, bytes: ByteBuffer)] = [
    "/web/static/img/favicon.ico": ("image/vnd.microsoft.icon", picture(1150)),
    "/web/static/img/odoo-icon-ios.png": ("image/png", picture(27_552)),
    "/web/static/img/odoo-icon-192x192.png": ("image/png", picture(9_120)),
    "/web/static/src/libs/fontawesome/fonts/fontawesome-webfont.woff2": ("font/woff2", picture(77_160)),
  ]

  /// What the web client's bundle has to hold for the dashboards to be drawn: their modules, and the chart library.
  private static let modules =
    """
    odoo.define('@crm_executive_dashboard/js/crm_dashboard',['@odoo/owl'],()=>{class CrmExecutiveDashboard{}});
    odoo.define('@crm_executive_dashboard/js/strategic_dashboard',['@odoo/owl'],()=>{class StrategicDashboard{}});
    registry.category("actions").add("crm_executive_dashboard",CrmExecutiveDashboard);
    registry.category("actions").add("crm_strategic_dashboard",StrategicDashboard);
    /*! Chart.js v4.4.0 */window.Chart=class Chart{};

    """

  var hash: String
  var file: String
  var bytes: ByteBuffer

  var path: String { "/web/assets/\(hash)/\(file)" }
  var etag: String { "\"\(hash)-\(bytes.readableBytes)\"" }
  var type: String { file.hasSuffix(".css") ? "text/css; charset=utf-8" : "application/javascript; charset=utf-8" }

  private init(_ hash: String, _ file: String, _ size: Int, start: String) {
    (self.hash, self.file) = (hash, file)
    let css = file.hasSuffix(".css")
    let pattern = css ? ".o_form_view .o_group{margin:0 4px;color:#374151}\n" : "odoo.define('@web/core/part',[],()=>({part:1}));\n"
    var bytes = ByteBuffer(string: start)
    bytes.reserveCapacity(size + pattern.utf8.count)
    while bytes.writerIndex < size { bytes.writeString(pattern) }
    bytes.moveWriterIndex(to: size - 1)
    bytes.writeString("\n")
    self.bytes = bytes
  }

  static func picture(_ size: Int) -> ByteBuffer { ByteBuffer(bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }) }
}

extension Visit {
  /// A stale hash leads to the right URL; a bundle that Odoo does not know is the large 404.
  func asset() -> Answer {
    let parts = request.path.split(separator: "/").map(String.init)
    guard parts.count == 4, let bundle = Asset.bundles.first(where: { $0.file == parts[3] }) else { return notFound() }
    let missing = odoo.faults.setting(.assetMissing)
    if let missing, missing.route.map(request.path.hasPrefix) ?? (bundle.path == Asset.webScript.path) {
      odoo.faults.count(.assetMissing)
      return notFound()
    }
    guard parts[2] == bundle.hash else {
      return .redirect(to: bundle.path, cost: Cost(queries: 8, seconds: 0.02)).settingSession(session ?? Sessions.newID(), now: now)
    }
    let cost = Cost(queries: 3, seconds: 0.008)
    let caching = [("ETag", bundle.etag), ("Cache-Control", "public, max-age=31536000, immutable"), Answer.nosniff]
    if let known = request.header("if-none-match"), known.contains(bundle.etag) || known == "*" {
      return Answer(status: .notModified, headers: caching, body: .bytes(ByteBuffer()), cost: cost)
    }
    var answer = Answer.bytes(bundle.bytes, type: bundle.type, cost: cost)
    answer.headers += [("Content-Disposition", "inline; filename=\(bundle.file)"), ("Content-Security-Policy", "default-src 'none'")]
    answer.headers += caching
    return answer
  }

  func staticFile() -> Answer {
    guard let (type, bytes) = Asset.statics[request.path] else {
      return .text(Page.error(.notFound, Page.notFoundMessage), .notFound, cost: Cost(queries: 1, seconds: 0.002))
    }
    let name = request.path.split(separator: "/").last ?? ""
    var answer = Answer.bytes(bytes, type: type, cost: Cost(queries: 1, seconds: 0.004))
    answer.headers = [("Content-Disposition", "inline; filename=\(name)")] + answer.headers
    return answer.with(
      ("Last-Modified", "Tue, 09 Jul 2024 16:06:26 GMT"), ("Cache-Control", "public, max-age=604800"),
      ("Expires", now.adding(days: 7).http), ("ETag", "\"1720541186-\(bytes.readableBytes)-4252111720\""), Answer.nosniff,
      ("Content-Security-Policy", "default-src 'none'"))
  }
}
