import Ledger

/// Reads server-sent events (HTML Living Standard 9.2.6), as far as the live channel uses them: `event`, `data` in one
/// line, comments.
package struct EventParsing: Sendable {
  private static let lineBytesMax = HeadsText.bytesMax + 16

  package struct Event: Sendable, Equatable {
    package var name: String
    package var data: [UInt8]

    package init(name: String = "", data: [UInt8] = []) {
      self.name = name
      self.data = data
    }
  }

  private var line: [UInt8] = []
  private var event = Event()

  package init() {}

  /// The events that end in this piece.
  package mutating func events(in piece: [UInt8]) throws(PeerFault) -> [Event] {
    var events: [Event] = []
    for byte in piece {
      guard byte == UInt8(ascii: "\n") else {
        guard line.count < Self.lineBytesMax else { throw .tooMuch }
        line.append(byte)
        continue
      }
      if let complete = endLine() { events.append(complete) }
    }
    return events
  }

  private mutating func endLine() -> Event? {
    defer { line.removeAll(keepingCapacity: true) }
    if line.isEmpty {
      defer { event = Event() }
      return event.name.isEmpty ? nil : event
    }
    if let name = value(of: "event: ") { event.name = String(decoding: name, as: UTF8.self) }
    if let data = value(of: "data: ") { event.data = Array(data) }
    return nil
  }

  private func value(of field: String) -> ArraySlice<UInt8>? {
    line.starts(with: field.utf8) ? line.dropFirst(field.utf8.count) : nil
  }
}
