extension Commit {
  /// Reads a line without its newline and without asking who signed it: for lines already in one's own store.
  /// Lines from elsewhere come through `Backlog`.
  public init(reading line: [UInt8]) throws(LineFailure) {
    _ = try Line.signature(of: line)
    try self.init(readingBodyOf: line)
  }

  init(readingBodyOf line: [UInt8]) throws(LineFailure) {
    guard !line.contains(UInt8(ascii: "\n")) else { throw .rawNewline }
    let json: JSON
    do { json = try JSON(parsing: line[Line.bodyStart...]) } catch { throw .json(error) }
    guard case .object(let body) = json else { throw .malformed(key: "v") }
    guard let version = body["v"]?.integer, version >= 1 else { throw .malformed(key: "v") }
    guard let station = body["station"]?.string, StationName.isValid(station) else {
      throw .malformed(key: "station")
    }
    guard let sequence = body["sequence"]?.integer, sequence >= 1 else { throw .malformed(key: "sequence") }
    guard let previous = body["previous"]?.string.flatMap(LineHash.init(hex:)) else {
      throw .malformed(key: "previous")
    }
    guard let time = body["time"]?.string.flatMap(HybridTime.init) else { throw .malformed(key: "time") }
    guard let author = body["author"]?.string else { throw .malformed(key: "author") }
    guard let command = body["command"]?.string else { throw .malformed(key: "command") }
    guard let facts = body["facts"]?.array, !facts.isEmpty else { throw .malformed(key: "facts") }
    self.version = version
    self.station = station
    self.sequence = sequence
    self.previous = previous
    self.time = time
    self.author = author
    self.command = command
    self.source = try body["source"].map(Source.init(reading:))
    self.witnessed = try body["witnessed"].map(CommitPlace.heads(reading:)) ?? []
    self.facts = version == 1 ? try Fact.all(reading: facts) : []
    self.hash = LineHash(of: line)
    self.line = line
  }
}

extension Fact {
  static func all(reading elements: [JSON]) throws(LineFailure) -> [Fact] {
    var facts: [Fact] = []
    facts.reserveCapacity(elements.count)
    for element in elements { facts.append(try Fact(reading: element)) }
    return facts
  }

  /// As a line holds it.
  public init(reading json: JSON) throws(LineFailure) {
    guard case .object(let object) = json, let kind = object["kind"]?.string,
      let subject = object["subject"]?.string, let at = object["at"]?.string.flatMap(Instant.init),
      let data = object["data"], case .object = data
    else { throw .malformed(key: "facts") }
    self.init(kind: kind, subject: subject, at: at, data: data)
  }

  /// As a line holds it.
  public func write(into bytes: inout [UInt8]) {
    bytes.append(contentsOf: #"{"kind":"#.utf8)
    JSON.write(kind, into: &bytes)
    bytes.append(contentsOf: #","subject":"#.utf8)
    JSON.write(subject, into: &bytes)
    bytes.append(contentsOf: #","at":""#.utf8)
    bytes.append(contentsOf: at.text.utf8)
    bytes.append(contentsOf: #"","data":"#.utf8)
    data.write(into: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }
}

extension Source {
  init(reading json: JSON) throws(LineFailure) {
    guard let sender = json["sender"]?.string, let control = json["control"]?.string,
      let text = json["text"]?.string, let instant = json["instant"]?.string.flatMap(Instant.init)
    else { throw .malformed(key: "source") }
    self.init(sender: sender, control: control, text: text, instant: instant)
  }

  var json: JSON {
    ["sender": .string(sender), "control": .string(control), "text": .string(text), "instant": .string(instant.text)]
  }
}

extension CommitPlace {
  /// The value of `witnessed`: `{"<station>": [sequence, "hash"], …}`.
  static func heads(reading json: JSON) throws(LineFailure) -> [CommitPlace] {
    guard case .object(let object) = json else { throw .malformed(key: "witnessed") }
    var all: [CommitPlace] = []
    for member in object.members {
      guard StationName.isValid(member.key), let head = member.value.array, head.count == 2,
        let sequence = head[0].integer, sequence >= 1,
        let hash = head[1].string.flatMap(LineHash.init(hex:))
      else { throw .malformed(key: "witnessed") }
      all.append(CommitPlace(station: member.key, sequence: sequence, hash: hash))
    }
    return all
  }
}
