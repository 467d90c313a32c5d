import Hospital
import Ledger
import Testing
import Web

private let wording = Wording(
  texts: .builtIn, language: .fr, hours: Hours("Europe/Paris"), now: Instant(milliseconds: 1_661_046_060_000))

private func martin() -> Patient {
  var patient = Patient(id: "patient/1")
  patient.birthName = "Martin"
  patient.birthGivenName = "Louise"
  patient.usedName = "Durand"
  patient.sex = .female
  patient.birthDate = PartialDate(year: 1961, month: 3, day: 12)
  patient.identifiers = [Identifier(value: "000059284275", authority: "1.2.250.1.999", type: "PI")]
  return patient
}

@Suite struct PatientLineTests {
  @Test func alwaysTheSameWay() {
    let line = PatientLine(martin(), wording, ippAuthority: "1.2.250.1.999")
    #expect(line.plain == "MARTIN (DURAND) Louise · F · 12/03/1961 (61 a) · IPP 000059284275 · [PROV]")
  }

  @Test func someoneNobodyCanNameYet() {
    var patient = Patient(id: "patient/2")
    patient.unknown = UnknownPatient(label: "URG1-003", estimatedAge: 40)
    patient.sex = .male
    let line = PatientLine(patient, wording, ippAuthority: nil)
    #expect(line.plain == "INCONNU URG1-003 · M · ? (~40 a) · [PROV]")
  }

  @Test(arguments: [
    (PartialDate(year: 1961), "1961 (~61 a)"), (PartialDate(year: 2022, month: 3, day: 20), "20/03/2022 (5 mois)"),
    (PartialDate(year: 2022, month: 8, day: 18), "18/08/2022 (3 j)"),
  ])
  func ages(birth: PartialDate, shown: String) {
    var patient = martin()
    patient.birthDate = birth
    #expect(PatientLine(patient, wording, ippAuthority: nil).birthAndAge == shown)
  }

  @Test func theStatusIsNeverFarFromTheName() {
    var patient = martin()
    patient.statusSaid = .validated
    patient.attributes = ["HOMA"]
    let html = PatientLine(patient, wording, ippAuthority: nil).html(wording)
    #expect(html.contains(">VALI</span>"))
    #expect(html.contains(">HOMONYME</span>"))
  }

  @Test(arguments: ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "\u{202E}gnp.exe"])
  func aHostileNameStaysText(name: String) {
    var patient = martin()
    patient.birthName = name
    patient.usedName = name
    patient.birthGivenName = name
    let html = PatientLine(patient, wording, ippAuthority: nil).html(wording, link: "/patients/\(name)")
    #expect(!html.lowercased().contains("<script") && !html.lowercased().contains("<img"))
    #expect(!html.unicodeScalars.contains("\u{202E}"))
  }
}
