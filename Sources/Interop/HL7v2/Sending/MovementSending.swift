import Hospital
import Ledger

/// What a message says of one movement.
struct MovementSending {
  var action: MovementTrigger.Action
  var movement: Movement
  /// The situation that it leads to; of a cancellation, the one without it.
  var place: Place
  var stayClass: StayClass?
  /// ZBE-5: a later movement of the visit is known.
  var isHistoric: Bool

  /// - Parameters:
  ///   - stay: as this commit leaves it.
  ///   - now: as it is known today, where later movements stand.
  init(_ action: MovementTrigger.Action, _ movement: Movement, _ stay: Stay, now: Stay) {
    (self.action, self.movement) = (action, movement)
    let outline = stay.outline
    (place, stayClass) = (outline.place, outline.stayClass)
    if action == .cancel {
      // What never began leaves no class.
      stayClass = stayClass ?? movement.stayClass
    } else if movement.isPreadmission || movement.isPlanned {
      // Whoever is expected to leave is where they are.
      if movement.trigger != "A16" || movement.place.unit != nil { place = movement.place }
      stayClass = movement.stayClass ?? outline.stayClass
    } else {
      // Whoever leaves was somewhere until then.
      let hour = movement.isDischarge ? Instant(milliseconds: movement.at.milliseconds - 1) : movement.at
      // A coming of a series is no place to which a movement leads.
      var moved = stay
      moved.attendances = []
      if let presence = moved.presence(at: hour) { (place, stayClass) = (presence.place, presence.stayClass) }
      if movement.isDischarge, movement.place.unit != nil {
        place = movement.place
        place.medicalUnit = place.medicalUnit ?? stay.outline.place.medicalUnit
      }
    }
    isHistoric = now.movements.contains { $0.acts && $0.at > movement.at && !$0.key.sameBytes(as: movement.key) }
  }

  /// MSH-9's trigger.
  var trigger: String {
    switch action {
    case .insert: movement.trigger.isEmpty ? "Z99" : movement.trigger
    case .update: "Z99"
    case .cancel: EventStructure.cancellation(of: movement.trigger)
    }
  }
}

/// What is said of a stay: PV1, PV2, ZBE, ZFM and what a feed had said of it beside.
struct VisitSegments {
  let settings: SendingSettings
  let stay: Stay
  let sent: MovementSending
  /// What this commit erased, by its names in facts.
  var erased: Set<String> = []
  /// It tells a commit that says what the patient eats.
  var saysDiet = false

  // MARK: Numbers

  /// PID-18; nil for a stay that a feed names by its visit alone.
  static func account(_ stay: Stay) -> String? {
    guard let number = stay.number, !isNamedByVisit(stay) else { return nil }
    return "\(SegmentText.escaped(number))^^^\(SegmentText.authority(stay.numberAuthority ?? ""))^AN"
  }

  private static func isNamedByVisit(_ stay: Stay) -> Bool {
    guard let number = stay.number, let authority = stay.numberAuthority else { return false }
    return stay.id == "stay/\(Name.subject("visit", authority, number))"
  }

  private var visit: String? {
    (stay.visit ?? stay.number).map {
      "\(SegmentText.escaped($0))^^^\(SegmentText.authority(stay.numberAuthority ?? ""))^VN"
    }
  }

  /// ZBE-1: under its own authority where a feed made it, else under this hospital's.
  private var movementID: String {
    let (key, id) = (sent.movement.key, sent.movement.id)
    if sent.movement.isForeign, key.hasSuffix("|\(id)") {
      let authority = String(key.dropLast(id.count + 1))
      return SegmentText.isOID(authority)
        ? "\(SegmentText.components([1: id, 2: sent.movement.authorityName, 3: authority]))^ISO"
        : SegmentText.components([1: id, 2: authority])
    }
    return settings.ownName(key)
  }

  // MARK: Segments

  /// Class, place and responsibilities, as they are written.
  var situation: [String] {
    let place = sent.place
    return [code, place.unit, place.room, place.bed, place.medicalUnit, place.careUnit].map { $0 ?? "" }
  }

  var pv1: String {
    var pv1 = SegmentText("PV1")
    keep("PV1", &pv1)
    pv1[1] = "1"
    pv1[2] = code
    pv1[3] = SegmentText.components([1: sent.place.unit, 2: sent.place.room, 3: sent.place.bed])
    if pv1[4].isEmpty { pv1[4] = sent.stayClass == .emergency ? "U" : "R" }
    pv1.say(5, stay.preadmissionNumber)
    pv1[7] = attending
    pv1[8] = stay.other["referring"].flatMap(PractitionerText.init)?.text ?? ""
    pv1[19] = visit ?? ""
    if saysDiet { sayDiet(&pv1) }
    let outline = stay.outline
    pv1.say(44, (outline.admittedAt ?? outline.expectedAt).map(settings.time))
    if sent.movement.isDischarge, sent.action != .cancel { pv1.say(45, settings.time(sent.movement.at)) }
    // A cancellation takes back one movement, whatever was last said of the whole account.
    if pv1[51].isEmpty || sent.action == .cancel { pv1[51] = "V" }
    return pv1.text
  }

