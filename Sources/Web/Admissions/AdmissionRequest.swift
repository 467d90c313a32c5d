import Hospital

/// What an admission form asks for.
struct AdmissionRequest: Sendable {
  private let admit: Admit
  private let situation: LegalSituation?
  private let protects: Bool
  /// How they came, of an admission to emergency.
  private let arrival: NoteArrival?
  /// The sheet of paper that is typed in.
  private let sheet: Sheet?

  init(_ form: Form, _ wording: Wording, _ settings: EmergencySettings, sheet: Sheet?) throws(Refusal) {
    self.sheet = sheet
    admit = Admit(
      patient: "", stayClass: try form.stayClass(), unit: form["unit"], bed: form.subject("bed"),
      attending: form["attending"], entryMode: form["entryMode"], provenance: form["provenance"],
      reason: form["reason"], preadmission: form.subject("stay", "preadmission"), at: try wording.hour(form))
    situation = form.situation
    protects = form.isSet("protected")
    arrival = admit.stayClass == .emergency ? ArrivalFields.arrival(form, settings) : nil
  }

  /// Everything in one commit, so that nobody is admitted with half of what was said.
  func command(for patient: String) -> any Command { typedIn(said(of: patient)) }

  private func said(of patient: String) -> any Command {
    var command = admission(of: patient)
    if let situation { command = SetSituation(patient: patient, situation: situation).then(command) }
    if protects { command = ProtectPresence(patient: patient, protected: true).then(command) }
    return command
  }

  /// The same for somebody whom `identity` makes first.
  /// - Parameter isBare: `identity` says nothing of situation and non-divulgation; this does.
  func command(after identity: any Command, isBare: Bool = false) -> any Command {
    typedIn(
      InOneCommit(identity) { said throws(Refusal) in
        guard let patient = said.subject("patient") else { throw Refusal("patient-unknown", field: "patient") }
        return isBare ? self.said(of: patient) : self.admission(of: patient)
      })
  }

  private func typedIn(_ command: any Command) -> any Command {
    guard let sheet else { return command }
    return EnterSheet(block: sheet.block, serial: sheet.serial, at: admit.at, admission: command)
  }

  /// Who comes to a consultation has come: one gesture says both.
  private func admission(of patient: String) -> any Command {
    if admit.stayClass == .outpatient, admit.bed == nil {
      return Attend(
        patient: patient, unit: admit.unit, attending: admit.attending, reason: admit.reason,
        preadmission: admit.preadmission, at: admit.at)
    }
    var admit = admit
    admit.patient = patient
    guard let arrival else { return admit }
    return admit.arriving(arrival)
  }
}

extension Form {
  /// The legal situation that an admission says; nil where none was chosen.
  var situation: LegalSituation? {
    self["situation"].map { LegalSituation(kind: $0, code: self["situationCode"], note: self["situationNote"]) }
  }
}

extension Command {
  fileprivate func then(_ next: any Command) -> any Command { InOneCommit(self) { _ in next } }
}
