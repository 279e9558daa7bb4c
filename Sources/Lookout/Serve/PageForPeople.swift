/// The frame of every page that a person reads: one file, without scripts, that needs nothing beside itself.
enum PageForPeople {
  static let contentType = "text/html; charset=utf-8"

  /// - Parameters:
  ///   - refresh: seconds after which it loads itself anew; nil where it does not.
  ///   - style: what it needs beside the style that all pages share.
  static func html(title: Markup, refresh: Int? = nil, style: Markup = "", body: Markup) -> String {
    let reload: Markup = refresh.map { "<meta http-equiv=\"refresh\" content=\"\(String($0))\">\n" } ?? ""
    let page: Markup = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      \(reload)<title>\(title) - Lookout</title>
      <style>
      \(sharedStyle)\(style)</style>
      </head>
      \(body)
      </html>

      """
    return page.html
  }
}