  private func sayDiet(_ pv1: inout SegmentText) {
    if let diet = stay.answers[.diet] {
      pv1[38] = SegmentText.components(
        diet.text.map { [2: $0] } ?? [1: Stay.noDiet, 2: "Aucun régime particulier", 3: "L"])
    } else if pv1[38].isEmpty {
      pv1[38] = SegmentText.erased
    }
  }

  /// Inpatients and day cases are one class in PAM. Where nobody said a class, whoever was admitted or lies in a bed is
  /// an inpatient: N would say that the message is of an identity alone.
  private var code: String {
    switch sent.stayClass {
    case .inpatient, .daycase: "I"
    case .emergency: "E"
    case .outpatient: "O"
    case .recurring: "R"
    case .preadmit: "P"
    case .some(.none), nil:
      sent.place.bed != nil || sent.movement.trigger == "A01"
        || stay.movements.contains { $0.trigger == "A01" && !$0.cancelled } ? "I" : "O"
    }
  }

  private var attending: String {
    let said = stay.other["attending"]
    guard let name = sent.movement.attending ?? stay.attending else {
      return said.flatMap(PractitionerText.init)?.text ?? ""
    }
    if let said, said["name"]?.string.map({ $0.sameBytes(as: name) }) == true {
      return PractitionerText(said)?.text ?? ""
    }
    return PractitionerText.named(name)
  }

  var pv2: String? {
    var pv2 = SegmentText("PV2")
    keep("PV2", &pv2)
    if let reason = stay.reason {
      pv2[3] = SegmentText.components([2: reason])
    } else if erased.contains("reason") {
      pv2[3] = SegmentText.erased
    }
    if let expected = expectedDischarge {
      pv2[9] = settings.time(expected)
    } else if sent.movement.trigger == "A16", sent.action == .cancel {
      pv2[9] = SegmentText.erased
    }
    return pv2.isEmpty ? nil : pv2.text
  }

  /// As it was said here: what a feed said of it is kept as it came.
  private var expectedDischarge: Instant? {
    guard stay.dischargedAt == nil, let hour = stay.expectedDischargeAt else { return nil }
    let isOurs = stay.movements.contains { $0.trigger == "A16" && !$0.cancelled && !$0.isForeign && $0.at == hour }
    return isOurs ? hour : nil
  }

  var zbe: String {
    var zbe = SegmentText("ZBE")
    zbe[1] = movementID
    zbe[2] = settings.time(sent.movement.at)
    zbe[4] = sent.action.rawValue
    zbe[5] = sent.isHistoric ? "Y" : "N"
    if sent.action != .insert { zbe.say(6, sent.movement.trigger) }
    let said = sent.movement.place
    // What never began was of the unit that it was said of.
    if let medical = sent.place.medicalUnit ?? sent.place.unit ?? said.medicalUnit ?? said.unit {
      zbe[7] = unit(medical)
    }
    if let care = sent.place.careUnit { zbe[8] = unit(care) }
    zbe.say(9, sent.movement.nature ?? Self.nature(of: sent.movement))
    return zbe.text
  }

  /// An UF as XON: its name, its code in component 10.
  private func unit(_ code: String) -> String {
    SegmentText.components([1: settings.unit(code)?.name, 7: "UF", 10: code])
  }

  /// Which responsibilities change where nobody said: all for what begins, ends or turns a visit, lodging for leave.
  private static func nature(of movement: Movement) -> String {
    switch movement.trigger {
    case "A21", "A22": "H"
    case "A54": "M"
    default: "HMS"
    }
  }

  /// PMSI modes.
  var zfm: String? {
    var zfm = SegmentText("ZFM")
    keep("ZFM", &zfm)
    zfm.say(1, stay.entryMode, erased: erased.contains("entryMode"))
    zfm.say(2, stay.exitMode, erased: erased.contains("exitMode"))
    zfm.say(3, stay.provenance, erased: erased.contains("provenance"))
    zfm.say(4, stay.destination, erased: erased.contains("destination"))
    if zfm[5].isEmpty, isThroughEmergency { zfm[5] = "5" }
    return zfm.isEmpty ? nil : zfm.text
  }

  /// Lodged once the stay's own emergency visit, or one that ended here before it, came to that.
  private var isThroughEmergency: Bool {
    guard [.inpatient, .daycase].contains(sent.stayClass) else { return false }
    let began = stay.movements.first { $0.acts && $0.stayClass != nil }
    return began?.stayClass == .emergency || stay.entryMode == "8" && ["5", "U", "V"].contains(stay.provenance)
  }

  /// ZFA, ZFP and ZFV as the main system had said them.
  var others: [String] {
    ["ZFA", "ZFP", "ZFV"].compactMap { name in
      var segment = SegmentText(name)
      keep(name, &segment)
      return segment.isEmpty ? nil : segment.text
    }
  }

  /// What a feed said and no state has a name for goes back as it came.
  private func keep(_ name: String, _ segment: inout SegmentText) {
    for (key, value) in stay.other.members {
      guard key.hasPrefix("\(name)-"), let number = Int(key.dropFirst(name.count + 1)), (1...80).contains(number)
      else { continue }
      if let text = value.string { segment[number] = text }
    }
  }
}
