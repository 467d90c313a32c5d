/// The end of a station's own chain: what is needed to write its next line. A value: a transaction that rolls
/// back keeps the copy it began with.
public struct Chain: Sendable {
  public let station: String
  /// Of the last line; 0 before the first.
  public private(set) var sequence: Int
  /// Of the last line; 64 zeros before the first.
  public private(set) var head: LineHash
  /// Of the last line; nil before the first.
  public private(set) var time: HybridTime?
  private let key: SigningKey

  /// Continues after `last`, or begins the chain. `station` is also the name of a chain of reads.
  public init(station: String, key: SigningKey, after last: Commit? = nil) {
    self.station = station
    self.key = key
    sequence = last?.sequence ?? 0
    head = last?.hash ?? .none
    time = last?.time
  }

  public var publicKey: PublicKey { key.publicKey }

  /// Writes, signs and chains one commit. `time` must be after that of the last (`LineFailure.time`).
  public mutating func append(_ draft: CommitDraft, time: HybridTime) throws(LineFailure) -> Commit {
    if let last = self.time, time <= last { throw .time }
    guard time.instant.hasText else { throw .malformed(key: "time") }
    let body = body(of: draft, time: time)
    let signature: [UInt8]
    do { signature = try key.signature(for: body) } catch { throw .signature }
    let line = Line.join(signature: signature, body: body)
    let commit = Commit(
      version: 1, station: station, sequence: sequence + 1, previous: head, time: time, author: draft.author,
      command: draft.command, source: draft.source, witnessed: draft.witnessed, facts: draft.facts,
      hash: LineHash(of: line), line: line)
    sequence = commit.sequence
    head = commit.hash
    self.time = time
    return commit
  }

  public mutating func append(
    author: String, command: String, source: Source? = nil, time: HybridTime, facts: [Fact]
  ) throws(LineFailure) -> Commit {
    try append(CommitDraft(author: author, command: command, source: source, facts: facts), time: time)
  }

  private func body(of draft: CommitDraft, time: HybridTime) -> [UInt8] {
    var body: [UInt8] = []
    body.reserveCapacity(draft.members.count + 256)
    body.append(contentsOf: #"{"v":1,"station":""#.utf8)
    body.append(contentsOf: station.utf8)
    body.append(contentsOf: #"","sequence":"#.utf8)
    body.append(contentsOf: String(sequence + 1).utf8)
    body.append(contentsOf: #","previous":""#.utf8)
    body.append(contentsOf: head.hex.utf8)
    body.append(contentsOf: #"","time":""#.utf8)
    body.append(contentsOf: time.text.utf8)
    body.append(contentsOf: #"","#.utf8)
    body.append(contentsOf: draft.members)
    body.append(UInt8(ascii: "}"))
    return body
  }
}
