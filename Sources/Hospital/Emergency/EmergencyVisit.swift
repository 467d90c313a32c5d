import Ledger

/// What the emergency department says of one stay, beside the stay's own facts: how they came, triage, what is awaited,
/// where they go next. Where they lie and when they left is said by the stay alone.
public struct EmergencyVisit: Sendable, Equatable {
  /// `emergency/<uuid>`.
  public let id: String
  /// `stay/<uuid>`.
  public var stay: String?
  /// RPU: PERSO AMBU VSAB SMUR HELI FO.
  public var transport: String?
  /// RPU: MED PARAMED AUCUN.
  public var transportCare: String?
  /// Who came with them: for a minor, whoever may take them away again.
  public var accompaniedBy: String?
  /// Code of the complaint (RPU, MOTIF), and what was said in words.
  public var complaint: String?
  public var complaintText: String?
  /// SINUS or SI-VIC.
  public var victimNumber: String?
  /// `announcement/<uuid>`.
  public var announcement: String?
  /// By their hours, then as they were said.
  public var triages: [Triage] = []
  /// The one that counts while a person has still to settle which; not kept.
  private var shown: Triage?
  /// CCMU, by the physician: P 1 2 3 4 5 D.
  public var ccmu: String?
  /// ICD-10: the main diagnosis, and the others; CCAM: what was done.
  public var diagnosis: String?
  public var diagnoses: [String] = []
  public var acts: [String] = []
  /// GEMSA: 1 to 6.
  public var gemsa: String?
  public var assessed: Attribution?
  public var doctor: String?
  public var nextStep: String?
  /// Codes of `Awaited`.
  public var awaited: [String] = []
  /// As they were said, taken back ones included.
  public var orientations: [Orientation] = []
  /// The first hour at which a physician had them in hand: named, assessing, or orienting.
  public var seenAt: Instant?

  public init(id: String) { self.id = id }

  /// The subject of what is said of this stay in emergency: every station speaks of the same.
  public static func id(ofStay stay: String) -> String {
    "emergency/\(Name.subject("emergency", stay.afterSlash, ""))"
  }

  /// The one that counts.
  public var triage: Triage? { shown ?? triages.last }

  /// Of levels that stations said apart the most urgent is shown, until a person settles which it is.
  public func showing(contested levels: [String], _ settings: EmergencySettings) -> EmergencyVisit {
    func urgency(_ level: String) -> Int { settings.urgency(of: level) ?? .max }
    guard let level = levels.min(by: { urgency($0) < urgency($1) }),
      let triage = triages.last(where: { $0.level.sameBytes(as: level) })
    else { return self }
    var visit = self
    visit.shown = triage
    return visit
  }

  /// The one that holds.
  public var orientation: Orientation? { orientations.last { !$0.isWithdrawn } }
  /// Without any words that somebody typed or scanned, which may say who it is.
  public var withheld: EmergencyVisit {
    var visit = self
    (visit.accompaniedBy, visit.victimNumber, visit.complaint, visit.complaintText) = (nil, nil, nil, nil)
    visit.nextStep = nil
    for place in visit.orientations.indices {
      visit.orientations[place].reason = nil
      visit.orientations[place].destination = nil
      visit.orientations[place].accompaniedBy = nil
    }
    return visit
  }

  /// A physician has them in hand: the delay of their level no longer runs.
  public var isSeen: Bool { doctor != nil || assessed != nil || orientation != nil }
}

public struct Triage: Sendable, Equatable {
  public var at: Instant
  /// FRENCH or CIMU.
  public var scale: String
  public var level: String
  public var vitals: VitalSigns
  public var reason: String?
  public var said: Attribution
}

/// What somebody waits for.
public enum EmergencyWait: String, Sendable, CaseIterable {
  case laboratory, imaging, opinion, theatre, bed, transport, police, relatives

  /// Lines of care of which it needs one.
  public var needs: [CareKey] {
    switch self {
    case .laboratory: [.laboratory]
    case .imaging: [.xRay, .ct, .ultrasound, .mri]
    case .theatre: [.theatre]
    case .opinion, .bed, .transport, .police, .relatives: []
    }
  }
}

extension EmergencyVisit {
  /// Lines of care, or choices among them, without which this patient is better elsewhere: what the complaint needs, and
  /// what is awaited.
  public func needs(_ settings: EmergencySettings) -> [[CareKey]] {
    let ofComplaint = (settings.complaint(complaint)?.needs ?? []).compactMap(CareKey.init(rawValue:)).map { [$0] }
    return ofComplaint + awaited.compactMap(EmergencyWait.init(rawValue:)).map(\.needs).filter { !$0.isEmpty }
  }

  /// What cannot be done for them here, or only with difficulty, worst first; nothing once they go.
  /// - Parameter states: of the lines that are not open.
  public func obstacles(
    _ settings: EmergencySettings, _ states: [CareKey: CareState]
  ) -> [(line: CareKey, state: CareState)] {
    if orientation?.way.map({ $0 == .transfer || $0.endsVisit }) ?? false { return [] }
    var worst: [CareKey: CareState] = [:]
    for choice in needs(settings) {
      // Of several ways to the same, the best counts.
      guard let best = choice.map({ (line: $0, state: states[$0] ?? .open) }).min(by: { $0.state < $1.state }),
        best.state != .open
      else { continue }
      worst[best.line] = best.state
    }
    return CareKey.allCases.compactMap { line in worst[line].map { (line, $0) } }.sorted { $0.state > $1.state }
  }
}

