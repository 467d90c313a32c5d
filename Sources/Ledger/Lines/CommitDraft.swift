/// What a commit will say, already encoded: everything but its place in the chain. Made outside the writer, so
/// that the writer only numbers, hashes and signs.
public struct CommitDraft: Sendable {
  public let author: String
  public let command: String
  public let source: Source?
  public let witnessed: [CommitPlace]
  public let facts: [Fact]
  /// The members of the body from `author` to `facts`, without braces.
  let members: [UInt8]

  /// Room that the members of the body before `author` take at most, braces and commas included.
  private static let placeBytesMax = 256

  /// Of the body, its facts, one fact and its data, the level of the last: a reader counts them all.
  private static let dataLevel = 4

  /// Encodes; throws for what some reader would refuse, so that such a line is never written.
  public init(
    author: String, command: String, source: Source? = nil, witnessed: [CommitPlace] = [], facts: [Fact]
  ) throws(LineFailure) {
    self.author = author
    self.command = command
    self.source = source
    self.witnessed = witnessed
    self.facts = facts
    let instants = facts.map(\.at) + (source.map { [$0.instant] } ?? [])
    guard instants.allSatisfy(\.hasText) else { throw .malformed(key: "at") }
    try CommitDraft.refuseUnreadable(facts, witnessed)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1024)
    bytes.append(contentsOf: #""author":"#.utf8)
    JSON.write(author, into: &bytes)
    bytes.append(contentsOf: #","command":"#.utf8)
    JSON.write(command, into: &bytes)
    if let source {
      bytes.append(contentsOf: #","source":"#.utf8)
      source.json.write(into: &bytes)
    }
    bytes.append(contentsOf: #","witnessed":"#.utf8)
    CommitDraft.json(of: witnessed).write(into: &bytes)
    bytes.append(contentsOf: #","facts":["#.utf8)
    for (index, fact) in facts.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      fact.write(into: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
    let length = bytes.count + CommitDraft.placeBytesMax
    guard length <= Line.bodyBytesMax else { throw .tooLong(bytes: length) }
    members = bytes
  }

  private static func json(of witnessed: [CommitPlace]) -> JSON {
    .object(
      JSONObject(
        witnessed.map { (key: $0.station, value: [.integer($0.sequence), .string($0.hash.hex)]) }))
  }

  private static func refuseUnreadable(_ facts: [Fact], _ witnessed: [CommitPlace]) throws(LineFailure) {
    guard !facts.isEmpty else { throw .malformed(key: "facts") }
    for fact in facts {
      guard case .object = fact.data else { throw .malformed(key: "facts") }
      do { try fact.data.refuseUnreadable(level: dataLevel) } catch { throw .json(error) }
    }
    guard !witnessed.isEmpty else { return }
    let heads = json(of: witnessed)
    do { try heads.refuseUnreadable(level: 2) } catch { throw .json(error) }
    _ = try CommitPlace.heads(reading: heads)
  }
}
