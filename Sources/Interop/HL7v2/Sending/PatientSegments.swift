import Hospital
import Ledger

/// What is said of an identity: PID, PD1, ROL, NK1, ZFD and ZFS.
struct PatientSegments {
  let settings: SendingSettings
  var patient: Patient
  /// Traits that this commit erased, by their names in facts.
  var erased: Set<String> = []
  /// PID-21.
  var mother: Patient?

  // MARK: Numbers

  /// CX of an identity's own number.
  static func number(_ identifier: Identifier) -> String {
    let authority = SegmentText.authority(identifier.authority, name: identifier.authorityName)
    return "\(SegmentText.escaped(identifier.value))^^^\(authority)^\(SegmentText.escaped(identifier.type))"
  }

  /// The numbers in use, those of a patient's own kind first; whoever has none is named by this hospital's own name for
  /// them.
  static func numbers(_ patient: Patient, _ settings: SendingSettings) -> [Identifier] {
    let used = patient.identifiers.filter { !$0.withdrawn && !$0.type.sameBytes(as: "INS") }
    let naming = used.filter { ["PI", "MR", "MRN"].contains($0.type) }
    if !naming.isEmpty { return naming + used.filter { !naming.contains($0) } }
    let own = Identifier(
      value: String(patient.id.dropFirst("patient/".count)), authority: settings.structure.movementOID,
      authorityName: SendingSettings.application, type: "PI")
    return used + [own]
  }

  private var identifiers: String {
    var all = Self.numbers(patient, settings).map(Self.number)
    if let ins = QualifiedINS(of: patient)?.ins {
      let name = ins.domain == .nia ? "ASIP-SANTE-INS-NIA" : "ASIP-SANTE-INS-NIR"
      all.append("\(SegmentText.escaped(ins.matricule))^^^\(name)&\(ins.oid)&ISO^INS")
    }
    return all.joined(separator: "~")
  }

  // MARK: Segments

  /// - Parameter account: PID-18.
  func pid(account: String? = nil) -> String {
    var pid = SegmentText("PID")
    pid[1] = "1"
    pid[3] = identifiers
    pid[5] = names
    pid.say(7, patient.birthDate.map { $0.text.filter(\.isNumber) }, erased: erased.contains("birthDate"))
    pid.say(8, patient.sex.map { $0 == .indeterminate ? "A" : $0.rawValue })
    pid[11] = addresses
    pid[13] = telecoms
    pid.say(16, patient.maritalStatus, erased: erased.contains("maritalStatus"))
    if let account { pid[18] = account }
    // A birth under secrecy tells nobody whose it is.
    if let mother, !mother.secret, !patient.secret, let number = Self.numbers(mother, settings).first {
      pid[21] = Self.number(number)
    }
    if let rank = patient.birthRank { pid[25] = String(rank) }
    pid.say(26, patient.nationality, erased: erased.contains("nationality"))
    pid.say(29, death, erased: erased.contains("deathAt"))
    pid[30] = patient.isDead ? "Y" : "N"
    pid[32] = reliability
    return pid.text
  }

  /// No more of it than is known: no hour where it is the day, no minute where it is the hour.
  private var death: String? {
    patient.deathAt.map { at in
      if let date = patient.deathDate(settings.localTime) { return date.text.replacing("-", with: "") }
      let text = settings.time(at)
      return patient.deathBefore == nil ? text : String(text.prefix(10))
    }
  }

  private var names: String {
    // Whoever nobody can name yet is called by their label.
    let label = patient.unknown?.label
    let birth = SegmentText.components([
      1: patient.birthName ?? "INCONNU", 2: patient.birthGivenName ?? label,
      3: patient.birthGivenNames ?? patient.birthGivenName ?? label, 5: patient.title, 7: "L",
    ])
    guard patient.usedName != nil || patient.usedGivenName != nil || erased.contains("usedName") else { return birth }
    let used = SegmentText.components([2: patient.usedGivenName, 5: patient.title, 7: "D"])
    return "\(patient.usedName.map(SegmentText.escaped) ?? SegmentText.erased)\(used)~\(birth)"
  }

  private var addresses: String {
    if patient.addresses.isEmpty, patient.birthPlace == nil, patient.birthPlaceName == nil {
      return erased.contains("addresses") ? SegmentText.erased : ""
    }
    var written = patient.addresses.filter { $0.use != "BDL" }.map(Self.address)
    let said = patient.addresses.first { $0.use == "BDL" }
    if patient.birthPlace != nil || patient.birthPlaceName != nil || said != nil {
      written.append(
        Self.address(
          Address(
            use: "BDL", lines: [], postcode: said?.postcode, city: patient.birthPlaceName ?? said?.city,
            commune: patient.birthPlace ?? said?.commune, country: said?.country)))
    }
    return written.joined(separator: "~")
  }

  private static func address(_ address: Address) -> String {
    SegmentText.components([
      1: address.lines.first, 2: address.lines.count > 1 ? address.lines.dropFirst().joined(separator: " ") : nil,
      3: address.city, 5: address.postcode, 6: address.country, 7: address.use, 9: address.commune,
    ])
  }

