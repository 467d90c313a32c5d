import Foundation
import Interop

/// The corpora beside the repository, which this project did not write and does not copy. Where they are absent a test
/// says so and passes, unless `CI=true` requires them.
package enum Corpus {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  package static let isThere: Bool = {
    let folder = root.appending(path: "../shared/corpora/hl7-pam-fr").path
    if FileManager.default.fileExists(atPath: folder) { return true }
    guard ProcessInfo.processInfo.environment["CI"] != "true" else { return true }
    print("The corpora are not beside this repository (../shared/corpora): the tests that read them are passed over.")
    return false
  }()

  package static func bytes(_ path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: root.appending(path: "../shared/corpora").appending(path: path)))
  }

  /// The 105 messages of PAM France, by number.
  package static func pam() throws -> [(control: String, bytes: [UInt8])] {
    let folder = root.appending(path: "../shared/corpora/hl7-pam-fr").path
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".hl7") }.sorted().map {
      (String($0.dropLast(4)), try bytes("hl7-pam-fr/\($0)"))
    }
  }

  /// The messages of one stream.
  package static func pieces(_ bytes: [UInt8]) -> [MessageSplitter.Piece] {
    var pieces: [MessageSplitter.Piece] = []
    var splitter = MessageSplitter()
    splitter.feed(bytes) { pieces.append($0) }
    splitter.finish { pieces.append($0) }
    return pieces
  }

  /// The same, translated.
  package static func translated(_ bytes: [UInt8]) -> [Incoming] {
    pieces(bytes).map { Spoken.translation.translate($0) }
  }

  /// The facts of all 105 files, in the order of their names.
  package static func pamFacts() throws -> [MessageFacts] {
    try pam().flatMap { translated($0.bytes) }.compactMap { incoming in
      if case .facts(let facts) = incoming.translated { facts } else { nil }
    }
  }
}
