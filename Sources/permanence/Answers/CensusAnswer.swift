import Hospital
import Ledger
import Register
import Web

/// Who lies where, as the command line says it.
struct CensusAnswer: Encodable {
  struct PatientThere: Encodable {
    @OrNull var stay: String?
    @OrNull var ipp: String?
    @OrNull var name: String?
    @OrNull var bed: String?
  }
  struct UnitAnswer: Encodable {
    var unit: String
    var beds: Int
    var occupied: Int
    var patients: [PatientThere]
  }

  var at: String
  var beds: Int
  var occupied: Int
  var units: [UnitAnswer]
  var conflicts: Int

  init(_ census: Census, conflicts: Int, _ hours: Hours) {
    at = hours.iso(census.at)
    beds = census.beds
    occupied = census.occupied
    self.conflicts = conflicts
    units = census.units.map { unit in
      let placed = unit.places.flatMap { place in place.occupants.map { PatientThere($0, bed: place.bed.code) } }
      return UnitAnswer(
        unit: unit.code, beds: unit.places.count, occupied: unit.occupied,
        patients: placed + unit.unplaced.map { PatientThere($0, bed: $0.bed) })
    }
  }

  var text: String {
    let lines = units.map { "\($0.unit): \($0.occupied)/\($0.beds) beds, \($0.patients.count) patients" }
    return (lines + ["\(at): \(occupied) of \(beds) beds occupied, \(conflicts) conflicts"]).joined(separator: "\n")
  }
}

extension CensusAnswer.PatientThere {
  init(_ occupant: Occupant, bed: String?) {
    stay = occupant.stay.number
    ipp = occupant.patient?.identifiers.first { $0.type == "PI" && !$0.withdrawn }?.value
    name = [occupant.patient?.birthName, occupant.patient?.birthGivenName].compactMap { $0 }.joined(separator: " ")
    self.bed = bed
  }
}
