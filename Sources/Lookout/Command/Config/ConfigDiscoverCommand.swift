import ArgumentParser
import Foundation

/// `lookout config discover [--root DIR]`
struct ConfigDiscoverCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discover", abstract: "Find Odoo on this machine and print a configuration to fill in.",
    discussion: """
      Looks at odoo.conf in the usual places, at systemd's units and the running processes, at PostgreSQL's sockets and at nginx and \
      Apache in front. Best run as the user that the agent will have: what that one may not read is said, with the cure. Nothing is \
      changed and nothing is asked over the network.
      """)

  @Option(
    name: .long,
    help: ArgumentHelp("A directory that holds the files of another machine (a mounted disk, say).", valueName: "directory"))
  var root: String?

  func run() async throws {
    let tree = FileTree(root: root ?? "")
    guard root == nil || tree.isDirectory("/") else { throw AgentError("\(root ?? "") is no directory that can be read") }
    let discovery = Discovery(tree)
    guard !discovery.odoos.isEmpty else { throw AgentError(([Discovery.nothing] + discovery.notes).joined(separator: "\nlookout: ")) }
    print(DiscoveredConfiguration(discovery: discovery).text, terminator: "")
    for note in discovery.notes { FileHandle.standardError.write(Data("lookout: \(note.oneLine)\n".utf8)) }
  }
}

extension Discovery {
  static let nothing =
    "found no Odoo here: no odoo.conf in /etc, /etc/odoo or /opt/odoo, no unit of systemd and no process that runs one;"
    + " write the file by hand (five lines are enough, see README.md)"
}
