import Foundation
import Hospital
import Ledger
import Register

extension TestStation {
  /// Registers people in few commits; their ids are `patient/<uuid>` out of their places.
  func register(_ patients: [Patient]) async throws {
    for start in stride(from: 0, to: patients.count, by: 1000) {
      let facts = patients[start..<min(start + 1000, patients.count)].map(Fact.registered)
      _ = try await register.submit(Submission(Say(facts), key: UUID().uuidString, author: "system"))
    }
  }

  func found(_ text: String, limit: Int = 5, includingSecret: Bool = false) throws -> [PatientHit] {
    try register.read { try $0.search(text, limit: limit, now: .night, includingSecret: includingSecret) }
  }

  func twins(_ patient: Patient) throws -> [Twin] { try register.read { try $0.twins(of: patient, now: .night) } }
}

extension Fact {
  static func registered(_ patient: Patient) -> Fact {
    var data = JSONObject()
    func put(_ key: String, _ value: String?) { data[key] = value.map { .string($0) } }
    put("birthName", patient.birthName)
    put("birthGivenName", patient.birthGivenName)
    put("birthGivenNames", patient.birthGivenNames)
    put("birthDate", patient.birthDate?.text)
    put("sex", patient.sex?.rawValue)
    put("birthPlace", patient.birthPlace)
    put("usedName", patient.usedName)
    put("usedGivenName", patient.usedGivenName)
    put("mother", patient.mother)
    if patient.secret { data["secret"] = true }
    data["phones"] = .array(patient.phones.map { .string($0) })
    data["identifiers"] = .array(patient.identifiers.map(\.json))
    if let ins = patient.ins { data["ins"] = ins.json }
    if let unknown = patient.unknown { data["unknown"] = ["label": .string(unknown.label)] }
    return Fact(kind: "patient.registered", subject: patient.id, at: .night, data: .object(data))
  }
}

extension Patient {
  static func id(_ number: Int) -> String {
    "patient/00000000-0000-4000-8000-\(String(repeating: "0", count: 12 - String(number).count))\(number)"
  }

  static func person(
    _ number: Int, _ name: String?, _ given: String?, _ date: String?, _ sex: Sex = .female, used: String? = nil
  ) -> Patient {
    var patient = Patient(id: id(number))
    patient.birthName = name
    patient.birthGivenName = given
    patient.birthDate = date.flatMap { PartialDate($0) }
    patient.sex = sex
    patient.usedName = used
    return patient
  }
}
