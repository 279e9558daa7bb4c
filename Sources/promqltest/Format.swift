import ArgumentParser
import PromQL

struct Format: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "format", abstract: "Print expressions as `promtool promql format` does.", shouldDisplay: false)

  @Argument(help: "Expressions to print.")
  var expressions: [String]

  func run() throws {
    for text in expressions {
      do {
        print(try Expression(parsing: text).pretty)
      } catch {
        throw ValidationError("\(error)")
      }
    }
  }
}
