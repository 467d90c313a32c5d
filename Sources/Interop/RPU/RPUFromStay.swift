import Hospital
import Ledger

extension RPUVisit {
  /// - Parameters:
  ///   - span: the part of the stay that was spent in emergency.
  ///   - said: what the emergency department said of it.
  ///   - clock: `21/08/2022 03:14`, on the hospital's own clock.
  public init(
    _ stay: Stay, _ span: EmergencySpan, _ said: EmergencyVisit, _ patient: Patient?, in structure: Structure?,
    clock: (Instant) -> String
  ) {
    self.init()
    takePerson(patient)
    self[.arrival] = clock(span.from)
    takeEntry(stay)
    takeCare(said)
    guard let leftAt = span.until else { return }
    self[.departure] = clock(leftAt)
    if let unit = stay.outline.unitAfterEmergency {
      self[.exitMode] = "6"
      let specialty = structure?.unit(unit)?.specialty
      self[.destination] = specialty.flatMap(Self.destination)
      self[.orientation] = orientation(patient, specialty)
    } else {
      takeExit(stay, patient)
    }
    if self[.orientation] == nil { take(.orientation, said.orientation?.orient, of: RPUCodes.orientations) }
  }

  private mutating func takeCare(_ said: EmergencyVisit) {
    take(.transport, said.transport, of: RPUCodes.transports)
    take(.transportCare, said.transportCare, of: RPUCodes.transportCares)
    self[.complaint] = said.complaint
    take(.severity, said.ccmu, of: RPUCodes.severities)
    self[.diagnosis] = said.diagnosis
    put(.associated, said.diagnoses)
    put(.acts, said.acts)
  }

  private mutating func takePerson(_ patient: Patient?) {
    guard let patient else { return }
    take(.sex, patient.sex?.rawValue, of: RPUCodes.sexes)
    if let birth = patient.birthDate, birth.day != nil { self[.birth] = birth.shown }
    let home = patient.addresses.first { $0.use == "H" } ?? patient.addresses.first { $0.use != "BDL" }
    self[.postcode] = Self.postcode(home)
    // A city that somebody typed may be anything, a name too; one that came with the commune's code is that commune.
    if let home, home.postcode != nil, home.commune != nil { self[.commune] = home.city }
  }

  /// Unknown: the département and 999; abroad 99 and the country's code; nothing known, 99999.
  static func postcode(_ home: Address?) -> String {
    guard let home else { return "99999" }
    func isDigits(_ text: String, _ count: Int) -> Bool {
      text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    let country = home.country?.uppercased() ?? ""
    guard country.isEmpty || ["FR", "FRA", "100", "99100"].contains(country) else {
      let code = country.hasPrefix("99") && country.utf8.count == 5 ? String(country.dropFirst(2)) : country
      return isDigits(code, 3) ? "99\(code)" : "99999"
    }
    if let postcode = home.postcode, isDigits(postcode, 5) { return postcode }
    if let commune = home.commune, commune.utf8.count == 5, isDigits(String(commune.prefix(2)), 2) {
      return "\(commune.prefix(2))999"
    }
    return "99999"
  }

  private mutating func takeEntry(_ stay: Stay) {
    let arrival = stay.arrival ?? Stay.Arrival(entryMode: stay.entryMode, provenance: stay.provenance)
    // PMSI tells a provisional transfer apart, the summary does not.
    take(.entryMode, arrival.entryMode == "0" ? "7" : arrival.entryMode, of: RPUCodes.entryModes)
    guard let mode = self[.entryMode], let provenance = arrival.provenance else { return }
    let isFromCare = RPUCodes.care.contains(provenance) || provenance == "6"
    if isFromCare == (mode != "8") { take(.provenance, provenance, of: RPUCodes.provenances) }
  }

  private mutating func takeExit(_ stay: Stay, _ patient: Patient?) {
    take(.exitMode, stay.exitMode == "0" ? "7" : stay.exitMode, of: RPUCodes.exitModes)
    switch self[.exitMode] {
    case "6", "7": take(.destination, stay.destination, of: RPUCodes.care)
    case "8": take(.destination, stay.destination, of: ["6", "7"])
    default: break
    }
    // To psychiatry, in another establishment too.
    if self[.exitMode] == "6" || self[.destination] == "4" { self[.orientation] = orientation(patient, nil) }
  }

  private static func destination(_ specialty: String) -> String? {
    switch specialty {
    case "medicine", "surgery", "obstetrics", "intensive", "short-stay", "neonatology": "1"
    case "rehabilitation": "2"
    case "long-term": "3"
    case "psychiatry": "4"
    default: nil
    }
  }

  /// Care without consent says so; an intensive unit may be SC, SI or REA, and nobody guesses which.
  private func orientation(_ patient: Patient?, _ specialty: String?) -> String? {
    switch patient?.situation(.psychiatric)?.code.flatMap(PsychiatricCare.init) {
    case .thirdParty, .thirdPartyUrgent, .imminentDanger: return "HDT"
    case .state: return "HO"
    case .free, nil: break
    }
    return switch specialty {
    case "short-stay": "UHCD"
    case "medicine": "MED"
    case "surgery": "CHIR"
    case "obstetrics": "OBST"
    default: nil
    }
  }
}
