/// What a line says of its place, once read and checked against a key: all that linking needs, so that the bytes
/// can go.
enum ExaminedLine: Sendable {
  case read(Place)
  case unreadable(LineFailure)

  struct Place: Sendable {
    var sequence: Int
    var previous: LineHash
    var hash: LineHash
    var time: HybridTime
    var facts: Int
    var isSigned: Bool
  }

  init(_ line: [UInt8], chain: String, key: PublicKey) {
    do throws(LineFailure) {
      let signature = try Line.signature(of: line)
      let commit = try Commit(readingBodyOf: line)
      guard commit.station.sameBytes(as: chain) else { throw .station(commit.station) }
      self = .read(
        Place(
          sequence: commit.sequence, previous: commit.previous, hash: commit.hash, time: commit.time,
          facts: commit.facts.count, isSigned: key.isValid(signature: signature, for: line[Line.bodyStart...])))
    } catch { self = .unreadable(error) }
  }

  /// Examines all lines, on every core: this is where the time of a verification goes, nearly all of it in the
  /// signatures.
  static func all(_ lines: [[UInt8]], chain: String, key: PublicKey) -> [ExaminedLine] {
    Concurrently.map(lines) { ExaminedLine($0, chain: chain, key: key) }
  }
}