/// CCMU: how ill, by the physician, after the first examination; never to be taken for triage.
public enum CCMU: String, Sendable, CaseIterable {
  case stable = "1"
  case stableWithAct = "2"
  case mayWorsen = "3"
  case lifeAtStake = "4"
  case resuscitation = "5"
  case psychiatric = "P"
  case deadOnArrival = "D"
}

public enum EmergencyTransport: String, Sendable, CaseIterable {
  case own = "PERSO"
  case ambulance = "AMBU"
  case fireService = "VSAB"
  case physician = "SMUR"
  case helicopter = "HELI"
  case police = "FO"
}

public enum TransportCare: String, Sendable, CaseIterable {
  case none = "AUCUN"
  case paramedic = "PARAMED"
  case physician = "MED"
}

public enum EmergencyFact: String, Sendable, CaseIterable {
  case arrived = "emergency.arrived"
  case triaged = "emergency.triaged"
  case assessed = "emergency.assessed"
  case noted = "emergency.noted"
  case oriented = "emergency.oriented"
  case orientationWithdrawn = "emergency.orientation-withdrawn"
}

extension EmergencyVisit: Folded {
  public mutating func fold(_ heard: Heard) {
    guard let kind = EmergencyFact(rawValue: heard.fact.kind), let data = heard.fact.data.object else { return }
    if let said = data["stay"]?.string, stay == nil { stay = said }
    switch kind {
    case .arrived: for (key, value) in data.members { take(key, value) }
    case .noted:
      for (key, value) in data.members { take(key, value) }
      if data["doctor"]?.string != nil { see(at: heard.fact.at) }
    case .assessed:
      for (key, value) in data.members { take(key, value) }
      assessed = Attribution(heard)
      see(at: heard.fact.at)
    case .triaged:
      guard let triage = Triage(heard) else { return }
      let place = triages.lastIndex { $0.at <= triage.at }.map { $0 + 1 } ?? 0
      triages.insert(triage, at: place)
    case .oriented:
      guard let orientation = Orientation(heard) else { return }
      orientations.append(orientation)
      // Whoever leaves by themselves may never have been seen.
      if orientation.way != .left { see(at: orientation.at) }
    case .orientationWithdrawn:
      guard let key = data["key"]?.string else { return }
      for index in orientations.indices where orientations[index].key.sameBytes(as: key) {
        orientations[index].isWithdrawn = true
      }
    }
  }

  private mutating func see(at instant: Instant) { seenAt = seenAt.map { min($0, instant) } ?? instant }

  private mutating func take(_ key: String, _ value: JSON) {
    switch key {
    case "transport": transport.take(value)
    case "transportCare": transportCare.take(value)
    case "accompaniedBy": accompaniedBy.take(value)
    case "complaint": complaint.take(value)
    case "complaintText": complaintText.take(value)
    case "victimNumber": victimNumber.take(value)
    case "announcement": announcement.take(value)
    case "ccmu": ccmu.take(value)
    case "diagnosis": diagnosis.take(value)
    case "diagnoses": if let said = value.strings { diagnoses = said } else if value.isNull { diagnoses = [] }
    case "acts": if let said = value.strings { acts = said } else if value.isNull { acts = [] }
    case "gemsa": gemsa.take(value)
    case "doctor": doctor.take(value)
    case "nextStep": nextStep.take(value)
    case "awaited": if let said = value.strings { awaited = said } else if value.isNull { awaited = [] }
    default: break
    }
  }

  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put("stay", stay)
    writer.put("transport", transport)
    writer.put("transportCare", transportCare)
    writer.put("accompaniedBy", accompaniedBy)
    writer.put("complaint", complaint)
    writer.put("complaintText", complaintText)
    writer.put("victimNumber", victimNumber)
    writer.put("announcement", announcement)
    writer.put("triages", triages.map(\.stored))
    writer.put("ccmu", ccmu)
    writer.put("diagnosis", diagnosis)
    writer.put("diagnoses", diagnoses)
    writer.put("acts", acts)
    writer.put("gemsa", gemsa)
    writer.put("assessed", assessed?.stored)
    writer.put("doctor", doctor)
    writer.put("nextStep", nextStep)
    writer.put("awaited", awaited)
    writer.put("orientations", orientations.map(\.stored))
    writer.put("seenAt", seenAt)
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    for (key, value) in object.members {
      switch key {
      case "stay": stay = value.string
      case "triages": triages = value.array?.compactMap(Triage.init(stored:)) ?? []
      case "assessed": assessed = Attribution(stored: value)
      case "orientations": orientations = value.array?.compactMap(Orientation.init(stored:)) ?? []
      case "seenAt": seenAt = value.storedInstant
      default: take(key, value)
      }
    }
  }
}

extension Triage {
  fileprivate init?(_ heard: Heard) {
    let data = heard.fact.data
    guard let level = data["level"]?.string else { return nil }
    self.init(
      at: heard.fact.at, scale: data["scale"]?.string ?? "", level: level, vitals: VitalSigns(said: data["vitals"]),
      reason: data["reason"]?.string, said: Attribution(heard))
  }

  fileprivate var stored: JSON {
    var writer = StateWriter()
    writer.put("at", at)
    writer.put("scale", scale)
    writer.put("level", level)
    writer.put("vitals", vitals.json)
    writer.put("reason", reason)
    writer.put("said", said.stored)
    return .object(writer.object)
  }

  fileprivate init?(stored: JSON) {
    guard let at = stored["at"]?.storedInstant, let level = stored["level"]?.string,
      let said = stored["said"].flatMap(Attribution.init(stored:))
    else { return nil }
    self.init(
      at: at, scale: stored["scale"]?.string ?? "", level: level, vitals: VitalSigns(said: stored["vitals"]),
      reason: stored["reason"]?.string, said: said)
  }
}
