import Ledger

/// What a fact claims of a stay, as far as another may contradict it.
enum StayClaim {
  /// Lies there from then on.
  case placed(key: String, unit: String, room: String, bed: String)
  /// Is gone; how and where to.
  case ended(key: String, mode: String, destination: String)
  /// On leave.
  case away(key: String)
  case back(key: String)
  /// What brought the patient here or there did not happen.
  case undone(key: String)
  /// It happened otherwise than first said.
  case corrected(key: String, at: Instant, movement: JSON)
  /// It is this patient's.
  case owned(patient: String)

  /// nil for a fact that contradicts none.
  /// - Parameter stay: with all that was said of it: a movement goes by the key that it has there, whichever of its
  ///   numbers the fact gives.
  init?(_ fact: Fact, of stay: Stay) {
    guard let kind = StayFact(rawValue: fact.kind) else { return nil }
    if kind == .reassigned {
      guard let patient = fact.data["patient"]?.string else { return nil }
      self = .owned(patient: patient)
      return
    }
    guard let movement = fact.data["movement"], let said = movement["key"]?.string else { return nil }
    let key = stay.index(ofMovement: movement).map { stay.movements[$0].key } ?? said
    func text(_ name: String) -> String { movement[name]?.string ?? "" }
    switch kind {
    case .admitted, .transferred, .classChanged:
      // One that names no place moves nobody.
      guard !text("unit").isEmpty else { return nil }
      self = .placed(key: key, unit: text("unit"), room: text("room"), bed: text("bed"))
    case .discharged:
      let (mode, destination) = (fact.data["exitMode"]?.string, fact.data["destination"]?.string)
      self = .ended(key: key, mode: mode ?? "", destination: destination ?? "")
    case .left: self = .away(key: key)
    case .returned: self = .back(key: key)
    case .cancelled:
      guard ["A01", "A02", "A04", "A05", "A06", "A07"].contains(text("trigger")) else { return nil }
      self = .undone(key: key)
    case .corrected: self = .corrected(key: key, at: fact.at, movement: movement)
    case .described, .preadmitted, .attendingChanged, .planned, .attended, .asked, .reassigned, .continued, .deleted:
      return nil
    }
  }

  /// The movement that it lives and dies with.
  var movement: String? {
    switch self {
    case .placed(let key, _, _, _), .ended(let key, _, _), .away(let key), .back(let key), .corrected(let key, _, _):
      key
    case .undone, .owned: nil
    }
  }

  /// Whether whoever says this, with that before them, has said which it is.
  func replaces(_ other: StayClaim) -> Bool {
    switch (self, other) {
    case (.owned, .owned): true
    case (.corrected(let key, _, _), .corrected(let otherKey, _, _)): key.sameBytes(as: otherKey)
    default: false
    }
  }

  func contradicts(_ other: StayClaim) -> Bool { contradicts(oneWay: other) || other.contradicts(oneWay: self) }

  private func contradicts(oneWay other: StayClaim) -> Bool {
    switch (self, other) {
    case (.placed(_, let unit, let room, let bed), .placed(_, let otherUnit, let otherRoom, let otherBed)):
      !(unit.sameBytes(as: otherUnit) && room.sameBytes(as: otherRoom) && bed.sameBytes(as: otherBed))
    case (.ended(_, let mode, let destination), .ended(_, let otherMode, let otherDestination)):
      !(mode.sameBytes(as: otherMode) && destination.sameBytes(as: otherDestination))
    case (.ended, .placed), (.ended, .away), (.ended, .back), (.away, .placed): true
    // Undone here and carried on there.
    case (.undone, .placed), (.undone, .ended), (.undone, .away), (.undone, .back): true
    case (.undone(let key), .corrected(let otherKey, _, _)): key.sameBytes(as: otherKey)
    case (.corrected(let key, let at, let movement), .corrected(let otherKey, let otherAt, let otherMovement)):
      key.sameBytes(as: otherKey) && !(at == otherAt && movement == otherMovement)
    case (.owned(let patient), .owned(let other)): !patient.sameBytes(as: other)
    default: false
    }
  }
}
