import Hospital

/// What a trigger is about: of ADT as the table of PAM France has it, of SIU what is said of an appointment. Others are
/// acknowledged and say nothing here.
enum TriggerMeaning {
  /// A28, A31.
  case identity
  /// A08: not in PAM France; its identity is read, and what it says beside the stay's movements.
  case update
  /// A47.
  case identifierChange
  /// A40; A34 of older feeds.
  case merge
  /// A24: two identities are one person's; A37: they are not.
  case link, unlink
  /// A44.
  case accountMove
  /// A23: of the visit, not of the person.
  case visitDeletion
  case movement(MovementTrigger)
  case appointment(AppointmentFact)

  /// - Parameter type: `ADT`, `SIU`.
  init?(_ type: String, _ trigger: String) {
    switch type {
    case "ADT": self.init(admission: trigger)
    case "SIU":
      guard let kind = ScheduleTrigger.kind(of: trigger) else { return nil }
      self = .appointment(kind)
    default: return nil
    }
  }

  private init?(admission trigger: String) {
    switch trigger {
    case "A28", "A31": self = .identity
    case "A08": self = .update
    case "A47": self = .identifierChange
    case "A40", "A34": self = .merge
    case "A24": self = .link
    case "A37": self = .unlink
    case "A44": self = .accountMove
    case "A23": self = .visitDeletion
    default:
      guard let movement = MovementTrigger(trigger) else { return nil }
      self = .movement(movement)
    }
  }
}

/// What a trigger says of a movement where ZBE-4 does not.
struct MovementTrigger: Sendable, Equatable {
  enum Action: String, Sendable {
    case insert = "INSERT"
    case update = "UPDATE"
    case cancel = "CANCEL"
  }

  var action: Action
  /// The trigger that inserts the movement; nil where this one does not tell.
  var inserting: String?
  /// ZBE-9 of the events that PAM France has dropped, where they tell it.
  var nature: String?
  /// One of those.
  var isOld: Bool

  init?(_ trigger: String) {
    switch trigger {
    case "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A14", "A15", "A16", "A21", "A22", "A54":
      self.init(.insert, trigger)
    case "A11": self.init(.cancel, nil)
    case "A12": self.init(.cancel, "A02")
    case "A13": self.init(.cancel, "A03")
    case "A25": self.init(.cancel, "A16")
    case "A26": self.init(.cancel, "A15")
    case "A27": self.init(.cancel, "A14")
    case "A38": self.init(.cancel, "A05")
    case "A52": self.init(.cancel, "A21")
    case "A53": self.init(.cancel, "A22")
    case "A55": self.init(.cancel, "A54")
    case "Z80": self.init(.insert, "A02", nature: "M", isOld: true)
    case "Z84": self.init(.insert, "A02", nature: "S", isOld: true)
    case "Z88": self.init(.insert, "A02", nature: "D", isOld: true)
    case "Z82", "Z86": self.init(.insert, "A02", isOld: true)
    case "Z81": self.init(.cancel, "A02", nature: "M", isOld: true)
    case "Z85": self.init(.cancel, "A02", nature: "S", isOld: true)
    case "Z89": self.init(.cancel, "A02", nature: "D", isOld: true)
    case "Z83", "Z87": self.init(.cancel, "A02", isOld: true)
    case "Z99": self.init(.update, nil)
    default: return nil
    }
  }

  private init(_ action: Action, _ inserting: String?, nature: String? = nil, isOld: Bool = false) {
    self.action = action
    self.inserting = inserting
    self.nature = nature
    self.isOld = isOld
  }

  /// The kind of fact that this trigger's movement is; nil for a trigger that inserts none.
  static func kind(of trigger: String) -> String? {
    switch trigger {
    case "A01", "A04": "stay.admitted"
    case "A02": "stay.transferred"
    case "A03": "stay.discharged"
    case "A05": "stay.preadmitted"
    case "A06", "A07": "stay.class-changed"
    case "A14", "A15", "A16": "stay.planned"
    case "A21": "stay.left"
    case "A22": "stay.returned"
    case "A54": "stay.attending-changed"
    default: nil
    }
  }
}
