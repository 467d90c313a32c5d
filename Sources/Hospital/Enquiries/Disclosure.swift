import Ledger

/// Whose presence is told to nobody outside the care team. The one rule of every wall, list for another service, pack,
/// enquiry and FHIR answer: whoever shows people asks here.
public enum Disclosure {
  /// - Parameters:
  ///   - mother: of a newborn, who is told of with them.
  ///   - place: where they are, or were last.
  public static func isWithheld(
    _ patient: Patient?, mother: Patient? = nil, at place: Place?, in structure: Structure?
  ) -> Bool {
    if patient?.isDiscreet ?? false || mother?.isDiscreet ?? false { return true }
    let units = [place?.unit, place?.medicalUnit].compactMap(\.self)
    return units.contains { structure?.unit($0)?.isDiscreet ?? false }
  }

  /// - Parameter underway: where they go next: looked up only where nothing else withholds them.
  public static func isWithheld(
    _ patient: Patient?, mother: Patient? = nil, at place: Place?, underway: @autoclosure () throws -> Underway?,
    in structure: Structure?
  ) rethrows -> Bool {
    if isWithheld(patient, mother: mother, at: place, in: structure) { return true }
    return try underway()?.isDiscreet(in: structure) ?? false
  }
}

extension Patient {
  /// Non-divulgation, secrecy, or a situation that says by itself why they are here.
  public var isDiscreet: Bool { protected || secret || situations.contains(where: \.isDiscreet) }
}

extension LegalSituation {
  /// Détenu, garde à vue, soins psychiatriques; a minor whose measure somebody wrote down (a court's placement order).
  fileprivate var isDiscreet: Bool {
    switch SituationKind(rawValue: kind) {
    case .prisoner, .custody, .psychiatric: true
    case .minor: code.map { !$0.isBlank } ?? false
    case .protectedAdult, nil: false
    }
  }
}

extension Partner {
  /// To be sent there says why.
  fileprivate var isDiscreet: Bool {
    destination == Self.psychiatricDestination || capabilities == [CareKey.psychiatry.rawValue]
  }

  private static let psychiatricDestination = "4"
}

extension PatientTransfer {
  /// What is asked for says why, whichever hospital gives it, and so may the hospital.
  public func isDiscreet(to partner: Partner?) -> Bool {
    needs.contains(CareKey.psychiatry.rawValue) || partner?.isDiscreet ?? false
  }
}

extension BedNeeds {
  /// The unit that is asked for says why.
  public func isDiscreet(in structure: Structure?) -> Bool {
    specialty == CareUnit.psychiatry || unit.flatMap { structure?.unit($0)?.isDiscreet } ?? false
  }
}

extension CareUnit {
  /// To be there says why: psychiatry, and whatever the structure calls discreet (addictologie, orthogénie).
  public var isDiscreet: Bool { discreet || specialty == Self.psychiatry }

  fileprivate static let psychiatry = "psychiatry"
}
