import Hospital
import Ledger

/// A stay as programs read it: `stay show`'s members, and what the page shows besides.
enum StayDocument {
  static func json(_ file: StayFile, _ history: [HistoryEntry]?) -> JSON {
    let (stay, outline, wording) = (file.stay, file.outline, file.wording)
    let asked = AskedCells(file.names, wording)
    var object = JSONObject([
      ("id", .string(stay.id)), ("number", stay.number.json), ("patient", stay.patient.json),
      ("class", .string((outline.stayClass ?? .none).rawValue)),
      ("status", .string(stay.status(at: wording.now).rawValue)),
      ("admittedAt", outline.admittedAt.map { .string(wording.hours.iso($0)) } ?? .null),
      ("dischargedAt", outline.dischargedAt.map { .string(wording.hours.iso($0)) } ?? .null),
      ("expectedAt", outline.expectedAt.map { .string(wording.hours.iso($0)) } ?? .null),
      (
        "location",
        [
          "unit": outline.place.unit.json, "room": outline.place.room.json, "bed": outline.place.bed.json,
          "medicalUnit": outline.place.medicalUnit.json,
        ]
      ),
      ("attending", outline.attending.json), ("entryMode", stay.entryMode.json), ("provenance", stay.provenance.json),
      ("exitMode", stay.exitMode.json), ("destination", stay.destination.json), ("reason", stay.reason.json),
      ("motherStay", stay.motherStay.json),
      ("movements", .array(stay.movements.map { $0.json(file) })),
      ("attendances", .array(stay.attendances.map { $0.json(file) })),
      ("allergies", asked.allergies(file.allergies).json), ("diet", asked.diet(stay).json),
    ])
    if let history { object.append("history", history.json(wording)) }
    return .object(object)
  }
}
