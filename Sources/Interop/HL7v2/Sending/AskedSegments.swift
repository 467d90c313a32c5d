import Hospital
import Ledger

/// AL1: what somebody is allergic to. HL7 2.5 (chapter 2.10.4) has the list of a message replace the receiver's: what the
/// main system had said goes as it came, before what was answered here.
struct AllergySegments {
  let settings: SendingSettings
  /// As feeds said them, their fields by name.
  let heard: [JSON]
  let answer: Answer?

  /// Whatever says that there is one stands before whoever says that there is none.
  var texts: [String] {
    var said: [SegmentText] = []
    var named: Set<String> = []
    var isNone = answer.map { $0.text == nil } ?? false
    for json in heard {
      guard let allergy = Allergy(json) else { continue }
      if allergy.isNone {
        isNone = true
      } else if named.insert(allergy.to.lowercased()).inserted {
        said.append(Self.asHeard(json))
      }
    }
    for text in answers where named.insert(text.lowercased()).inserted {
      said.append(answered(SegmentText.components([2: text])))
    }
    if said.isEmpty, isNone {
      said = [answered(SegmentText.components([1: Allergy.noneKnown, 2: "Aucune allergie connue", 3: "SCT"]))]
    }
    for place in said.indices { said[place][1] = String(place + 1) }
    return said.map(\.text)
  }

  /// Says that there is nothing in the list any more.
  static let emptied = (1...6).reduce(into: SegmentText("AL1")) { $0[$1] = SegmentText.erased }.text

  /// One for each that a semicolon parts. A comma may part what belongs together.
  private var answers: [String] {
    (answer?.text ?? "").split(separator: ";").map { String($0).trimmed }.filter { !$0.isEmpty }
  }

  private static func asHeard(_ json: JSON) -> SegmentText {
    var al1 = SegmentText("AL1")
    for number in 2...6 { if let text = json["AL1-\(number)"]?.string { al1[number] = text } }
    return al1
  }

  private func answered(_ to: String) -> SegmentText {
    var al1 = SegmentText("AL1")
    al1[3] = to
    if let said = answer?.said { al1[6] = String(settings.time(said.at).prefix(8)) }
    return al1
  }
}

extension HandbackStory {
  /// - Parameter isWhole: of somebody whom the main system does not know yet; else what this commit says of them.
  func allergies(of person: Patient, isWhole: Bool, _ telling: Telling) -> [String] {
    guard isWhole || telling.allergiesSaid.contains(person.id) else { return [] }
    // The list replaces the receiver's, so it is today's, and of every file that is this person's.
    let bearer = bearer(of: person.id)
    let known = spokenOf.union(patients.keys).union(stays.keys).union([person.id, bearer])
      .sorted { $0.precedesInBytes($1) }
    let files = known.filter { $0.hasPrefix("patient/") && self.bearer(of: $0) == bearer }
    let people = ([bearer] + files.filter { $0 != bearer }).compactMap(today)
    let theirs = known.compactMap { id in
      id.hasPrefix("stay/") ? (stayNow(id) ?? stays[id]).flatMap { files.contains($0.patient ?? "") ? $0 : nil } : nil
    }
    let heard = people.map(\.other) + theirs.map(\.other)
    let answers = people.first?.completed(by: Array(people.dropFirst())).answers
    let al1 = AllergySegments(
      settings: settings, heard: heard.flatMap { $0["allergies"]?.array ?? [] }, answer: answers?[.allergies])
    return al1.texts.isEmpty && !isWhole ? [AllergySegments.emptied] : al1.texts
  }

  private func today(_ id: String) -> Patient? { patientNow(id) ?? patients[id] }

  /// Whose file it is today, where it was merged.
  func bearer(of id: String) -> String { Merges.survivor(of: id, patient: today) }

  /// What a fact says of a stay and of none of its movements goes with the one that it stands on (Z99 `UPDATE`): the diet
  /// in PV1-38, the rest as OBX. nil for another fact, and where no movement was ever heard of.
  func saidBeside(_ fact: Fact, _ before: Stay?, _ after: Stay) -> (sent: MovementSending, observations: [String])? {
    let coming = fact.data["movement"]?["key"]?.string.flatMap { key in
      after.attendances.first { $0.key.sameBytes(as: key) }
    }
    guard coming != nil || fact.kind == "stay.asked" else { return nil }
    guard
      let movement = after.movements.last(where: \.acts)
        ?? after.movements.last(where: { !$0.cancelled && !$0.isOfUnknownTrigger })
    else { return nil }
    let observation = coming.map { attendance($0, fact, before, after) } ?? isolation(fact, after)
    return (
      MovementSending(.update, movement, after, now: stayNow(after.id) ?? after), [observation].compactMap(\.self)
    )
  }

  /// A bed's isolation in words, for who reads no codes of ours.
  private static let isolations = [
    "contact": "Contact", "droplet": "Gouttelettes", "airborne": "Air", "protective": "Protecteur",
  ]

  /// That there is none is a value too; an answer that was taken back is deleted. What was said later
  /// and told first stands.
  private func isolation(_ fact: Fact, _ after: Stay) -> String? {
    guard fact.data[AskedTopic.isolation.rawValue] != nil else { return nil }
    let answer = after.answers[.isolation]
    var obx = observation("ST", "ISOLEMENT", "Isolement", answer == nil ? "D" : "F", at: fact.at)
    obx[5] = SegmentText.erased
    if let answer { obx[5] = answer.text.map { SegmentText.escaped(Self.isolations[$0] ?? $0) } ?? "Aucun" }
    return obx.text
  }

  /// One coming of a series: its hour, unit and physician, under a name of its own (OBX-4, which holds 20 characters).
  private func attendance(_ coming: Attendance, _ fact: Fact, _ before: Stay?, _ after: Stay) -> String {
    let isKnown = before?.attendances.contains { $0.key.sameBytes(as: coming.key) } ?? false
    let status = fact.kind == "stay.movement-cancelled" ? "D" : isKnown ? "C" : "F"
    var obx = observation("TS", "SEANCE", "Venue", status, at: coming.at)
    obx[4] = OutgoingMessage.control(once: "\(after.id)|\(coming.key)")
    obx[5] = settings.time(coming.at)
    if let unit = coming.unit ?? after.place.unit {
      obx[15] = SegmentText.components([1: unit, 2: settings.unit(unit)?.name])
    }
    if let attending = coming.attending { obx[16] = PractitionerText.named(attending) }
    return obx.text
  }

  /// OBX-11 says what becomes of each alone: `F` final, `C` corrected, `D` deleted.
  private func observation(
    _ type: String, _ code: String, _ name: String, _ status: String, at instant: Instant
  ) -> SegmentText {
    var obx = SegmentText("OBX")
    obx[1] = "1"
    obx[2] = type
    obx[3] = SegmentText.components([1: code, 2: name, 3: "L"])
    obx[11] = status
    obx[14] = settings.time(instant)
    return obx
  }
}
