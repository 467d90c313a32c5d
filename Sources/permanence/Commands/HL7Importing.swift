import Foundation
import Hospital
import Interop
import Register
import Web

/// Takes files of messages in, a batch at a time, and keeps account of what became of each message.
struct HL7Importing {
  static let readBytes = 1 << 20
  static let batchMessages = 512

  private let register: Register
  private let translation: ADTTranslation
  private var waiting: [(Int, MessageFacts)] = []
  private(set) var report = ImportReport()

  init(register: Register) throws {
    self.register = register
    let structure = try register.read { try $0.structure }
    guard let zone = LocalTime(zone: structure?.timeZone ?? "Europe/Paris") else {
      throw Sentence("The structure's time zone is unknown to this machine: install tzdata, or correct timeZone.")
    }
    translation = ADTTranslation(localTime: zone, isForPractice: structure?.fictive ?? false)
  }

  /// - Parameter path: a file; messages in it in any framing.
  mutating func take(_ path: String) async throws {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Sentence("\(path) cannot be read: check who owns it.")
    }
    defer { try? file.close() }
    var splitter = MessageSplitter()
    var pieces: [MessageSplitter.Piece] = []
    while let bytes = try file.read(upToCount: Self.readBytes), !bytes.isEmpty {
      splitter.feed(bytes) { pieces.append($0) }
      try await take(&pieces, from: path)
    }
    splitter.finish { pieces.append($0) }
    try await take(&pieces, from: path)
  }

  private mutating func take(_ pieces: inout [MessageSplitter.Piece], from path: String) async throws {
    for piece in pieces {
      let incoming = translation.translate(piece)
      let index = report.add(file: path, incoming.envelope)
      switch incoming.translated {
      case .ignored(let why): report.settle(index, .ignored, [Sentence.text(of: why)])
      case .refused(let refusal): report.settle(index, .refused, [Sentence.text(of: refusal.reason)])
      case .facts(let facts):
        waiting.append((index, facts))
        if waiting.count == Self.batchMessages { try await submit() }
      }
    }
    pieces.removeAll(keepingCapacity: true)
  }

  /// What is still waiting, once the last file is read.
  mutating func submit() async throws {
    let batch = waiting
    waiting.removeAll(keepingCapacity: true)
    guard !batch.isEmpty else { return }
    let results = await register.submit(
      batch.map { Submission(ReceivedMessage($0.1), key: $0.1.command, author: "system", source: $0.1.source) })
    for ((index, _), result) in zip(batch, results) {
      switch result {
      case .success(let receipt) where receipt.isRepeated: report.settle(index, .duplicate, [])
      case .success(let receipt):
        let texts = receipt.warnings.map(Sentence.text(of:))
        report.settle(index, texts.isEmpty ? .accepted : .warned, texts)
      case .failure(let refusal as Refusal): report.settle(index, .refused, [Sentence.text(of: refusal)])
      case .failure(let fault): throw fault
      }
    }
  }
}
