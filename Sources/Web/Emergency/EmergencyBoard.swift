import Hospital
import Ledger
import Register

/// Who is in emergency, drawn once for everybody who looks.
public typealias LiveEmergency = LiveSheets<EmergencySheet>

/// One part of the emergency board: those announced, or those who are here.
public struct EmergencySheet: Sendable {
  public enum Part: String, Sendable { case announced, present }

  var part: Part
  var announced: [Announcement] = []
  var rows: [EmergencyRow] = []
  var figures = EmergencyFigures()
  /// When it was read, and by whose clock it is shown.
  var at: Instant
  var hours: Hours
}

extension EmergencySheet: BoardSheet {
  public static var changesWithTime: Bool { true }

  public var code: String { part.rawValue }

  /// The hour alone changes nothing: what it changes is in the rows.
  public static func == (one: EmergencySheet, other: EmergencySheet) -> Bool {
    one.part == other.part && one.announced == other.announced && one.rows == other.rows
      && one.figures == other.figures && one.hours.zone == other.hours.zone
  }

  public func html(_ version: BoardVersion, _ words: EmergencyWords) -> String {
    EmergencyFragment(self, version, words).html
  }

  public static func counts(of sheets: [EmergencySheet], _ words: EmergencyWords) -> String {
    let present = sheets.first { $0.part == .present }?.figures ?? EmergencyFigures()
    return words.counts(present, announced: sheets.first { $0.part == .announced }?.announced.count ?? 0)
  }
}

/// One patient of the board.
struct EmergencyRow: Sendable, Equatable {
  /// UUID of the stay.
  var stay: String
  var number: String?
  /// nil where nobody said who, or whom a board made for everybody does not name.
  var patient: Patient?
  var visit: EmergencyVisit
  var from: Instant
  /// Whole minutes since arrival.
  var minutes: Int
  /// Nobody has seen them within the time of their level.
  var isOver: Bool
  /// Stations said other levels, and a person is asked which it is; the most urgent is shown.
  var isContested: Bool
  /// Code of the bay; nil who waits.
  var bay: String?
  /// Elsewhere, and to come back here, or said to have left while the stay goes on.
  var isAway: Bool
  /// Name of the unit, where the hospital has several for emergency.
  var unit: String?
  var isolation: String?
  var attending: String?
  /// Lines of care that they need and that are not open here.
  var lacking: [CareKey] = []
  /// Name of the first hospital that could take them for these lines.
  var proposed: String?
  /// Those that are given with difficulty.
  var scarce: [CareKey] = []
  /// How far a bed or another hospital is.
  var onward: [OnwardStep] = []
}

struct EmergencyFigures: Sendable, Equatable {
  var waiting = 0
  var baysTaken = 0
  var bays = 0
  var over = 0
  /// Of those present, from arrival to their first triage; nil while nobody was triaged.
  var triageMinutes: Int?
  /// Said to be here for days.
  var forgotten = 0
}

enum EmergencyBoard {
  /// Who came longer ago than this is counted, and not shown: a feed that never said that they left.
  static let shownSeconds = 3 * 86_400

  static func live(
    _ register: Register, _ environment: Outside, _ settings: EmergencySettings, texts: Texts, epoch: String
  ) -> LiveEmergency {
    var words: [String: EmergencyWords] = [:]
    for language in Language.allCases { words[language.rawValue] = EmergencyWords(texts, language, settings) }
    return LiveEmergency(words: words, epoch: epoch) {
      let now = environment.now()
      return try register.read { try EmergencyBoard.sheets($0, settings, at: now) }
    }
  }

