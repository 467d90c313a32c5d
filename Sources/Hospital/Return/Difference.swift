import Ledger

/// Where what was held before, what was registered meanwhile and what the recovered main system says do not agree.
public struct Difference: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    /// A trait, a status or a place that the two do not have alike.
    case trait, status, place
    /// What a stay's movements say beside a place: its kind, its hours, its physician.
    case movement
    /// Open here and closed there, or the other way round.
    case open
    /// Here and not there: it never arrived, or the backup lost it.
    case missingThere = "missing-there"
    /// A stay that is open there, and that nobody said here: unknown, or opened by the feed since it is back.
    case missingHere = "missing-here"
    /// One number, two people.
    case number
    /// One person, two numbers.
    case twice
  }

  public var kind: Kind
  /// What it is of: `patient/…`, `stay/…`; what is unknown here is `recovered/…`.
  public var subject: String
  /// nil where the whole of it differs.
  public var field: ReturnField?
  /// The number that names it: IPP or NDA.
  public var number: String?
  public var before: ReturnState.Value?
  public var here: ReturnState.Value?
  public var there: ReturnState.Value?
  /// Of one person with two numbers: what bears the other one (`patient/…` or `recovered/…`).
  public var other: String?
  /// Every fact that bears on it.
  public var facts: [FactPlace]
  /// What people decided of it, oldest first.
  public var decisions: [Said] = []

  public init(
    _ kind: Kind, subject: String, field: ReturnField? = nil, number: String? = nil,
    before: ReturnState.Value? = nil, here: ReturnState.Value? = nil, there: ReturnState.Value? = nil,
    other: String? = nil, beside: [Said] = []
  ) {
    self.kind = kind
    self.subject = subject
    self.field = field
    self.number = number
    (self.before, self.here, self.there) = (before, here, there)
    self.other = other
    var places: [FactPlace] = []
    for said in [before, here, there].compactMap({ $0?.said }) + beside where !places.contains(said.place) {
      places.append(said.place)
    }
    facts = places
  }

  /// `return/<uuid>`, the same on every station.
  public var id: String {
    "return/" + Name.subject("return", kind.rawValue, "\(subject)|\(field?.rawValue ?? "")|\(other ?? "")")
  }

  public var evidence: Evidence { Evidence(facts: facts, decisions: decisions.map(\.place)) }

  public var version: String { evidence.version("return-version") }

  /// What the last decision came to, where it had all of it before it.
  public var decision: ReturnDecision? {
    decisions.compactMap { ReturnDecision($0.heard.fact) }.last
  }

  /// The decision that the main system is right makes it so here; else its own form does.
  public var isPutRight: Bool {
    guard let field, let there else { return false }
    return field.isPutRight(to: there.text)
  }

  /// Our file says what the main system does: its feed or a person made it say so.
  public var isSoHere = false

  /// What our file said before it was corrected; nil where it is not known, or was not ours.
  public var former: Traits?

  /// The main system was said to be right, and our file says what it does.
  public var isCorrected: Bool { decision?.way == .correct && isSoHere }

  /// The decision that ours stands makes it so here again; else its own form does.
  public var isPutBack: Bool {
    guard let field, let here else { return false }
    return field.isPutRight(to: here.text)
  }

  /// Whoever says that the main system is right has still to put it right here: as long as it differs, it is open.
  public var isSettled: Bool {
    guard let decision, decision.way != .correct || isCorrected else { return false }
    return evidence.isSettled(by: decisions) { ReturnDecision($0.heard.fact)?.saw ?? [] }
  }
}

extension Difference {
  /// What differs between three states of one identity.
  /// - Parameters:
  ///   - missing: the reading that lists whom the main system knows, where this one is not in it.
  public static func identity(
    _ subject: String, number: String?, before: ReturnState, here: ReturnState, there: ReturnState, missing: Said? = nil
  ) -> [Difference] {
    if there.isEmpty {
      return lost(subject, number: number, before: before, here: here, missing: missing)
    }
    let differing = ReturnField.identity.filter { isDifferent($0, here, there) }
    if ReturnField.telling.count(where: differing.contains) > 1 {
      func said(_ state: ReturnState) -> ReturnState.Value? { whole(state, ReturnField.telling) }
      let beside = ReturnField.telling.flatMap { field in [here, there].compactMap { $0.values[field]?.said } }
      return [
        Difference(
          .number, subject: subject, number: number, before: said(before), here: said(here), there: said(there),
          beside: beside)
      ]
    }
    return differing.map { field in
      Difference(
        statuses.contains(field) ? .status : .trait, subject: subject, field: field, number: number,
        before: before.values[field], here: here.values[field], there: there.values[field])
    }
  }

  private static let statuses: [ReturnField] = [.identityStatus, .protected, .death]

  /// The same of one stay.
  public static func stay(
    _ subject: String, number: String?, before: ReturnState, here: ReturnState, there: ReturnState, missing: Said? = nil
  ) -> [Difference] {
    if there.isEmpty { return lost(subject, number: number, before: before, here: here, missing: missing) }
    if here.values.isEmpty, there.values[.stayStatus]?.text == StayStatus.admitted.rawValue {
      return [Difference(.missingHere, subject: subject, number: number, there: whole(there, ReturnField.presence))]
    }
    return ReturnField.stay.filter { isDifferent($0, here, there) }.map { field in
      let admitted = [here, there].count { $0.values[.stayStatus]?.text == StayStatus.admitted.rawValue }
      let kind: Kind =
        field == .place ? .place : ReturnField.movement.contains(field) ? .movement : admitted == 1 ? .open : .status
      return Difference(
        kind, subject: subject, field: field, number: number, before: before.values[field],
        here: here.values[field], there: there.values[field])
    }
  }

  /// One stay's number under which the two have another patient.
  public static func owner(
    _ subject: String, number: String, here: ReturnState.Value, there: ReturnState.Value
  ) -> Difference {
    Difference(.number, subject: subject, number: number, here: here, there: there)
  }

  private static func lost(
    _ subject: String, number: String?, before: ReturnState, here: ReturnState, missing: Said?
  ) -> [Difference] {
    guard let missing, !here.isEmpty else { return [] }
    let fields = subject.hasPrefix("patient/") ? ReturnField.telling : ReturnField.presence
    return [
      Difference(
        .missingThere, subject: subject, number: number, before: whole(before, fields), here: whole(here, fields),
        beside: [missing])
    ]
  }

  /// Several fields in one line, said by the last of what says them.
  public static func whole(_ state: ReturnState, _ fields: [ReturnField]) -> ReturnState.Value? {
    let values = fields.compactMap { state.values[$0] }
    guard let said = values.map(\.said).max(by: { $0.heard.time < $1.heard.time }) ?? state.first else { return nil }
    return ReturnState.Value(text: values.map(\.text).joined(separator: " "), said: said)
  }

  private static func isDifferent(_ field: ReturnField, _ here: ReturnState, _ there: ReturnState) -> Bool {
    guard let one = here.values[field]?.text, let other = there.values[field]?.text else { return false }
    return !field.isSame(one, other)
  }
}
