import Hospital
import Ledger

/// A patient as programs read them: `patient show`'s members, and what the page shows besides.
enum PatientDocument {
  static func json(_ file: PatientFile, _ history: [HistoryEntry]?) -> JSON {
    let (patient, wording) = (file.patient, file.wording)
    var object = summary(patient, wording)
    object.append("line", .string(file.identity.plain))
    object.append("protected", .bool(patient.protected))
    object.append("deceased", .bool(file.person.isDead))
    object.append("phones", .array(patient.phones.map(JSON.string)))
    object.append("allergies", AskedCells(file.names, wording).allergies(file.allergies).json)
    object.append("archiveMark", patient.archiveMark.json)
    object.append(
      "situations",
      .array(file.person.situations.map { ["kind": .string($0.kind), "code": $0.code.json, "note": $0.note.json] }))
    object.append(
      "stays",
      .array(
        file.stays.map { stay in
          let line = StayLine(stay, file.names, wording)
          return [
            "id": .string(stay.id), "number": stay.number.json,
            "class": .string((stay.stayClass ?? .none).rawValue),
            "status": .string(stay.status(at: wording.now).rawValue), "place": .string(line.place),
            "from": line.from.map { .string(wording.hours.iso($0)) } ?? .null,
            "until": line.until.map { .string(wording.hours.iso($0)) } ?? .null,
          ]
        }))
    if let history { object.append("history", history.json(wording)) }
    return .object(object)
  }

  /// What leads to them. The INS only where it may be sent.
  static func summary(_ patient: Patient, _ wording: Wording) -> JSONObject {
    JSONObject([
      ("id", .string(patient.id)),
      ("ipp", .array(patient.identifiers.filter { !$0.withdrawn && $0.type == "PI" }.map { .string($0.value) })),
      (
        "ins",
        QualifiedINS(of: patient).map {
          ["matricule": .string($0.ins.matricule), "oid": .string($0.ins.oid)]
        } ?? .null
      ),
      ("birthName", patient.birthName.json), ("birthGivenName", patient.birthGivenName.json),
      ("usedName", patient.usedName.json), ("usedGivenName", patient.usedGivenName.json),
      ("birthDate", (patient.birthDate?.text).json), ("sex", (patient.sex?.rawValue).json),
      ("birthPlace", patient.birthPlace.json), ("identityStatus", .string(patient.identityStatus.rawValue)),
      ("mergedInto", patient.mergedInto.json),
    ])
  }
}
