import Testing

/// Code that nothing calls still has to be read, built and believed.
struct DeadFileTests {
  @Test func everyFileIsUsedByAnother() throws {
    let paths = try Repository.files(in: "Sources", "swift")
    var words: [String: Set<String>] = [:]
    for path in paths {
      for word in Set(try Repository.text(path).matches(of: /[A-Za-z_][A-Za-z0-9_]*/).map { String($0.output) }) {
        words[word, default: []].insert(path)
      }
    }
    for path in paths where !path.hasSuffix("/main.swift") {
      let names = try declared(in: path)
      // A file of extensions alone is used through what it extends.
      guard !names.isEmpty else { continue }
      let isUsed = names.contains { words[$0, default: []].count > 1 }
      #expect(
        isUsed,
        "\(path): nothing else names \(names.joined(separator: ", ")): use it, or remove it"
      )
    }
  }

  /// Types and functions at the outermost level, and what extensions add to others; none where the file holds an
  /// entry point.
  private func declared(in path: String) throws -> [String] {
    let text = try Repository.text(path)
    guard !text.contains("@main") else { return [] }
    let declaration =
      /^(?:public |package |final |indirect |private |fileprivate )*(?:struct|class|enum|actor|protocol|func|typealias) ([A-Za-z0-9_]+)/
    let addition = /^  (?:public |package |static |mutating )*(?:func|var) ([A-Za-z0-9_]+)/
    var names: [String] = []
    var isExtension = false
    for line in text.split(separator: "\n") {
      if let found = try? declaration.firstMatch(in: line) { names.append(String(found.output.1)) }
      if !line.hasPrefix(" ") { isExtension = line.contains("extension ") || isExtension && !line.hasPrefix("}") }
      if isExtension, let found = try? addition.firstMatch(in: line) { names.append(String(found.output.1)) }
    }
    return names
  }
}