  static func sheets(
    _ reading: Reading, _ settings: EmergencySettings, at now: Instant
  ) throws -> [EmergencySheet] {
    let since = now.adding(seconds: -shownSeconds)
    let structure = try reading.structure
    let hours = Hours(of: structure)
    let units = structure?.units.filter { $0.specialty == "emergency" } ?? []
    let care = try reading.careNotOpen()
    let present = try reading.emergencyPresent(at: now, since: since)
    let requests = Dictionary(grouping: try reading.bedRequests()) { $0.stay ?? "" }
    let transfers = Dictionary(grouping: try reading.transfers(since: since), by: \.stay)
    let contested = try reading.contestedTriages()
    var partners = try ProposedPartners(care.values.contains(.closed) ? reading.partners() : [], at: now)
    var rows = try present.map { one in
      var one = one
      let levels = contested[one.visit.id]
      if let levels { one.visit = one.visit.showing(contested: levels, settings) }
      let own = transfers[one.stay.id] ?? []
      let onward = try OnwardStep.all(of: one.visit, requests[one.stay.id]?.first, own, reading, structure)
      var row = row(
        one, onward, settings, care, isOneUnit: units.count < 2, isContested: levels != nil,
        isAway: one.stay.awaySince(at: now, own) != nil, structure, at: now)
      row.lacking = stillLacking(row, own)
      // Where somebody may go says why they are here.
      if !(one.patient?.isRestricted ?? false) { row.proposed = partners.first(for: row.lacking, asked: own)?.name }
      return row
    }
    // By the time that each level gives, then by who has waited longest; who is not triaged stands by the time for it.
    func urgency(_ row: EmergencyRow) -> Int {
      row.visit.triage.map { settings.minutes(of: $0.level) ?? 0 } ?? settings.triageMinutes
    }
    rows.sort { one, other in
      let (first, second) = (urgency(one), urgency(other))
      if first != second { return first < second }
      return one.from == other.from ? one.stay.precedesInBytes(other.stay) : one.from < other.from
    }
    var figures = EmergencyFigures()
    figures.waiting = rows.count { $0.bay == nil && !$0.isAway }
    figures.over = rows.count { $0.isOver }
    figures.bays = units.reduce(0) { sum, unit in
      sum + unit.rooms.flatMap(\.beds).count { $0.kind == .bay }
    }
    let bays = Set(units.flatMap { unit in unit.rooms.flatMap(\.beds).filter { $0.kind == .bay }.map(\.code) })
    figures.baysTaken = rows.count { $0.bay.map(bays.contains) ?? false }
    let delays = rows.compactMap { row in
      row.visit.triages.first.map { max(0, Int(($0.at.milliseconds - row.from.milliseconds) / 60_000)) }
    }
    figures.triageMinutes = delays.isEmpty ? nil : delays.reduce(0, +) / delays.count
    figures.forgotten = try reading.emergencyForgottenCount(before: since)
    return [
      EmergencySheet(part: .announced, announced: try reading.announced(since: since), at: now, hours: hours),
      EmergencySheet(part: .present, rows: rows, figures: figures, at: now, hours: hours),
    ]
  }

  /// What another hospital is still to be found for: not for who is promised to one or gone, nor for what a round trip
  /// was for that is over.
  private static func stillLacking(_ row: EmergencyRow, _ own: [PatientTransfer]) -> [CareKey] {
    if row.isAway || own.contains(where: \.isCommitted) { return [] }
    let given = own.filter { $0.kind == .roundTrip && $0.status == .returned }.flatMap(\.needs)
    return row.lacking.filter { !given.contains($0.rawValue) }
  }

  private static func row(
    _ one: EmergencyPatient, _ onward: [OnwardStep], _ settings: EmergencySettings, _ care: [CareKey: CareState],
    isOneUnit: Bool, isContested: Bool, isAway: Bool, _ structure: Structure?, at now: Instant
  ) -> EmergencyRow {
    let minutes = max(0, Int((now.milliseconds - one.span.from.milliseconds) / 60_000))
    let target = one.visit.triage.map { settings.minutes(of: $0.level) ?? .max } ?? settings.triageMinutes
    let outline = one.stay.outline
    let obstacles = one.visit.obstacles(settings, care)
    // One board is made for all who look: whom it may name to some only, it names to none, nor does what was typed.
    let isWithheld = one.patient?.isRestricted ?? false
    return EmergencyRow(
      stay: one.stay.id.afterSlash, number: one.stay.number, patient: isWithheld ? nil : one.patient,
      visit: isWithheld ? one.visit.withheld : one.visit, from: one.span.from,
      minutes: minutes, isOver: !one.visit.isSeen && minutes > target, isContested: isContested, bay: outline.place.bed,
      isAway: isAway, unit: isOneUnit ? nil : outline.place.unit.map { structure?.unit($0)?.name ?? $0 },
      isolation: one.isolation,
      attending: outline.attending, lacking: obstacles.filter { $0.state == .closed }.map(\.line),
      scarce: obstacles.filter { $0.state == .limited }.map(\.line),
      // Where somebody goes may say why they are here.
      onward: isWithheld ? onward.map(\.withheld) : onward)
  }
}
