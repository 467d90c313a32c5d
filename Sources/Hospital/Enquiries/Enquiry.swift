import Ledger

/// Somebody asks at the desk or by telephone where a person is. One answer, never a list; and whoever must not be told
/// of is not there at all: the answer is what it would be without them.
public struct Enquiry: Sendable {
  /// What was said of the birth.
  public enum Birth: Sendable, Equatable {
    case date(PartialDate)
    /// Completed years, as somebody remembers them.
    case age(Int)
  }

  public enum Answer: Sendable, Equatable {
    /// « Unité …, chambre … ».
    case place(unit: String, room: String?)
    /// The hospital they went to, when they left for it, and when they arrived there, once somebody said so.
    case elsewhere(hospital: String, leftAt: Instant, arrivedAt: Instant?)
    /// « Je vous passe l’unité »: its code.
    case ward(String)
    /// « Je n’ai pas d’information à vous donner ».
    case nothing
  }

  /// A person who is here, or was within `hoursBack`, under the identity that counts.
  public struct Candidate: Sendable {
    public var patient: Patient
    public var mother: Patient?
    /// Their stays of these hours.
    public var stays: [Stay]
    /// Where each of those stays goes next, or went.
    public var underway: [Underway]

    public init(patient: Patient, mother: Patient? = nil, stays: [Stay], underway: [Underway] = []) {
      self.patient = patient
      self.mother = mother
      self.stays = stays
      self.underway = underway
    }
  }

  /// A stay that left for another hospital, and did not come back.
  fileprivate struct Sent {
    /// `stay/<uuid>`.
    var stay: String
    var hospital: String
    var leftAt: Instant
    var arrivedAt: Instant?

    /// - Returns: nil where nobody left for good.
    init?(_ transfer: PatientTransfer, to partner: Partner?) {
      guard transfer.kind == .definitive, transfer.isGone,
        let left = transfer.steps[.left], let name = partner?.name, !name.isEmpty
      else { return nil }
      (stay, hospital, leftAt, arrivedAt) = (transfer.stay, name, left.at, transfer.steps[.arrived]?.at)
    }
  }

  /// Whoever left longer ago is not told of.
  public static let hoursBack = 48
  /// The unit itself speaks of whoever has just come.
  public static let newcomerMinutes = 60
  /// Nobody remembers an age to the year.
  static let ageSlackYears = 1

  private let words: [EnquiredWord]
  private let birth: Birth
  private let today: CivilDate

  /// - Parameter name: as heard, in any order.
  public init(name: String, birth: Birth, today: CivilDate) {
    words = NameWords(name).core.map(EnquiredWord.init)
    self.birth = birth
    self.today = today
  }

  public struct Found: Sendable, Equatable {
    public var answer: Answer
    /// `patient/<uuid>` of all whom the question concerns, told of or not: for the audit alone.
    public var concerned: [String]
  }

  /// - Parameter candidates: everybody who is or was here, whoever is asked for.
  public func answer(_ candidates: [Candidate], in structure: Structure?, at now: Instant) -> Found {
    let matches = candidates.filter(isAskedFor)
    let told = matches.filter { !$0.isWithheld(in: structure) }
    return Found(answer: answer(told, at: now), concerned: matches.map(\.patient.id))
  }

  private func answer(_ told: [Candidate], at now: Instant) -> Answer {
    let answers = told.map { $0.answer(at: now) }
    guard answers.count > 1 else { return answers.first ?? .nothing }
    // Namesakes: a person who knows them speaks, beginning with the one whose name was said best.
    let best = zip(told, answers).filter { $0.1 != .nothing }.min { one, other in
      let (left, right) = (distance(one.0), distance(other.0))
      return left == right ? one.0.patient.id.precedesInBytes(other.0.patient.id) : left < right
    }
    return best?.0.lastUnit(at: now).map(Answer.ward) ?? .nothing
  }

  // MARK: Who is asked for

