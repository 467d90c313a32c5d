import Hospital
import Ledger

/// One person found: who they are, what tells them from their namesakes, and where they are now.
struct ResultLine {
  let patient: Patient
  let identity: PatientLine
  /// `née à Melun · Dammarie-les-Lys · vu(e) le 12/03/2021`.
  let details: String
  /// `présente : 4 Est, lit 412-1 depuis 19/08 14:02`, or what is expected.
  let presence: String?
  /// Where choosing this line leads, and what that is called.
  let href: String
  let verb: String

  /// - Parameters:
  ///   - stays: newest first.
  ///   - session: who reads it: where somebody lies who is not to be told of is for their unit alone.
  init(_ patient: Patient, stays: [Stay], for session: Session, isNamesake: Bool, _ names: Names, _ wording: Wording) {
    self.patient = patient
    var identity = PatientLine(patient, wording, ippAuthority: names.structure?.ippAuthority)
    if isNamesake, !patient.isHomonym { identity.marks.append(.init(text: wording("mark.homonym"), means: "waiting")) }
    self.identity = identity
    let present = stays.first { $0.isPresent(at: wording.now) }
    let expected = stays.first { $0.isExpected(around: wording.now) }
    details = ResultLine.details(patient, stays.first { $0.id != present?.id && $0.status != .preadmitted }, wording)
    let uuid = patient.id.afterSlash
    if let stay = present ?? expected, !session.mayName(patient, in: stay.place.unit) {
      presence = nil
      (href, verb) = ("/patients/\(uuid)", wording("act.file"))
    } else if let present {
      let place = names.place(present.place, wording) ?? ""
      let since = present.admittedAt.map { wording.time($0) } ?? "?"
      presence = wording("result.present", ["place": place, "since": since])
      (href, verb) = ("/stays/\(present.id.afterSlash)", wording("act.stay"))
    } else if patient.isDead || patient.mergedInto != nil {
      presence = nil
      (href, verb) = ("/patients/\(uuid)", wording("act.file"))
    } else if let expected, let at = expected.outline.expectedAt {
      presence = wording(
        "result.expected",
        [
          "time": wording.time(at), "place": names.place(expected.place, wording) ?? "",
          "number": expected.number ?? "–",
        ])
      (href, verb) = (
        "/admissions/stay?patient=\(uuid)&preadmission=\(expected.id.afterSlash)", wording("act.admit-expected")
      )
    } else {
      presence = nil
      (href, verb) = ("/admissions/stay?patient=\(uuid)", wording("act.admit"))
    }
  }

  private static func details(_ patient: Patient, _ last: Stay?, _ wording: Wording) -> String {
    var parts: [String] = []
    if let place = patient.birthPlaceName ?? patient.birthPlace {
      parts.append(wording("result.born-at.\((patient.sex ?? .unknown).rawValue)", ["place": place]))
    }
    if let commune = patient.addresses.first(where: { $0.use != "BDL" })?.city { parts.append(commune) }
    if let mark = patient.archiveMark { parts.append(wording("result.archive", ["mark": mark])) }
    if let seen = last?.admittedAt { parts.append(wording("result.last-visit", ["date": wording.hours.date(seen)])) }
    return parts.joined(separator: " · ")
  }

  /// - Parameter carried: what the form of an admission is to propose.
  func model(_ number: Int, _ wording: Wording, carrying carried: Fields = Fields()) -> [String: any Sendable] {
    [
      "number": String(number), "identity": identity.html(wording), "details": details, "presence": presence ?? "",
      "isPresent": presence != nil, "href": href.hasPrefix("/admissions/") ? href.asking(carried) : href, "verb": verb,
      "file": "/patients/\(patient.id.afterSlash)",
    ]
  }

  func json(_ wording: Wording) -> JSON {
    var object = PatientDocument.summary(patient, wording)
    object.append("line", .string(identity.plain))
    object.append("details", .string(details))
    object.append("presence", presence.json)
    object.append("marks", .array(identity.marks.map { .string($0.text) }))
    return .object(object)
  }
}

extension Stay {
  /// Pre-admitted, for a time within a day of this one.
  func isExpected(around now: Instant) -> Bool {
    guard status == .preadmitted, let at = outline.expectedAt else { return false }
    return at >= now.adding(seconds: -86_400) && at <= now.adding(seconds: 86_400)
  }
}
