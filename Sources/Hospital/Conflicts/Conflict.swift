import Ledger

/// What was said and cannot all be: everything is kept, until a person decides.
public struct Conflict: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Two patients in one bed, nobody having declared that it is shared.
    case bed
    /// Two identities with one number of one authority.
    case identifier
    /// Two identities with one INS.
    case ins
    /// Two patients nobody can name, under one label.
    case label
    /// Two identities that a person and another, or a feed, made on two stations, neither knowing of the other, and
    /// whose strict traits agree.
    case person
    /// Two stays with one number.
    case number
    /// Merges that close a ring: none of them is followed.
    case ring
    /// A stay that two patients claim.
    case claimed
    /// One movement id in two visits.
    case movement
    /// A stay that two stations carried on, neither knowing of the other: discharged here, moved there.
    case stay
    /// Strict traits of an identity changed on two stations, neither knowing of the other.
    case traits
    /// A patient in emergency whom two stations oriented differently, neither knowing of the other.
    case orientation
    /// A patient in emergency of whom two stations said different levels of urgency, neither knowing of the other.
    case triage
    /// Somebody announced whom two stations received, neither knowing of the other: two stays, of one person or two.
    case announced
    /// A chain with two branches, both of which answered somebody.
    case fork

    /// Whether one side may hold against the others.
    public var hasChoice: Bool { self != .fork && self != .person }

    /// Whether whoever leaves all as it is says why.
    public var needsNote: Bool { self != .fork }
  }

  /// One of the statements that clash.
  public struct Side: Sendable {
    /// What it is of: a patient, a stay, or a chain (`station/<name>`).
    public var subject: String
    /// What says it, oldest first.
    public var said: [Said]

    public init(subject: String, said: [Said]) {
      self.subject = subject
      self.said = said
    }
  }

  public var kind: Kind
  /// The bed's id, the number, the movement's id, the chain; nil where the subjects say it all.
  public var key: String?
  /// Whom it concerns, in the order of their ids.
  public var subjects: [String]
  public var sides: [Side]
  /// Every fact that bears on it. Whoever decides names them.
  public var facts: [FactPlace]
  /// What people decided of it, oldest first.
  public var decisions: [Said]
  /// Nothing clashes any more: it is shown as it was decided.
  public var isPast = false

  /// - Parameter beside: what bears on it and is no side's.
  public init(
    _ kind: Kind, key: String? = nil, subjects: [String], sides: [Side], beside: [Said] = [], decisions: [Said] = []
  ) {
    self.kind = kind
    self.key = key
    self.subjects = subjects
    self.sides = sides
    self.decisions = decisions
    facts = (beside + sides.flatMap(\.said)).map(\.place)
  }

  /// `conflict/<uuid>`, the same on every station.
  public var id: String {
    let parts = [key ?? ""] + subjects
    return "conflict/\(Name.subject("conflict", kind.rawValue, parts.joined(separator: "|")))"
  }

  public var evidence: Evidence { Evidence(facts: facts, decisions: decisions.map(\.place)) }

  /// Of what bears on it and what was decided: whoever decides a conflict of another version has not seen this one.
  public var version: String { evidence.version("conflict-version") }

  /// Nor does any decision settle it as long as more lie in a bed than may: two patients are never silently in one.
  public var isSettled: Bool {
    if kind == .bed, !isPast { return false }
    return evidence.isSettled(by: decisions) { ConflictDecision($0.heard.fact)?.saw ?? [] }
  }
}
