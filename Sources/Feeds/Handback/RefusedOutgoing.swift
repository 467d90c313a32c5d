import Hospital
import Interop
import Ledger
import Register

/// A message that the main system refused, as it would go again, for a person to look at and to edit.
public struct RefusedOutgoing: Sendable {
  public var handback: Handback
  public var refusal: Handback.Message
  /// With what was edited before.
  public var message: OutgoingMessage
  /// What the file says otherwise by now, field by field.
  public var remade: [HandbackEdit] = []

  /// - Parameter subject: `exchange/<uuid>`.
  /// - Returns: nil where it waits for nobody.
  public init?(
    _ subject: String, control: String, _ register: Register, _ book: HandbackBook, at now: Instant
  ) throws {
    let settings = try SendingSettings(register, charset: .utf8, receivingApplication: "", receivingFacility: "")
    guard let handback = try register.read({ try $0.handback(subject) }), let commit = handback.commit,
      let refusal = handback.message(control), refusal.status == .refused
    else { return nil }
    let told = try book.told(around: commit, settings, at: now)
    guard let message = told.flatMap(\.messages).first(where: { $0.answer == refusal })?.message else { return nil }
    (self.handback, self.refusal, self.message) = (handback, refusal, message)
    remade = told.flatMap(\.remade).first { $0.control == message.control }.map { changes(to: $0) } ?? []
  }

  /// A message of somebody else is no correction of this one. What a person changed for the sending stands while the file
  /// says what it said then.
  private func changes(to today: OutgoingMessage) -> [HandbackEdit] {
    guard today.patients == message.patients else { return [] }
    let after = Self.segments(today)
    return Self.segments(message).flatMap { segment -> [HandbackEdit] in
      guard let other = after.first(where: { ($0.name, $0.occurrence) == (segment.name, segment.occurrence) }) else {
        return []
      }
      let numbers = Set((segment.fields + other.fields).map(\.number)).sorted()
      return numbers.compactMap { number in
        func text(_ fields: [(number: Int, text: String)]) -> String {
          fields.first { $0.number == number }?.text ?? ""
        }
        let edit = HandbackEdit(
          segment: segment.name, occurrence: segment.occurrence, field: number, from: text(segment.fields),
          to: text(other.fields))
        let isEdited = refusal.edits.contains { $0.place == edit.place && $0.from.sameBytes(as: edit.to) }
        return edit.isOfFile && !isEdited && !edit.from.sameBytes(as: edit.to) ? edit : nil
      }
    }
  }

  /// Segment by segment: which of its name, and its fields by their HL7 numbers, those that say something.
  public var segments: [Segment] { Self.segments(message) }

  public typealias Segment = (name: String, occurrence: Int, fields: [(number: Int, text: String)])

  private static func segments(_ message: OutgoingMessage) -> [Segment] {
    var seen: [String: Int] = [:]
    return message.segments.map { segment in
      let parts = OutgoingMessage.fields(segment)
      seen[parts[0], default: 0] += 1
      // MSH-1 is the delimiter itself.
      let shift = parts[0] == "MSH" ? 1 : 0
      return (
        parts[0], seen[parts[0]] ?? 1,
        parts.indices.dropFirst().filter { !parts[$0].isEmpty }.map { ($0 + shift, parts[$0]) }
      )
    }
  }

  /// The field that ERR-2 names (`PV1^1^3`); nil where it names none.
  public var place: (segment: String, occurrence: Int, field: Int)? {
    let parts = (refusal.place ?? "").split(separator: "^", omittingEmptySubsequences: false)
    guard parts.count >= 3, let field = Int(parts[2]) else { return nil }
    return (String(parts[0]), Int(parts[1]) ?? 1, field)
  }
}