  private func isAskedFor(_ candidate: Candidate) -> Bool {
    guard !words.isEmpty, isBorn(candidate.patient.birthDate) else { return false }
    let names = EnquiredNames(candidate.patient)
    return words.allSatisfy { names.answers(to: $0) } && words.contains { names.isSurname($0) }
  }

  private func isBorn(_ known: PartialDate?) -> Bool {
    guard let known else { return false }
    switch birth {
    case .date(let asked):
      return known.year == asked.year && (asked.month == nil || known.month == asked.month)
        && (asked.day == nil || known.day == asked.day)
    case .age(let age):
      return known.years(on: today).map { abs($0 - age) <= Self.ageSlackYears } ?? false
    }
  }

  /// How many of the words are not written as they were typed.
  private func distance(_ candidate: Candidate) -> Int {
    let names = EnquiredNames(candidate.patient)
    return words.count { !names.writes($0) }
  }
}

extension Enquiry.Candidate {
  /// One stay that must not be told of, or one place where they are sent, takes the whole person out.
  fileprivate func isWithheld(in structure: Structure?) -> Bool {
    underway.contains { $0.isDiscreet(in: structure) }
      || stays.contains { Disclosure.isWithheld(patient, mother: mother, at: $0.place, in: structure) }
  }

  fileprivate func answer(at now: Instant) -> Enquiry.Answer {
    if let (stay, presence) = present(at: now) {
      guard let unit = presence.place.unit else { return .nothing }
      let isNew = stay.admittedAt.map { $0 > now.adding(seconds: -Enquiry.newcomerMinutes * 60) } ?? true
      // Somebody said that they left, and nobody that their stay ended: the unit knows.
      let isAway =
        gone(stay) != nil || stay.awaySince(at: now, underway.flatMap(\.transfers).map(\.transfer)) != nil
      if patient.isDead || patient.isNamesake || isNew || isAway || presence.place.isResuscitation {
        return .ward(unit)
      }
      return .place(unit: unit, room: presence.place.room)
    }
    guard let last = last(at: now), patient.isDead || ["0", "7", "9"].contains(last.exitMode) else { return .nothing }
    if !patient.isDead, !patient.isNamesake, last.exitMode != "9", let gone = gone(last) {
      return .elsewhere(hospital: gone.hospital, leftAt: gone.leftAt, arrivedAt: gone.arrivedAt)
    }
    // Who died here, or went where nobody noted, is spoken of by the unit that they left.
    return last.place.unit.map(Enquiry.Answer.ward) ?? .nothing
  }

  fileprivate func lastUnit(at now: Instant) -> String? {
    present(at: now)?.presence.place.unit ?? last(at: now)?.place.unit
  }

  private func present(at now: Instant) -> (stay: Stay, presence: Presence)? {
    stays.lazy.compactMap { stay in stay.presence(at: now).map { (stay, $0) } }.max { $0.1.from < $1.1.from }
  }

  /// Of two stations that each sent them away, the later.
  private func gone(_ stay: Stay) -> Enquiry.Sent? {
    underway.flatMap(\.transfers).compactMap { Enquiry.Sent($0.transfer, to: $0.partner) }
      .filter { $0.stay.sameBytes(as: stay.id) }.max { $0.leftAt < $1.leftAt }
  }

  private func last(at now: Instant) -> Stay? {
    stays.filter { $0.status(at: now) == .discharged }.max { one, other in
      (one.dischargedAt?.milliseconds ?? 0) < (other.dischargedAt?.milliseconds ?? 0)
    }
  }
}

extension Patient {
  /// Said by hand: another one here bears their name.
  fileprivate var isNamesake: Bool { attributes.contains { $0 == "HOMA" || $0 == "HOMD" } }
}

extension Place {
  /// Salle d’accueil des urgences vitales: nobody reads out a room where somebody is being resuscitated.
  fileprivate var isResuscitation: Bool {
    [room, bed].contains { $0?.uppercased().hasPrefix("SAUV") ?? false }
  }
}
