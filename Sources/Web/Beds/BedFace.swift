import Hospital

/// How a place looks on the board: a class for its shape and colour, a letter for everyone who sees neither.
public enum BedFace: Sendable, Equatable {
  case occupied(Sex?)
  /// Someone whose presence is told to nobody: neither sex nor name on any list.
  case discreet
  case free, toClean, reserved, closed
  case bodyPresent
  /// Two on purpose, as declared.
  case doubled
  /// So many in one bed, and nobody declared it.
  case conflict(Int)

  /// The one face of a bed. What a person must settle comes first, then who lies there, then the bed itself.
  /// - Parameters:
  ///   - sexes: of those who lie there now.
  ///   - discreet: whether one of them must not be shown.
  public init(condition: BedCondition, doubled: Bool, sexes: [Sex?], discreet: Bool) {
    if sexes.count > 1 {
      self = doubled && sexes.count == 2 ? .doubled : .conflict(sexes.count)
    } else if let sex = sexes.first {
      self = discreet ? .discreet : .occupied(sex)
    } else {
      switch condition {
      case .free: self = .free
      case .reserved: self = .reserved
      case .toClean: self = .toClean
      case .closed: self = .closed
      case .bodyPresent: self = .bodyPresent
      }
    }
  }

  /// What stands in the cell.
  public var letter: String {
    switch self {
    case .occupied(.female): "F"
    case .occupied(.male): "M"
    case .occupied(.indeterminate): "I"
    case .occupied: "?"
    case .discreet: "•"
    case .free: "○"
    case .toClean: "N"
    case .reserved: "R"
    case .closed: "×"
    case .bodyPresent: "C"
    case .doubled: "D"
    case .conflict(let count): String(count)
    }
  }

  public var cssClass: String {
    switch self {
    case .occupied: "bed-occupied"
    case .discreet: "bed-occupied bed-discreet"
    case .free: "bed-free"
    case .toClean: "bed-clean"
    case .reserved: "bed-reserved"
    case .closed: "bed-closed"
    case .bodyPresent: "bed-body"
    case .doubled: "bed-doubled"
    case .conflict: "bed-conflict"
    }
  }

  /// Key of its name in both languages: `beds.face.<key>`.
  public var key: String {
    switch self {
    case .occupied(.female): "female"
    case .occupied(.male): "male"
    case .occupied: "occupied"
    case .discreet: "discreet"
    case .free: "free"
    case .toClean: "to-clean"
    case .reserved: "reserved"
    case .closed: "closed"
    case .bodyPresent: "body-present"
    case .doubled: "doubled"
    case .conflict: "conflict"
    }
  }

  public static let keys = [
    "female", "male", "occupied", "discreet", "free", "to-clean", "reserved", "closed", "body-present", "doubled",
    "conflict",
  ]

  public var taken: Bool {
    switch self {
    case .occupied, .discreet, .doubled, .conflict, .bodyPresent: true
    case .free, .toClean, .reserved, .closed: false
    }
  }
}
