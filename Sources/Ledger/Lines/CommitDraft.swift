/// What a commit will say, already encoded: everything but its place in the chain. Made outside the writer, so
/// that the writer only numbers, hashes and signs.
public struct CommitDraft: Sendable {
  public let author: String
  public let command: String
  public let source: Source?
  public let witnessed: [Witnessed]
  public let facts: [Fact]
  /// The members of the body from `author` to `facts`, without braces.
  let members: [UInt8]

  /// Room that the members of the body before `author` take at most, braces and commas included.
  private static let placeBytesMax = 256

  /// Encodes, then reads back: a line that some reader would refuse is never written.
  public init(
    author: String, command: String, source: Source? = nil, witnessed: [Witnessed] = [], facts: [Fact]
  ) throws(LineFailure) {
    self.author = author
    self.command = command
    self.source = source
    self.witnessed = witnessed
    self.facts = facts
    let instants = facts.map(\.at) + (source.map { [$0.instant] } ?? [])
    guard instants.allSatisfy(\.hasText) else { throw .malformed(key: "at") }
    var bytes = Array(#"{"author":"#.utf8)
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
    bytes.append(contentsOf: "]}".utf8)
    try CommitDraft.refuseUnreadable(bytes)
    members = Array(bytes[1..<(bytes.count - 1)])
  }

  private static func json(of witnessed: [Witnessed]) -> JSON {
    .object(
      JSONObject(
        witnessed.map { (key: $0.station, value: [.integer($0.sequence), .string($0.hash.hex)]) }))
  }

  private static func refuseUnreadable(_ bytes: [UInt8]) throws(LineFailure) {
    let length = bytes.count + placeBytesMax
    guard length <= Line.bodyBytesMax else { throw .tooLong(bytes: length) }
    let json: JSON
    do { json = try JSON(parsing: bytes) } catch { throw .json(error) }
    guard let facts = json["facts"]?.array, !facts.isEmpty else { throw .malformed(key: "facts") }
    _ = try Fact.all(reading: facts)
    _ = try json["witnessed"].map(Witnessed.all(reading:))
  }
}
