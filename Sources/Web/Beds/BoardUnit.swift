/// One unit as the board draws it.
public struct BoardUnit: Sendable, Equatable {
  public var code: String
  public var name: String
  public var beds: [BoardBed]
  /// Here without a bed, or in one that nobody knows.
  public var unplaced: Int

  public init(code: String, name: String, beds: [BoardBed], unplaced: Int = 0) {
    self.code = code
    self.name = name
    self.beds = beds
    self.unplaced = unplaced
  }

  public var occupied: Int { beds.count { $0.face.taken } }
  public var free: Int { beds.count { $0.face == .free && $0.staffed } }
  public var toClean: Int { beds.count { $0.face == .toClean } }
  public var reserved: Int { beds.count { $0.face == .reserved } }
  public var closed: Int { beds.count { $0.face == .closed } }
  /// Beds that someone can be put in tonight, or already is.
  public var staffed: Int { beds.count { $0.face != .closed && ($0.staffed || $0.face.taken) } }
}

/// One place as the board draws it.
public struct BoardBed: Sendable, Equatable {
  /// The UUID of `bed/<uuid>`.
  public var id: String
  public var code: String
  public var face: BedFace
  /// The UUID of the stay that lies there alone: the selection holds it.
  public var stay: String?
  /// Identity line, or empty where nothing may be told.
  public var occupant: String
  /// Why it is closed, for whom it is kept.
  public var note: String?
  /// When whoever lies there is expected to leave, as it is written: `21/08 14:00`.
  public var leaves: String?
  /// contact, droplet, airborne, protective; BMR, BHRe.
  public var isolation: String?
  public var staffed: Bool
  /// Made during the crisis.
  public var extra: Bool
  /// Someone lies here whose presence is told to nobody: a wall shows neither sex.
  public var discreet: Bool

  public init(
    id: String, code: String, face: BedFace, stay: String? = nil, occupant: String = "", note: String? = nil,
    leaves: String? = nil, isolation: String? = nil, staffed: Bool = true, extra: Bool = false, discreet: Bool = false
  ) {
    self.id = id
    self.code = code
    self.face = face
    self.stay = stay
    self.occupant = occupant
    self.note = note
    self.leaves = leaves
    self.isolation = isolation
    self.staffed = staffed
    self.extra = extra
    self.discreet = discreet
  }

  /// A wall tells nothing of whom nobody may be told of.
  func face(on version: UnitFragment.Version) -> BedFace {
    guard version == .wall, discreet, case .occupied = face else { return face }
    return .discreet
  }
}
