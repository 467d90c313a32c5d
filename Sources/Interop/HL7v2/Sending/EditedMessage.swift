import Crypto
import Hospital
import Ledger

extension OutgoingMessage {
  /// MSH-10 as it goes: its own number, or that of its edition.
  public var number: String { Self.fields(segments.first ?? "").dropFirst(9).first ?? control }

  /// One segment's field, by HL7's number; nil where there is no such segment.
  public func field(_ segment: String, _ occurrence: Int, _ field: Int) -> String? {
    guard let index = index(of: segment, occurrence) else { return nil }
    let fields = Self.fields(segments[index])
    return field < fields.count ? fields[field] : ""
  }

  /// As a person changed it. It has a number of its own: a receiver that remembers the refused one would answer without
  /// reading. The same changes give the same number on every station, so that sending it again is a repeat.
  public func edited(_ edits: [HandbackEdit]) -> OutgoingMessage {
    var message = self
    var hash = SHA256()
    hash.update(data: Array(control.utf8))
    var isChanged = false
    // A change of what no longer stands there is none.
    for edit in edits where field(edit, of: message) {
      guard let index = message.index(of: edit.segment, edit.occurrence) else { continue }
      var fields = Self.fields(message.segments[index])
      while fields.count <= edit.field { fields.append("") }
      fields[edit.field] = edit.to
      message.segments[index] = fields.joined(separator: "|")
      hash.update(data: Array("|\(edit.place)|\(edit.to)".utf8))
      isChanged = true
    }
    guard isChanged else { return self }
    var header = Self.fields(message.segments[0])
    let digest = hash.finalize().prefix(4).reduce(0) { $0 << 8 | Int($1) }
    header[9] = String(control.prefix(15)) + Self.base36(digest, 5)
    message.segments[0] = header.joined(separator: "|")
    return message
  }

  private func field(_ edit: HandbackEdit, of message: OutgoingMessage) -> Bool {
    message.field(edit.segment, edit.occurrence, edit.field)?.sameBytes(as: edit.from) ?? false
  }

  private func index(of segment: String, _ occurrence: Int) -> Int? {
    let found = segments.indices.filter { segments[$0].hasPrefix("\(segment)|") }
    return (1...max(found.count, 1)).contains(occurrence) && !found.isEmpty ? found[occurrence - 1] : nil
  }

  /// A segment's name and fields. A bar is one whatever mark follows it.
  public static func fields(_ segment: String) -> [String] {
    segment.unicodeScalars.split(separator: "|", omittingEmptySubsequences: false).map { String($0) }
  }
}
