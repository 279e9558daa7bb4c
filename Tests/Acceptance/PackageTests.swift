import Foundation
import Glibc
import Testing

/// What `make install` and `make deb` put where, and take away again. Nothing is compiled for that: the built program is packed as it is.
@Suite(.serialized, .needsProgram)
struct PackageTests {
  private func make(_ target: String, _ variables: [String: String], in folder: String) async throws -> (status: String, said: String) {
    let all = variables.merging(["BINARY": try Built.path(), "DESTDIR": "\(folder)/root"]) { $1 }
    let command = ["make", "--no-print-directory", "-C", Tool.packageRoot, target] + all.map { "\($0.key)=\($0.value)" }.sorted()
    let ended = try await run(command, in: folder, within: .seconds(120))
    return ("\(ended.status)", ended.output + ended.errors)
  }

  private static let mode: [String: Int] = [
    "bin/lookout": 0o755, "lib/systemd/system/lookout.service": 0o644, "lib/sysusers.d/lookout.conf": 0o644,
    "share/man/man1/lookout.1": 0o644, "share/doc/lookout/README.md": 0o644, "share/doc/lookout/examples/lookout.example.yml": 0o644,
    "share/lookout/alerts/odoo.rules.yml": 0o644, "share/lookout/alerts/odoo.test.yml": 0o644, "share/lookout/alerts/README.md": 0o644,
    "share/lookout/alerts/alertmanager.yml": 0o644,
  ]

  @Test(
    "make install puts each file in its place with its mode, and the unit starts the program where it lies",
    arguments: ["/usr/local", "/usr"])
  func install(prefix: String) async throws {
    try await withFolder { folder in
      let made = try await make("install", ["PREFIX": prefix], in: folder)
      #expect(made.status == "exited(0)", "\(made.said)")
      let root = Tree("\(folder)/root")
      for (path, mode) in Self.mode { #expect(root.mode("\(prefix)/\(path)") == mode, "\(path)") }
      #expect(root.mode("/etc/lookout/lookout.yml") == 0o644)
      #expect(root.files.count == Self.mode.count + 1, "\(root.files)")
      #expect(
        root.text("\(prefix)/lib/systemd/system/lookout.service").contains(
          "\nExecStart=\(prefix)/bin/lookout run --config /etc/lookout/lookout.yml\n"))
      #expect(root.text("\(prefix)/share/man/man1/lookout.1").contains("\(prefix)/share/doc/lookout/examples/lookout.example.yml"))
      #expect(root.text("/etc/lookout/lookout.yml") == root.text("\(prefix)/share/doc/lookout/examples/lookout.example.yml"))
      let said = try await run(["\(folder)/root\(prefix)/bin/lookout", "--version"], in: folder)
      #expect("\(said.status)" == "exited(0)" && said.output.contains("."))
      let gone = try await make("uninstall", ["PREFIX": prefix], in: folder)
      #expect(gone.status == "exited(0)" && root.files.isEmpty, "\(gone.said) \(root.files)")
    }
  }

  @Test("a configuration that is there is neither overwritten nor taken away")
  func keepsConfiguration() async throws {
    try await withFolder { folder in
      let root = Tree("\(folder)/root")
      try FileManager.default.createDirectory(atPath: "\(folder)/root/etc/lookout", withIntermediateDirectories: true)
      try root.write("/etc/lookout/lookout.yml", "odoo: mine\n")
      let made = try await make("install", [:], in: folder)
      #expect(made.status == "exited(0)" && made.said.contains("lookout.yml is left as it is"))
      #expect(root.text("/etc/lookout/lookout.yml") == "odoo: mine\n")
      _ = try await make("uninstall", [:], in: folder)
      #expect(root.files == ["/etc/lookout/lookout.yml"])
    }
  }

  @Test("without a built program there is nothing to install, which is said")
  func nothingBuilt() async throws {
    try await withFolder { folder in
      let command = ["make", "-C", Tool.packageRoot, "install", "BINARY=\(folder)/none", "DESTDIR=\(folder)/root"]
      let ended = try await run(command, in: folder)
      #expect("\(ended.status)" != "exited(0)" && ended.errors.contains("run `make build` first"))
      #expect(Tree("\(folder)/root").files.isEmpty)
    }
  }

  // MARK: - The package

  /// Builds the package, hardly packed, for that takes most of the time.
  private func withPackage(_ body: (_ package: String, _ folder: String) async throws -> Void) async throws {
    try await withFolder { folder in
      let command = ["env", "DEB_COMPRESSION=none", "\(Tool.packageRoot)/scripts/deb", try Built.path(), folder]
      let built = try await run(command, in: folder, within: .seconds(180))
      #expect("\(built.status)" == "exited(0)", "\(built.errors)")
      try await body(built.output.trimmingCharacters(in: .whitespacesAndNewlines), folder)
    }
  }

  /// Another system, as far as dpkg and the maintainer scripts need one.
  private func scratchRoot(in folder: String) throws -> Tree {
    let root = Tree("\(folder)/scratch")
    for path in ["/var/lib/dpkg/info", "/var/lib/dpkg/updates", "/etc"] {
      try FileManager.default.createDirectory(atPath: root.path + path, withIntermediateDirectories: true)
    }
    for path in ["/var/lib/dpkg/status", "/var/lib/dpkg/available"] { try root.write(path, "") }
    let accounts = [
      "passwd": "root:x:0:0:root:/root:/bin/sh\n", "group": "root:x:0:\n", "shadow": "root:*:19000:0:99999:7:::\n", "gshadow": "root:*::\n",
    ]
    for (name, text) in accounts { try root.write("/etc/\(name)", text) }
    return root
  }