  private var telecoms: String {
    let written =
      patient.phones.map { SegmentText.components([2: "PRN", 3: "PH", 12: $0]) }
      + patient.emails.map { SegmentText.components([2: "NET", 3: "Internet", 4: $0]) }
    if written.isEmpty, erased.contains("phones") || erased.contains("emails") { return SegmentText.erased }
    return written.joined(separator: "~")
  }

  /// PAM France knows PROV and VALI alone: VALI with an INS is *qualifiée*.
  private var reliability: String {
    let isSure = [.validated, .qualified].contains(patient.identityStatus)
    return ([isSure ? "VALI" : "PROV"] + patient.attributes).map(SegmentText.escaped).joined(separator: "~")
  }

  var pd1: String {
    var pd1 = SegmentText("PD1")
    pd1[12] = patient.protected || patient.secret ? "Y" : "N"
    return pd1.text
  }

  /// The family doctor: whom the page names, with the numbers that a feed gave of the same one. One whom it gave, and
  /// who is on the page no longer, is none any more.
  var rol: String? {
    let given = patient.other["generalPractitioner"]
    let doctor = patient.contacts.first(where: \.isFamilyDoctor)
    let isGiven = doctor == nil || given.flatMap(Contact.init(familyDoctor:))?.name == doctor?.name
    let person = isGiven ? given.flatMap { PractitionerText($0)?.text } : doctor.map { PractitionerText.named($0.name) }
    guard let person, doctor?.name.isEmpty != true, !patient.secret else { return nil }
    var rol = SegmentText("ROL")
    rol[2] = doctor == nil ? "DE" : "UC"
    rol[3] = "ODRP"
    rol[4] = person
    if let phone = doctor?.phone { rol[12] = SegmentText.components([2: "WPN", 3: "PH", 12: phone]) }
    return rol.text
  }

  var nk1: [String] {
    patient.contacts.filter { !$0.isFamilyDoctor && !patient.secret }.enumerated().map {
      place, contact in
      var nk1 = SegmentText("NK1")
      nk1[1] = String(place + 1)
      nk1.say(2, contact.name)
      let isGuardian = contact.role == "legal-representative"
      nk1[3] = SegmentText.components([
        1: isGuardian ? "GRD" : contact.relationship == nil ? nil : "OTH", 2: contact.relationship,
      ])
      if let phone = contact.phone { nk1[5] = SegmentText.components([2: "PRN", 3: "PH", 12: phone]) }
      return nk1.text
    }
  }

  /// How the identity was obtained and the document shown.
  var zfd: String? {
    var zfd = SegmentText("ZFD")
    for number in [1, 4, 5, 6] { if let raw = patient.other["ZFD-\(number)"]?.string { zfd.say(number, raw) } }
    if let document = patient.document {
      zfd.say(7, document.kind)
      zfd.say(8, document.validUntil.map { $0.filter(\.isNumber) })
    } else if erased.contains("document") {
      zfd[7] = SegmentText.erased
    }
    return zfd.isEmpty ? nil : zfd.text
  }

  /// What became of psychiatric care under a legal measure since: one that holds no more ends when the next one begins.
  func zfs(since before: [LegalSituation], at now: Instant) -> [String] {
    let was = before.first { $0.kind == SituationKind.psychiatric.rawValue }
    let current = patient.situation(.psychiatric)
    guard was != current else { return [] }
    let isSame = was.map(name) == current.map(name)
    var said: [SegmentText] = []
    if let was, !isSame {
      let until = current?.since ?? now
      // One that began later than that never was.
      var zfs = measure(was, was.since.map { $0 > until } == true ? .cancel : .update)
      zfs[4] = settings.time(until)
      said.append(zfs)
    }
    if let current { said.append(measure(current, isSame ? .update : .insert)) }
    for place in said.indices { said[place][1] = String(place + 1) }
    return said.map(\.text)
  }

  private func measure(_ situation: LegalSituation, _ action: MovementTrigger.Action) -> SegmentText {
    var zfs = SegmentText("ZFS")
    zfs[2] = name(situation)
    zfs.say(3, situation.since.map(settings.time))
    zfs[5] = action.rawValue
    zfs.say(6, situation.code)
    zfs.say(8, situation.note)
    return zfs
  }

  /// As a feed calls the measure, else of this hospital: whose, and since when.
  private func name(_ situation: LegalSituation) -> String {
    situation.id ?? settings.ownName(Name.subject("situation", patient.id, situation.since?.text ?? ""))
  }
}

/// A person as XCN, one repetition for each of their numbers.
struct PractitionerText {
  let text: String

  /// Of what a feed said of them: `{name, RPPS?, ADELI?, id?}`; nil where nobody is named.
  init?(_ json: JSON) {
    let name = json["name"]?.string
    let numbers = ["ADELI", "RPPS", "id"].compactMap { type in json[type]?.string.map { (type, $0) } }
    guard name != nil || !numbers.isEmpty else { return nil }
    let written = numbers.map { type, value in
      let authority = type == "id" ? "" : "ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO"
      return "\(SegmentText.components([1: value, 2: name]))\(name == nil ? "^" : "")^^^^^^^\(authority)^L"
        + (type == "id" ? "" : "^^^\(type)")
    }
    text = written.isEmpty ? Self.named(name ?? "") : written.joined(separator: "~")
  }

  /// Of whom only the name is known.
  static func named(_ name: String) -> String { SegmentText.components([2: name, 10: "L"]) }
}
