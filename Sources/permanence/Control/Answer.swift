import ArgumentParser
import Foundation

/// What a command found: a document for programs, lines for people, and whether the answer is yes.
struct Answer: Sendable {
  /// One JSON document.
  var json: String
  var text: String
  var isYes = true

  init(_ document: some Encodable, text: String, isYes: Bool = true) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    self.init(json: String(decoding: try encoder.encode(document), as: UTF8.self), text: text, isYes: isYes)
  }

  init(json: String, text: String, isYes: Bool) {
    self.json = json
    self.text = text
    self.isYes = isYes
  }

  func print(asJSON: Bool) throws {
    Terminal.print(asJSON ? json : text)
    if !isYes { throw ExitCode(1) }
  }
}

extension Duration {
  /// To the millisecond.
  var seconds: Double {
    let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    return Double(milliseconds) / 1000
  }
}
