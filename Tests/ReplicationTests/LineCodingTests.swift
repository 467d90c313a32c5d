import Hummingbird
import Ledger
import Replication
import Seeded
import Testing

/// Lines on the way, as one Zstandard frame.
struct LineCodingTests {
  @Test(arguments: [
    ("zstd", true), ("gzip, zstd;q=0.5", true), ("gzip,zstd", true), ("gzip", false), ("", false), ("zstdx", false),
  ])
  func isAsked(_ field: String, _ isAccepted: Bool) {
    #expect(LineCoding.isAccepted([.acceptEncoding: field]) == isAccepted)
  }

  @Test func nobodyAskedIsPlain() { #expect(!LineCoding.isAccepted([:])) }

  @Test(arguments: 1...20)
  func whateverThePieces(seed: UInt64) async throws {
    var random = Seeded(seed: seed)
    let plain = (0..<300_000).map { _ in UInt8.random(in: 97...103, using: &random) }
    let compressed = try frame(plain)
    var read: [UInt8] = []
    let reading = try LineCoding.Reading("zstd")
    var rest = compressed[...]
    while !rest.isEmpty {
      let piece = rest.prefix(Int.random(in: 1...20_000, using: &random))
      rest = rest.dropFirst(piece.count)
      try await reading.take(Array(piece)) { read += $0 }
    }
    #expect(read == plain)
  }

  @Test(arguments: [nil, "identity"] as [String?])
  func plainIsPlain(_ coding: String?) async throws {
    var read: [UInt8] = []
    try await LineCoding.Reading(coding).take([1, 2, 3]) { read += $0 }
    #expect(read == [1, 2, 3])
  }

  @Test(arguments: ["gzip", "br", "zstd, zstd"])
  func otherCodings(_ coding: String) {
    #expect(throws: PeerFault.self) { try LineCoding.Reading(coding) }
  }

  @Test func rubbish() async throws {
    let reading = try LineCoding.Reading("zstd")
    await #expect(throws: PeerFault.self) { try await reading.take(Array("no frame at all".utf8)) { _ in } }
  }

  /// Whatever it claims, little of it is in memory at a time, and whoever reads lines ends it.
  @Test func aBombComesInSmallPieces() async throws {
    let bomb = try frame([UInt8](repeating: 97, count: 64 << 20))
    #expect(bomb.count < 64 << 10)
    let reading = try LineCoding.Reading("zstd")
    var splitting = LineSplitting()
    await #expect(throws: PeerFault.garbage("a line that is too long")) {
      try await reading.take(bomb) { piece in
        #expect(piece.count <= 128 << 10)
        _ = try splitting.split(piece)
      }
    }
  }

  private func frame(_ plain: [UInt8]) throws -> [UInt8] {
    var out: [UInt8] = []
    try Compression(level: Compression.fast).take(plain, isLast: true, into: &out)
    return out
  }
}