  private func dpkg(_ arguments: String..., on root: Tree, in folder: String) async throws {
    let flags = [
      "--root=\(root.path)", "--log=\(folder)/dpkg.log", "--force-depends", "--force-script-chrootless", "--force-not-root",
      "--force-confold",
    ]
    let ended = try await run(["dpkg"] + flags + arguments, in: folder)
    #expect("\(ended.status)" == "exited(0)", "\(ended.output) \(ended.errors)")
  }

  @Test(
    "the package installs, keeps its configuration over removal, and leaves nothing when it is purged",
    .needs("dpkg-deb", "dpkg-shlibdeps", "systemd-sysusers", from: "dpkg-dev and systemd"), .enabled(if: geteuid() == 0, "dpkg needs root"))
  func life() async throws {
    try await withPackage { package, folder in
      let root = try scratchRoot(in: folder)
      let before = root.contents(but: "/var/lib/dpkg/")
      try await dpkg("--install", package, on: root, in: folder)
      for (path, mode) in Self.mode where !path.hasSuffix(".1") { #expect(root.mode("/usr/\(path)") == mode, "\(path)") }
      #expect(root.mode("/usr/share/man/man1/lookout.1.gz") == 0o644 && root.mode("/usr/share/doc/lookout/copyright") == 0o644)
      let account = try #require(root.text("/etc/passwd").split(separator: "\n").first { $0.hasPrefix("lookout:") })
      #expect(account.hasSuffix(":/var/lib/lookout:/usr/sbin/nologin"))
      // Whoever has written the configuration enables the service, not the package.
      #expect(!root.files.contains { $0.contains(".wants/") })
      try root.write("/etc/lookout/lookout.yml", "odoo: mine\n")
      try root.write("/etc/lookout/odoo.password", "secret\n")
      try FileManager.default.createDirectory(atPath: root.path + "/var/lib/lookout", withIntermediateDirectories: true)
      try root.write("/var/lib/lookout/state.db", "state")
      try await dpkg("--install", package, on: root, in: folder)
      #expect(root.text("/etc/lookout/lookout.yml") == "odoo: mine\n")
      try await dpkg("--remove", "lookout", on: root, in: folder)
      #expect(root.mode("/usr/bin/lookout") == nil && root.text("/etc/lookout/lookout.yml") == "odoo: mine\n")
      #expect(root.text("/var/lib/lookout/state.db") == "state")
      try await dpkg("--purge", "lookout", on: root, in: folder)
      #expect(root.contents(but: "/var/lib/dpkg/") == before)
    }
  }

  @Test(
    "the package says whom it is for, what it needs, and that its configuration is one; the program in it is stripped",
    .needs("dpkg-deb", "dpkg-shlibdeps", from: "dpkg-dev"))
  func content() async throws {
    try await withPackage { package, folder in
      let fields = try await run(["dpkg-deb", "--field", package], in: folder).output
      let version = try await run([try Built.path(), "--version"], in: folder).output.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(fields.contains("\nVersion: \(version)\n"))
      let needs = try #require(fields.firstMatch(of: /\nDepends: (.*)/)).1
      for library in ["libc6 (>=", "libcurl4", "libpq5", "libsqlite3-0", "libre2-"] { #expect(needs.contains(library), "\(library)") }
      _ = try await run(["dpkg-deb", "--raw-extract", package, "all"], in: folder)
      #expect(Tool.text("\(folder)/all/DEBIAN/conffiles") == "/etc/lookout/lookout.yml\n")
      let sums = try await run(["sh", "-c", "cd all && md5sum --quiet -c DEBIAN/md5sums"], in: folder)
      #expect("\(sums.status)" == "exited(0)")
      let stripped = try await run(["sh", "-c", "readelf -S all/usr/bin/lookout | grep -c symtab"], in: folder)
      #expect(stripped.output == "0\n", "\(stripped.output)")
    }
  }

  @Test(
    "lintian has nothing to say about the package", .needs("lintian", from: "lintian"),
    .needs("dpkg-deb", "dpkg-shlibdeps", from: "dpkg-dev"))
  func lintian() async throws {
    try await withPackage { package, folder in
      // Who maintains it, and how it is packed here, is this machine's affair.
      let tags =
        "bogus-mail-host,bogus-mail-host-in-debian-changelog,root-in-contact,uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball"
      let said = try await run(["lintian", "--allow-root", "--suppress-tags", tags, package], in: folder, within: .seconds(120))
      #expect("\(said.status)" == "exited(0)" && said.output.isEmpty, "\(said.output) \(said.errors)")
    }
  }
}

/// A file system in a folder.
private struct Tree {
  let path: String

  init(_ path: String) { self.path = path }

  /// Permission bits; nil for what is not there.
  func mode(_ file: String) -> Int? {
    var status = stat()
    return lstat(path + file, &status) == 0 ? Int(status.st_mode & 0o7777) : nil
  }

  func text(_ file: String) -> String { Tool.text(path + file) }

  func write(_ file: String, _ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path + file)) }

  var files: [String] {
    let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return all.map { "/\($0)" }.filter { mode($0) != nil && !isFolder($0) }.sorted()
  }

  private func isFolder(_ file: String) -> Bool {
    var status = stat()
    return lstat(path + file, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// What is in which file; without the copies that account programs keep of what they change.
  func contents(but prefix: String) -> [String: String] {
    let kept = files.filter { !$0.hasPrefix(prefix) && !$0.hasSuffix("-") && !$0.hasSuffix(".lock") }
    return Dictionary(uniqueKeysWithValues: kept.map { ($0, text($0)) })
  }
}
