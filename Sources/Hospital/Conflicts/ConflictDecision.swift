import Ledger

/// What a person decided of a conflict, as its fact says it.
public struct ConflictDecision: Sendable {
  static let factKind = "conflict.decided"

  public var kind: Conflict.Kind
  public var key: String?
  public var subjects: [String]
  /// What holds; empty where all of it stays as it is.
  public var holds: [FactPlace]
  /// Of what holds.
  public var subject: String?
  public var note: String?
  /// The facts and decisions that whoever decided had before them.
  public var saw: [FactPlace]

  /// nil for other facts, and for a kind of conflict that this version does not know.
  public init?(_ fact: Fact) {
    guard fact.kind == Self.factKind, let kind = fact.data["kind"]?.string.flatMap(Conflict.Kind.init) else {
      return nil
    }
    self.kind = kind
    key = fact.data["key"]?.string
    subjects = fact.data["subjects"]?.strings ?? []
    holds = fact.data["holds"]?.array?.compactMap(FactPlace.init) ?? []
    subject = fact.data["subject"]?.string
    note = fact.data["note"]?.string
    saw = fact.data["saw"]?.array?.compactMap(FactPlace.init) ?? []
  }

  /// - Parameter side: what holds; nil leaves all as it is.
  static func fact(_ conflict: Conflict, holds side: Conflict.Side?, note: String?, at instant: Instant) -> Fact {
    var data = StateWriter()
    data.put("kind", conflict.kind.rawValue)
    data.put("key", conflict.key)
    data.put("subjects", conflict.subjects)
    data.put("subject", side?.subject)
    data.put("holds", side?.said.map(\.place.json) ?? [])
    data.put("note", note)
    data.put("saw", conflict.evidence.json)
    return Fact(kind: factKind, subject: conflict.id, at: instant, data: .object(data.object))
  }
}
