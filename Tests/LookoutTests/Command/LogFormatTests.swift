import Foundation
import Logging
import Testing

@testable import Lookout

@Suite struct LogFormatTests {
  private func line(_ format: LogFormat, _ message: String, _ metadata: Logger.Metadata = [:], level: Logger.Level = .info) -> String {
    format.line(servedNow, level, message, metadata)
  }

  @Test("each format has its shape")
  func shapes() throws {
    let values: Logger.Metadata = ["path": "/a", "error": "no such file"]
    #expect(
      line(.text, "it went wrong", values, level: .error) == "2026-11-22T13:09:09.329Z error it went wrong error=\"no such file\" path=/a\n"
    )
    #expect(line(.journal, "it went wrong", values, level: .error) == "<3>it went wrong error=\"no such file\" path=/a\n")
    #expect(
      line(.json, "it went wrong", values, level: .error)
        == #"{"time":"2026-11-22T13:09:09.329Z","level":"error","message":"it went wrong","metadata":{"error":"no such file","path":"/a"}}"#
        + "\n")
    #expect(line(.json, "well") == #"{"time":"2026-11-22T13:09:09.329Z","level":"info","message":"well"}"# + "\n")
    let levels: [(Logger.Level, Int)] = [(.critical, 2), (.warning, 4), (.notice, 5), (.info, 6), (.debug, 7), (.trace, 7)]
    for (level, priority) in levels { #expect(line(.journal, "x", level: level) == "<\(priority)>x\n") }
  }

  private static let hostile = [
    "a\n<0>forged", "a\r<0>b", "\u{0}", "\u{1b}[2J\u{1b}]0;title\u{7}", "\u{9b}31m", "\u{85}next", "\u{2028}line\u{2029}", "\u{202e}drow",
    "\u{200b}\u{feff}", "\u{e0041}", "\" level=critical x=\"", #"\n"#, "\u{7f}", "", "äöü 漢字 🙂", String(repeating: "\n", count: 100_000),
    String(repeating: "x", count: 1_000_000), "\u{fffd}",
  ]

  @Test("nothing in a message, a name or a value makes a second line or steers a terminal", arguments: LogFormat.allCases, hostile)
  func harmless(_ format: LogFormat, _ text: String) throws {
    let written = line(format, text, ["value": "\(text)", "list": ["\(text)"], text: "x"])
    #expect(written.hasSuffix("\n") && written.utf8.count { $0 == 0x0a } == 1)
    // The journal would cut it from here on.
    #expect(written.utf8.count < 48 << 10)
    let scalars = written.dropLast().unicodeScalars
    #expect(scalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) && $0.properties.generalCategory != .format })
    #expect(!scalars.contains("\u{2028}") && !scalars.contains("\u{2029}"))
    guard format == .json else { return }
    let object = try #require(try JSONSerialization.jsonObject(with: Data(written.utf8)) as? [String: Any])
    #expect(Set(object.keys).isSubset(of: ["time", "level", "message", "metadata"]) && object["level"] as? String == "info")
    if text.utf8.count < 1000 {
      #expect(object["message"] as? String == text)
      #expect((object["metadata"] as? [String: String])?["value"] == text || text == "value")
    }
  }

  @Test("a value cannot pass itself off as another one")
  func quoting() {
    #expect(line(.journal, "m", ["a": "x b=\"y\"", "b": #"\"#]) == #"<6>m a="x b=\"y\"" b=\"# + "\n")
    #expect(line(.journal, "m", ["a": #"x \" b=c"#]) == #"<6>m a="x \\\" b=c""# + "\n")
  }

  @Test("it is the journal's format where standard error is the journal's stream, else text")
  func usual() throws {
    let pipe = Pipe()
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    var status = stat()
    #expect(fstat(descriptor, &status) == 0)
    func usual(_ stream: String?) -> LogFormat {
      LogFormat.usual(stream.map { ["JOURNAL_STREAM": $0] } ?? [:], descriptor: descriptor)
    }
    #expect(usual("\(status.st_dev):\(status.st_ino)") == .journal)
    #expect(usual("\(status.st_dev):\(status.st_ino + 1)") == .text)
    #expect(usual(nil) == .text && usual("") == .text && usual("1:2:3") == .text)
    #expect(LogFormat.usual(["JOURNAL_STREAM": "1:1"], descriptor: -1) == .text)
  }

  @Test("a log that cannot be written ends nothing")
  func unwritable() {
    AgentLog.write("x\n", to: -1)
    let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
    defer { close(full) }
    AgentLog.write("x\n", to: full)
  }
}
