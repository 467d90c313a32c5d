import Hospital
import Ledger

/// A fictive stay, for trying the screen out in standby: it is in no register, and nothing of it is kept.
enum ReentryExercise {
  static let person: Patient = {
    var patient = Patient(id: "patient/00000000-0000-4000-8000-000000000000")
    (patient.birthName, patient.birthGivenName, patient.birthGivenNames) = ("EXERCICE", "ANNE", "ANNE MARIE")
    (patient.usedName, patient.usedGivenName) = ("ESSAI", "ANNE")
    (patient.birthDate, patient.sex) = (PartialDate(year: 1961, month: 3, day: 12), .female)
    (patient.birthPlace, patient.birthPlaceName) = ("21231", "DIJON")
    patient.statusSaid = .provisional
    (patient.attributes, patient.protected) = (["FICT"], true)
    (patient.phones, patient.emails) = (["01 99 00 12 34"], ["essai@exercice.invalid"])
    patient.contacts = [Contact(role: "next-of-kin", name: "EXERCICE LEO", phone: "01 99 00 12 35")]
    patient.addresses = [Address(use: "H", lines: ["1 rue de l’Essai"], postcode: "21000", city: "DIJON")]
    return patient
  }()

  static let stay: Stay = {
    var stay = Stay(id: "stay/00000000-0000-4000-8000-000000000000")
    (stay.number, stay.patient, stay.entryMode) = ("EXERCICE-1", person.id, "8")
    let at = Instant(milliseconds: 1_661_043_600_000)
    for (trigger, hours, bed) in [("A01", 0, "1"), ("A02", 5, "2")] {
      let hour = at.adding(seconds: hours * 3600)
      var movement = Movement(
        key: trigger, id: trigger, at: hour, writtenAt: hour, trigger: trigger, station: "", author: "")
      movement.place = Place(unit: "1010", room: "101", bed: bed)
      movement.stayClass = .inpatient
      stay.movements.append(movement)
    }
    return stay
  }()
}
