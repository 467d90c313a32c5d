import Ledger

/// What was read or scanned from a wristband, against the person whose file is open.
struct WristbandCheck {
  /// As typed, and as a scanner meant that types on a French keyboard without Shift.
  private let readings: [String]

  /// - Throws: `wristband-missing`.
  init(_ typed: String) throws(Refusal) {
    guard let text = try FreeText.tidied(typed, field: "wristband") else {
      throw Refusal("wristband-missing", field: "wristband")
    }
    let hasDigits = text.contains { $0.isASCII && $0.isNumber }
    readings = hasDigits ? [text] : [text, String(text.map { PartialDate.frenchRow[$0] ?? $0 })]
  }

  /// Refuses a number that no file of this person bears, or bears no more.
  func require(_ person: Patient, _ world: any World) throws(Refusal) {
    let files = files(of: person, world)
    if files.contains(where: { current($0).contains(where: isRead) }) { return }
    let isOld = files.contains { $0.identifiers.contains { $0.withdrawn && isRead($0.value) } }
    throw Refusal(isOld ? "wristband-withdrawn" : "wristband-of-another", field: "wristband")
  }

  private func isRead(_ number: String) -> Bool {
    readings.contains { Self.plain($0).sameBytes(as: Self.plain(number)) }
  }

  /// An INS is printed in groups, and people type small letters.
  private static func plain(_ text: String) -> String { text.filter { !$0.isWhitespace }.uppercased() }

  /// What wristbands of this file may bear. One printed before there was an IPP bears the file's own id; an INS is
  /// printed of a qualified identity alone.
  private func current(_ file: Patient) -> [String] {
    let numbers = file.identifiers.filter { !$0.withdrawn && !["INS", "INS-C"].contains($0.type) }.map(\.value)
    let id = file.id.split(separator: "/").last.map(String.init)
    return numbers + [id, file.unknown?.label, QualifiedINS(of: file)?.ins.matricule].compactMap { $0 }
  }

  /// This person's own file, those their stays were said of, and whichever answer to what was read.
  private func files(of person: Patient, _ world: any World) -> [Patient] {
    let owners = world.stays(ofPatient: person.id).compactMap { world.stay($0)?.patient }
    let values = Set(readings + readings.map(Self.plain))
    let bearers = values.flatMap { world.patients(withIdentifier: $0, authority: nil) }
    return ([person.id] + owners + bearers + readings.map { "patient/\($0.lowercased())" })
      .filter { world.isOnePerson($0, person.id) }.compactMap { world.patient($0) }
  }
}
