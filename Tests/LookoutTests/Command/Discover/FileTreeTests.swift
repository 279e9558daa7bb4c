import Foundation
import Testing

@testable import Lookout

@Suite("The files of a machine in a directory")
struct FileTreeTests {
  @Test("links lead to where they would lead on that machine, and never out of the directory")
  func links() throws {
    let files = [
      "/etc/a": "->/opt/b", "/opt/b": "->c", "/opt/c": "text", "/etc/up": "->../../../../../../opt/c", "/etc/out": "->/etc/passwd",
      "/loop": "->/loop", "/dir": "->/opt",
    ]
    try withTree(files) { tree in
      for path in ["/etc/a", "/etc/up", "/dir/b"] {
        let text = try tree.text(path)
        #expect(text == "text")
      }
      for path in ["/etc/out", "/loop", "/nowhere", "/etc/a/b", "/../../../etc/passwd"] {
        #expect(throws: FileTree.Trouble.absent, "\(path)") { try tree.text(path) }
      }
      #expect(tree.names(in: "/dir") == ["b", "c"] && tree.link("/etc/a") == "/opt/b" && tree.link("/opt/c") == nil)
    }
  }

  @Test("what is too large, no file or no text says so, and a pipe is not waited for")
  func odd() throws {
    try withTree(["/large": String(repeating: "x", count: 2000), "/nul": "a\u{0}b", "/d/x": ""]) { tree in
      #expect(throws: FileTree.Trouble.tooLarge) { try tree.text("/large", limit: 1999) }
      let whole = try tree.text("/large", limit: 2000)
      #expect(whole.count == 2000)
      #expect(throws: FileTree.Trouble.noFile) { try tree.text("/d") }
      #expect(throws: FileTree.Trouble.isBroken("it holds NUL bytes: this is no text file")) { try tree.text("/nul") }
      #expect(mkfifo(tree.root + "/pipe", 0o600) == 0)
      #expect(throws: FileTree.Trouble.noFile) { try tree.text("/pipe") }
    }
  }

  @Test("without a directory it is this machine's files")
  func machine() {
    #expect(FileTree().isDirectory("/proc/self") && FileTree(root: "/").root.isEmpty && FileTree(root: "/x/").root == "/x")
  }
}
