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

  /// - Parameter subject: `exchange/<uuid>`.
  /// - Returns: nil where it waits for nobody.
  public init?(
    _ subject: String, control: String, _ register: Register, _ book: HandbackBook, at now: Instant
  ) throws {
    let settings = try SendingSettings(register, charset: .utf8, receivingApplication: "", receivingFacility: "")
    guard let handback = try register.read({ try $0.handback(subject) }), let commit = handback.commit,
      let refusal = handback.message(control), refusal.status == .refused
    else { return nil }
    let messages = try book.messages(around: commit, settings, at: now)
    guard let message = messages.first(where: { $0.answer == refusal })?.message else { return nil }
    (self.handback, self.refusal, self.message) = (handback, refusal, message)
  }

  /// Segment by segment: which of its name, and its fields by their HL7 numbers, those that say something.
  public var segments: [(name: String, occurrence: Int, fields: [(number: Int, text: String)])] {
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
