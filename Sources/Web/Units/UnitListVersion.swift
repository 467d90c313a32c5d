/// Who reads a unit's list, hence what is on it.
public enum UnitListVersion: String, Sendable, CaseIterable {
  /// The unit itself: everything.
  case ward
  case catering, porters, pharmacy

  /// In the order printed.
  public var columns: [UnitListColumn] {
    switch self {
    case .ward: UnitListColumn.allCases
    case .catering: [.bed, .identity, .admitted, .diet]
    case .porters: [.bed, .identity, .number]
    case .pharmacy: [.bed, .identity, .number, .admitted, .medicalUnit, .physician]
    }
  }

  /// Beyond the unit's own team, someone whose presence is told to nobody has no name either.
  public var hidesProtected: Bool { self != .ward }
}

public enum UnitListColumn: String, Sendable, CaseIterable {
  case bed, identity, number, admitted, medicalUnit, physician, situation, allergies, isolation, diet, seen
}
