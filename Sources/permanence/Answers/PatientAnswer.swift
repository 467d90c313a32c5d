import Hospital
import Ledger
import Register

/// A patient as the command line says it.
struct PatientAnswer: Encodable {
  struct INSAnswer: Encodable {
    var matricule: String
    var oid: String
  }

  var id: String
  var ipp: [String]
  var ins: INSAnswer?
  @OrNull var birthName: String?
  @OrNull var birthGivenName: String?
  var birthGivenNames: String?
  var usedName: String?
  var usedGivenName: String?
  @OrNull var birthDate: String?
  @OrNull var sex: String?
  var identityStatus: String
  var attributes: [String]
  var protected: Bool
  var deceased: Bool
  var deathAt: String?
  var mergedInto: String?
  var stays: [StayAnswer]

  init?(_ id: String, _ reading: Reading) throws {
    guard let patient = try reading.patient(id) else { return nil }
    let hours = try reading.hours()
    self.id = patient.id
    ipp = patient.identifiers.filter { $0.type == "PI" && !$0.withdrawn }.map(\.value)
    ins = patient.ins.map { INSAnswer(matricule: $0.matricule, oid: $0.oid) }
    birthName = patient.birthName
    birthGivenName = patient.birthGivenName
    birthGivenNames = patient.birthGivenNames
    usedName = patient.usedName
    usedGivenName = patient.usedGivenName
    birthDate = patient.birthDate?.text
    sex = patient.sex?.rawValue
    identityStatus = patient.identityStatus.rawValue
    attributes = patient.attributes
    protected = patient.protected
    deceased = patient.deceased
    deathAt = patient.deathDate(hours.clock)?.text ?? patient.deathAt.map(hours.iso)
    mergedInto = patient.mergedInto
    stays = try reading.stays(ofPatient: patient.id).compactMap { try StayAnswer($0, reading) }
  }

  var text: String {
    let name = [birthName, usedName.map { "(\($0))" }, birthGivenName].compactMap { $0 }.joined(separator: " ")
    let line = [name, sex, birthDate, ipp.isEmpty ? nil : "IPP \(ipp.joined(separator: ", "))", "[\(identityStatus)]"]
      .compactMap { $0 }.joined(separator: " · ")
    return ([line] + stays.map { "  \($0.text)" }).joined(separator: "\n")
  }
}
