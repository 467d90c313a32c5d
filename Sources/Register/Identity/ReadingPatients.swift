import Hospital
import Ledger

/// Patients by what leads to them. Ids are `patient/<uuid>`.
extension Reading {
  /// Those that bear this number, of any authority when that is nil, withdrawn ones included.
  public func patients(withIdentifier value: String, authority: String? = nil) throws -> [String] {
    try PatientQueries(db).patients(withIdentifier: value, authority: authority)
  }

  public func patients(withINS matricule: String) throws -> [String] {
    try PatientQueries(db).patients(withINS: matricule)
  }

  /// In the order in which they were first heard of.
  public func newborns(ofMother id: String) throws -> [String] { try PatientQueries(db).newborns(ofMother: id) }

  /// Of a newborn, under the identity that counts.
  public func mother(of patient: Patient) throws -> Patient? {
    try patient.mother.flatMap { try self.patient(try survivor(of: $0)) }
  }

  /// All that was ever said of their allergies: in whichever stay or none, and under whichever of their identities.
  public func allergies(ofPatient id: String) throws -> KnownAllergies {
    let people = try ([id] + absorbed(by: id)).compactMap { try patient($0) }
    let stays = try stays(ofPatient: id).compactMap { try stay($0) }
    return KnownAllergies(
      heard: people.flatMap(\.allergies) + stays.flatMap(\.allergies),
      answers: people.compactMap { $0.answers[.allergies] })
  }

  /// With the death, the situations and the answers that were said of identities which this one absorbed: they are one
  /// person's.
  public func whole(_ patient: Patient) throws -> Patient {
    guard patient.mergedInto == nil else { return patient }
    let others = try absorbed(by: patient.id).compactMap { try shown($0) as? Patient }
    var person = patient.completed(by: others)
    if !patient.isDead, let other = others.first(where: \.isDead) {
      (person.deceased, person.deathAt, person.deathBefore, person.death) =
        (true, other.deathAt, other.deathBefore, other.death)
    }
    return person
  }

  /// Identities that this one absorbed, directly or not.
  public func absorbed(by id: String) throws -> [String] { try PatientQueries(db).absorbed(by: id) }

  /// The identity under which a merged one lives on; itself if it was not merged. Of merges that close a ring none is
  /// followed.
  public func survivor(of id: String) throws -> String { try Merges.survivor(of: id, patient: patient) }
}
