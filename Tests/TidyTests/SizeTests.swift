import Testing

struct SizeTests {
  static let linesMax = 400

  /// What grows past this is two things: wiring beside a rule, a page beside its queries.
  @Test func noFileIsTooLong() throws {
    for path in try Repository.files(in: "Sources", "swift", "mustache", "h") {
      let lines = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).count - 1
      #expect(
        lines <= Self.linesMax,
        "\(path) has \(lines) lines, more than \(Self.linesMax): split it, one command, rule or page a file")
    }
  }

  @Test func noDrawers() throws {
    for path in try Repository.files(in: "Sources", "swift") {
      let name = String(path.split(separator: "/").last?.dropLast(6) ?? "")
      for drawer in ["Manager", "Helper", "Helpers", "Utils", "Utilities", "Common", "Misc", "Extensions", "Stub"] {
        #expect(
          !name.hasSuffix(drawer) && !name.hasPrefix(drawer),
          "\(path): name the file after the one thing in it, not \(drawer)")
      }
    }
  }

  @Test func nothingIsLeftForLater() throws {
    for path in try Repository.files(in: "Sources", "swift") + Repository.files(in: "Tests", "swift", "py") {
      for word in ["TO" + "DO", "FIX" + "ME"] {
        #expect(try !Repository.text(path).contains(word), "\(path) says \(word): do it now, or open an issue for it")
      }
    }
  }
}
