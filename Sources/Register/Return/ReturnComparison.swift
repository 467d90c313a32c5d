import GRDB
import Hospital
import Ledger

/// The copy from before, what was registered meanwhile, and the recovered main system's own state, where they differ.
public struct ReturnComparison: Sendable {
  public var crisis: Crisis
  /// The lists that count: the last of each kind that was read to its end.
  public var lists: [Recovery]
  /// Decided or not, by kind, then by id: in one order on every station.
  public var differences: [Difference]
  public var census: ReturnCensus

  public var open: [Difference] { differences.filter { !$0.isSettled } }
}

/// Who is present here and there, bed for bed.
public struct ReturnCensus: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    /// NDA, else the stay's id.
    public var number: String
    /// Unit and bed; nil where the stay is not open on that side.
    public var here: String?
    public var there: String?
  }

  /// Present on both sides, in the same bed.
  public var same = 0
  /// By number.
  public var differing: [Line] = []
  /// Present on both sides in the same unit, of which one side does not say the bed; by number.
  public var unsaid: [Line] = []
  /// Nothing the main system says of any stay is known.
  public var isUnknown = true

  public var withoutBed: Int { unsaid.count }
  /// All that is not equal.
  public var lines: [Line] { differing + unsaid }

  public var isEqual: Bool { !isUnknown && lines.isEmpty }

  /// - Parameter owner: whose it is there, where that is somebody else.
  mutating func add(_ number: String, here: [ReturnField: String], there: ReturnState, owner: Difference? = nil) {
    if !there.isEmpty { isUnknown = false }
    func place(_ values: [ReturnField: String]) -> String? {
      guard values[.stayStatus] == StayStatus.admitted.rawValue else { return nil }
      return values[.place] ?? "–"
    }
    let (here, there) = (place(here), place(there.values.mapValues(\.text)))
    guard here != nil || there != nil else { return }
    if let owner {
      func of(_ place: String?, _ value: ReturnState.Value?) -> String? {
        place.map { "\($0) (\(value?.text ?? "–"))" }
      }
      differing.append(Line(number: number, here: of(here, owner.here), there: of(there, owner.there)))
    } else if let here, let there, here == there {
      same += 1
    } else if let here, let there, ReturnField.place.isSame(here, there) {
      unsaid.append(Line(number: number, here: here, there: there))
    } else {
      differing.append(Line(number: number, here: here, there: there))
    }
  }
}

extension Reading {
  /// nil where the hospital never left standby.
  public func returnComparison(at now: Instant) throws -> ReturnComparison? {
    guard let crisis = try crisis() else { return nil }
    let row = try db.prepared("SELECT max(id) FROM commits").first { $0.integerOrNil(0) } ?? nil
    return try returning.comparison(at: row ?? 0, minute: now.milliseconds / 60_000, crisis) {
      try ReturnComparing(self, crisis, at: now).comparison()
    }
  }

  /// The last decision of each difference that was ever decided, those that came here last first.
  public func returnDecisions(limit: Int = .max) throws -> [Said] {
    try db.prepared(
      """
      SELECT subjects.id FROM subjects JOIN facts ON facts.subject = subjects.id
      WHERE subjects.name > 'return/' AND subjects.name < 'return0'
      GROUP BY subjects.id ORDER BY MAX(facts.commitID) DESC LIMIT ?
      """
    ).all(.integer(limit)) { $0.integer(0) }.compactMap { try Refolding(db).said(of: $0).last }
  }

  /// A list by its id; nil where none was begun under it.
  public func recovery(_ id: String) throws -> Recovery? { try States.one(id, db) as? Recovery }

  /// The last row about a number, whichever list it is of; nil for other subjects.
  public func recovered(_ id: String) throws -> Recovered? { try States.one(id, db) as? Recovered }

  /// What was decided under this id and differs no more, as its last decision says it.
  public func decidedDifference(_ id: String, at now: Instant) throws -> Difference? {
    let decisions = try history(of: id)
    guard let last = decisions.last, let decision = ReturnDecision(last.heard.fact) else { return nil }
    func value(_ text: String?) -> ReturnState.Value? { text.map { ReturnState.Value(text: $0, said: last) } }
    var difference = Difference(
      decision.kind, subject: decision.subject, field: decision.field, number: decision.number,
      before: value(decision.before), here: value(decision.here), there: value(decision.there))
    difference.decisions = decisions
    // Whoever decides it again has had before them what they had who decided it.
    let places = decisions.map(\.place)
    difference.facts = decision.saw.filter { !places.contains($0) }
    // Of one person with two numbers a decision does not say the other.
    guard difference.id.sameBytes(as: id) else { return difference }
    difference.isSoHere = try isSoHere(difference, at: now)
    difference.former = try former(difference, last)
    return difference
  }

  /// What a file said before it was corrected by this decision, where that was ours.
  private func former(_ difference: Difference, _ decision: Said) throws -> Traits? {
    guard difference.isCorrected, let field = difference.field, difference.subject.hasPrefix("patient/") else {
      return nil
    }
    var patient = Patient(id: difference.subject)
    for said in try history(of: difference.subject)
    where said.heard.time < decision.heard.time && !said.place.isBeside(decision.place) {
      patient.fold(said.heard)
    }
    return ReturnField.values(patient)[field] == difference.here?.text ? Traits(patient) : nil
  }

  /// Whether our file says what the main system does. Asked of what was decided so alone: few, and all others are as
  /// open without it.
  func isSoHere(_ difference: Difference, at now: Instant) throws -> Bool {
    guard difference.decision?.way == .correct, let there = difference.there?.text else { return false }
    let subject = difference.subject
    let values =
      subject.hasPrefix("stay/")
      ? try stay(subject).map { ReturnField.values($0, at: now) } : try patient(subject).map(ReturnField.values)
    guard let values else { return false }
    if let field = difference.field { return values[field].map { field.isSame($0, there) } ?? false }
    guard difference.kind == .missingHere, !values.isEmpty else { return false }
    let here = ReturnField.presence.compactMap { values[$0] }.joined(separator: " ")
    return ReturnField.place.isSame(here, there)
  }

  /// The commits that go back to the main system and speak of a subject, or of one that became one with it, what became
  /// of each that was begun, and the items of them that were entered by hand or exported.
  public func handbacks(of subject: String) throws -> (commits: Int, begun: [Handback], entered: [String]) {
    let names = try [subject] + absorbed(by: subject) + stays(continuedAs: subject)
    let commits = try commitsToHandBack().filter { commit in
      commit.subjects.contains { spoken in names.contains { $0.sameBytes(as: spoken) } }
    }
    let entered = Set(commits.flatMap(\.entered)).sorted { $0.precedesInBytes($1) }
    return (commits.count, try commits.compactMap { try handback(of: $0.place) }, entered)
  }

  /// The lists that count: the last of each kind that was read to its end.
  func recoveries() throws -> [Recovery] {
    let ended = try States.all("recovery", db).compactMap { $0 as? Recovery }.filter { $0.endedAt != nil }
    return Dictionary(grouping: ended, by: \.kind).values.compactMap { lists in
      lists.max { one, other in
        guard let left = one.endedAt, let right = other.endedAt, left != right else {
          return one.id.precedesInBytes(other.id)
        }
        return left < right
      }
    }.sorted { $0.kind.rawValue < $1.kind.rawValue }
  }
}
