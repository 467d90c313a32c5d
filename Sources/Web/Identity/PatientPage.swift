import Hospital
import Ledger
import Register

/// A patient: who they are, their stays, what can be done, and everything that was said of them.
struct PatientPage {
  let file: PatientFile
  let history: [HistoryEntry]
  /// Children that this patient bore here.
  let newborns: [Patient]
  /// Identities merged into this one.
  let absorbed: [Patient]
  let mode: Mode
  /// Of what was just done.
  let warnings: [String]
  let hidden: String
  let may: (Action) -> Bool

  private var wording: Wording { file.wording }
  private var patient: Patient { file.patient }

  var page: Page {
    let identity = file.identity
    let model: [String: any Sendable] = [
      "identity": identity.html(wording), "traits": traits, "coordinates": coordinates, "acts": acts,
      "stays": file.stays.map(stay), "hasStays": !file.stays.isEmpty, "address": file.address, "hidden": hidden,
      "merged": patient.mergedInto.map { "/patients/\($0.afterSlash)" } ?? "", "isMerged": patient.mergedInto != nil,
      "situations": file.person.situations.map(situation), "isProtected": patient.protected,
      "allergies": AskedCells(file.names, wording).allergies(file.allergies).html { wording($0) },
      "mayProtect": mayProtect, "mayTell": mode != .standby || !patient.isProtectedThere, "relatives": relatives,
      "hasRelatives": !relatives.isEmpty, "history": history.html(wording),
      "warnings": warnings,
    ]
    return Page("patient", title: identity.plain, model: model, nav: .admissions, live: live)
  }

  private var live: Set<String> { Set([patient.id] + file.stays.map(\.id)) }

  private typealias Row = [String: String]

  private func rows(_ pairs: [(String, String?)]) -> [Row] {
    pairs.compactMap { key, value in
      guard let value, !value.isEmpty else { return nil }
      return ["label": wording("trait.\(key)"), "value": value]
    }
  }

  private var traits: [Row] {
    let number = QualifiedINS(of: patient).map { "\($0.ins.matricule) (\($0.ins.oid))" }
    let place = [patient.birthPlaceName, patient.birthPlace].compactMap { $0 }.joined(separator: " · ")
    return rows([
      ("birthName", patient.birthName), ("birthGivenName", patient.birthGivenName),
      ("birthGivenNames", patient.birthGivenNames), ("birthDate", file.identity.birthAndAge),
      ("sex", patient.sex.map { wording.word("sex", $0.rawValue) }), ("birthPlace.shown", place),
      ("usedName", patient.usedName), ("usedGivenName", patient.usedGivenName),
      ("status", wording.word("status", patient.identityStatus.rawValue)),
      ("document", patient.document.map { wording.word("document", $0.kind.isEmpty ? "none" : $0.kind) }),
      ("ins", number), ("numbers", numbers), ("archiveMark", patient.archiveMark),
      ("attributes", patient.attributes.map { wording.word("attribute", $0) }.joined(separator: ", ")),
      ("marks", patient.unknown?.marks), ("belongings", patient.unknown?.belongings),
      ("deathAt", file.person.deathDate(wording.hours.clock)?.shown ?? file.person.deathAt.map(wording.time)),
    ])
  }

  private var numbers: String {
    patient.identifiers.map { identifier in
      "\(identifier.value) (\(identifier.authorityName ?? identifier.authority))"
        + (identifier.withdrawn ? " \(wording("identity.withdrawn"))" : "")
    }.joined(separator: ", ")
  }

  private var coordinates: [Row] {
    let addresses = patient.addresses.map { address in
      (address.lines + [[address.postcode, address.city].compactMap { $0 }.joined(separator: " ")])
        .filter { !$0.isEmpty }.joined(separator: ", ")
    }
    let people = patient.contacts.map { contact in
      [
        "label": wording.word("contact", contact.role),
        "value": [contact.name, contact.relationship.map { "(\($0))" }, contact.phone].compactMap { $0 }
          .joined(separator: " "),
      ]
    }
    return rows([
      ("phones", patient.phones.joined(separator: ", ")), ("emails", patient.emails.joined(separator: ", ")),
      ("addresses", addresses.joined(separator: " ; ")),
    ]) + people
  }

  private var relatives: [[String: String]] {
    func row(_ patient: Patient, _ label: String) -> [String: String] {
      let line = PatientLine(patient, wording, ippAuthority: file.names.structure?.ippAuthority)
      return ["label": wording(label), "html": line.html(wording, link: "/patients/\(patient.id.afterSlash)")]
    }
    return newborns.map { row($0, "patient.child") } + absorbed.map { row($0, "patient.absorbed") }
  }

  private func stay(_ stay: Stay) -> [String: any Sendable] {
    let line = StayLine(stay, file.names, wording)
    return [
      "href": "/stays/\(stay.id.afterSlash)", "number": line.number, "class": line.stayClass, "status": line.status,
      "means": line.means, "place": line.place, "when": line.when(wording), "attending": stay.attending ?? "",
    ]
  }

  private var mayProtect: Bool { may(.protect) && patient.mergedInto == nil }

  private func situation(_ situation: LegalSituation) -> [String: any Sendable] {
    [
      "text": wording.word("situation", situation.kind) + (situation.code.map { " \($0)" } ?? ""),
      "note": situation.note ?? "", "kind": situation.kind,
      "mayEnd": mayProtect
        && (mode != .standby || !([patient] + absorbed).contains { $0.isSaidThere(situation.kind) }),
      "since": situation.since.map { wording("situation.since", ["time": wording.time($0)]) } ?? "",
    ]
  }

  private var acts: [[String: any Sendable]] {
    var acts: [StayPage.Act] = []
    func add(_ name: String, _ action: Action, key: String? = nil, href: String? = nil, plain: Bool = true) {
      guard may(action) else { return }
      acts.append(
        .init(href: href ?? "\(file.address)/\(name)", text: wording("act.\(name)"), key: key, isPlain: plain))
    }
    if patient.mergedInto != nil {
      add("unmerge", .merge)
      return acts.map(\.model)
    }
    if let present = file.present {
      add("stay", .read, key: "O", href: "/stays/\(present.id.afterSlash)", plain: false)
    } else if !file.person.isDead {
      add("admit", .admit, key: "A", href: "/admissions/stay?patient=\(file.uuid)", plain: false)
    }
    add("labels", .read, key: "E")
    add("wristband", .read, key: "B")
    add("edit", .correctIdentity, key: "C")
    add("status", .qualifyIdentity)
    add("situation", .correctIdentity)
    add("expected", .preadmit)
    add("mark", .qualifyIdentity)
    if patient.sex == .female || patient.secret { add("secret", .protect) }
    add("merge", .merge)
    // A death said of an absorbed identity is withdrawn there, once it is parted from this one.
    if patient.isDead { add("death-withdrawn", .discharge) } else if !file.person.isDead { add("death", .discharge) }
    return acts.map(\.model)
  }
}
