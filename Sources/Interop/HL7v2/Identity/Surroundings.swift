import Hospital
import Ledger

extension MessageTranslation {
  /// Protection (PD1-12), the document shown (ZFD), relatives (NK1), the family doctor (ROL `ODRP`), and what MRG says
  /// beside the number that gave way.
  mutating func saySurroundings(_ segments: some Collection<HL7Segment>, in traits: inout JSONObject) {
    var relatives: [Contact] = []
    var kept: [JSON] = []
    var doctor: Practitioner?
    var isDoctorGone = false
    for segment in segments {
      switch segment.name {
      case "PD1": sayProtection(segment.field(12), in: &traits)
      case "ZFD": sayDocument(segment, in: &traits)
      case "NK1" where relatives.count >= MessageTranslation.segmentsMax: segmentsLeftOut["NK1", default: 0] += 1
      case "NK1":
        relative(segment).map { relatives.append($0) }
        kept.append(.object(fields(of: segment, except: [1])))
      case "MRG": keep(segment, except: [1], in: &traits)
      case "ROL" where segment.field(3).string == "ODRP":
        if segment.field(2).string == "DE" { isDoctorGone = true } else { doctor = Practitioner(segment.field(4)) }
      default: break
      }
    }
    if doctor != nil || isDoctorGone { traits.put("generalPractitioner", doctor?.json ?? .null) }
    if !kept.isEmpty { traits.put("relatives", .array(kept)) }
    // The list replaces the list: a message without relatives says nothing of them.
    guard !relatives.isEmpty else { return }
    if let doctor { relatives.append(Contact(role: "general-practitioner", name: doctor.shown)) }
    traits.put("contacts", .array(relatives.map(\.json)))
  }

  private mutating func sayProtection(_ field: HL7Field, in traits: inout JSONObject) {
    switch field.string?.uppercased() {
    case "Y", "O": traits.put("protected", .bool(true))
    case "N": traits.put("protected", .bool(false))
    case nil: if field.isErased { traits.put("protected", .bool(false)) }
    default: warn(.codeUnknown("PD1-12"))
    }
  }

  private mutating func sayDocument(_ zfd: HL7Segment, in traits: inout JSONObject) {
    if let kind = zfd.field(7).string {
      let until = zfd.field(8).string.flatMap(DateText.read)?.text
      traits.put("document", IdentityDocument(kind: kind, validUntil: until).json)
    } else if zfd.field(7).isErased {
      traits.put("document", .null)
    }
    // How and when the identity was obtained, and whether the birth date was altered to be complete.
    keep(zfd, except: [7, 8] + [1, 4, 5, 6].filter { zfd.field($0).string == "N" }, in: &traits)
  }

  private func relative(_ nk1: HL7Segment) -> Contact? {
    let name = nk1.field(2)
    let shown = [name.component(1).string, name.component(2).string].compactMap { $0 }.joined(separator: " ")
    let phones = nk1.field(5).repetitions + nk1.field(6).repetitions
    let phone = phones.lazy.compactMap(MessageTranslation.phone).first
    guard !shown.isEmpty || phone != nil else { return nil }
    let relationship = nk1.field(3)
    let isGuardian = relationship.component(1).string == "GRD"
    return Contact(
      role: isGuardian ? "legal-representative" : "next-of-kin", name: shown,
      relationship: relationship.component(2).string ?? relationship.component(1).string, phone: phone)
  }

  /// ZFS: psychiatric care under a legal measure, since when. The end of one says all of it too: another may hold.
  mutating func saySituations(_ segments: some Collection<HL7Segment>, of patient: String) {
    for zfs in segments where zfs.name == "ZFS" {
      let since = Timestamp(zfs.field(3))?.instant(settings.localTime)
      let until = Timestamp(zfs.field(4))?.instant(settings.localTime)
      let neverWas = zfs.field(5).string == "CANCEL"
      let isEnded = neverWas || until.map { $0 <= sentAt } == true
      let situation = LegalSituation(
        kind: SituationKind.psychiatric.rawValue, code: zfs.field(6).string, since: since, note: zfs.field(8).string,
        id: zfs.field(2).standardText.map(HL7Field.visible))
      guard var data = situation.json.object else { continue }
      keep(zfs, except: [1, 2, 3, 6, 8] + (neverWas ? [] : [5]), in: &data)
      if isEnded {
        say("patient.situation-ended", patient, at: until ?? recordedAt, data)
      } else {
        say("patient.situation-set", patient, at: since ?? recordedAt, data)
      }
    }
  }
}
