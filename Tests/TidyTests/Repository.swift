import Foundation
import Testing

/// The files of this repository, as the rules of the house read them.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Files under `folder` with one of these endings (all, if none is given), as paths from the root, sorted.
  static func files(in folder: String, _ endings: String...) throws -> [String] {
    let found = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    let paths = try #require(found, "\(folder) is not there").compactMap { $0 as? String }
    return
      paths
      .filter { path in endings.isEmpty || endings.contains { path.hasSuffix(".\($0)") } }
      .filter { !$0.split(separator: "/").contains { $0.hasPrefix(".build") || $0 == "__pycache__" } }
      .map { "\(folder)/\($0)" }
      .filter { (try? isFile($0)) == true }
      .sorted()
  }

  static func isThere(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  /// Lines, numbered from 1, without those that are comments alone.
  static func code(_ path: String) throws -> [(number: Int, text: Substring)] {
    try text(path).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { (number: $0 + 1, text: $1) }
      .filter { !$0.text.drop { $0 == " " }.hasPrefix("//") }
  }

  private static func isFile(_ path: String) throws -> Bool {
    let values = try root.appending(path: path).resourceValues(forKeys: [.isRegularFileKey])
    return values.isRegularFile == true
  }
}
