import Feeds
import Foundation
import Interop
import Register

/// Takes files of messages in, a batch at a time, and keeps account of what became of each message.
struct HL7Importing {
  static let readBytes = 1 << 20
  static let batchMessages = 512

  private let reception: Reception
  private var waiting: [(path: String, piece: MessageSplitter.Piece)] = []
  private(set) var report = ImportReport()

  init(register: Register) throws { reception = try Reception(of: register) }

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
      waiting.append((path, piece))
      if waiting.count == Self.batchMessages { try await submit() }
    }
    pieces.removeAll(keepingCapacity: true)
  }

  /// What is still waiting, once the last file is read.
  mutating func submit() async throws {
    let batch = waiting
    waiting.removeAll(keepingCapacity: true)
    for (message, received) in zip(batch, await reception.take(batch.map(\.piece))) {
      try report.add(file: message.path, received)
    }
  }
}

extension Reception {
  /// - Throws: `Sentence` where the structure's hours cannot be read here.
  init(of register: Register) throws {
    guard let reception = try Reception(register: register) else {
      throw Sentence("The structure's time zone is unknown to this machine: install tzdata, or correct timeZone.")
    }
    self = reception
  }
}
