import Hospital

/// Whose presence is told to nobody outside the care team: the same marks rule walls, lists for other services and
/// the switchboard's answers.
extension Patient {
  var isDiscreet: Bool {
    protected || secret || situations.contains { ["prisoner", "custody", "psychiatric"].contains($0.kind) }
  }
}

extension Session {
  /// Accouchement sous le secret: the patient's own unit alone finds the file.
  func mayName(_ patient: Patient?, in unit: String?) -> Bool {
    guard let patient, patient.secret else { return true }
    return unit.map { unit in units.contains { $0 == unit } } ?? false
  }
}
