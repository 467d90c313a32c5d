/// Bytes that claim to be a line. Only `verify` makes a commit of them.
public struct UnverifiedLine: Sendable {
  /// Without the newline.
  public let bytes: [UInt8]

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The commit, if `key` signed it and it follows `previous` (nil: if it is the first of its chain).
  public func verify(with key: PublicKey, after previous: Commit?) throws(LineFailure) -> Commit {
    let signature = try Line.signature(of: bytes)
    guard key.isValid(signature: signature, for: bytes[Line.bodyStart...]) else { throw .signature }
    let commit = try Commit(readingBodyOf: bytes)
    let expected = (previous?.sequence ?? 0) + 1
    guard commit.sequence == expected else { throw .sequence(expected: expected) }
    guard commit.previous == previous?.hash ?? .none else { throw .previous }
    if let previous {
      guard commit.station.sameBytes(as: previous.station) else { throw .station(commit.station) }
      guard commit.time > previous.time else { throw .time }
    }
    return commit
  }
}
