import Ledger

/// What somebody wants to do, as far as asking who may goes.
public enum Action: Sendable, CaseIterable {
  /// Find people and open their files.
  case read
  /// Open the file of a birth under secrecy from outside the unit that cares for her: recorded, with its reason.
  case readSecret
  /// Where somebody is, for whoever asks at the desk or on the telephone.
  case inquire
  case createIdentity, correctIdentity, qualifyIdentity, merge, protect
  case preadmit, admit, move, discharge, cancelMovement, attend
  /// Allergies, diet: what was asked of the patient.
  case ask
  /// In emergency: how urgent it is, and what comes next; how ill they are; where they go.
  case triage, assess, orient
  /// Reserve, clean, close, isolate, double.
  case bedState
  /// Say that somebody needs a bed.
  case requestBed
  /// Answer whoever asked for a bed, in any unit.
  case giveBed
  case makePlace
  /// Send people round every unit, to see who lies where.
  case recount
  /// Settle what was said differently twice.
  case settle
  /// Send the emergency visit summaries, and say that they are there.
  case sendRPU
  /// Type, or carry in a file, into the main system what was registered here.
  case handBack
  /// For the whole hospital.
  case declareMode
  /// For one station.
  case declareLocalMode
  /// Which care can be given.
  case declareCare
  /// The notice, drafted by one and approved by another.
  case tellOutside
  /// Ask a partner hospital for a patient, and all that follows.
  case transferOut
  /// The directory of partner hospitals.
  case partners
  case audit
  /// Accounts of every kind; or, for a cadre, a temp's account for twelve hours.
  case staff, temporaryStaff
  case structure
  case stations
}

/// Who may do what. One table: whoever reads it knows all there is to know.
public enum Permissions {
  /// - Parameter unit: code of the unit concerned; nil where the action concerns none, or all.
  public static func allows(_ account: Account, _ action: Action, unit: String?, at instant: Instant) -> Bool {
    guard account.isActive(at: instant), !account.awaitsClaim else { return false }
    guard account.roles.contains(where: { table[$0]?.contains(action) ?? false }) else { return false }
    guard let unit, isBoundToUnits(action), !account.units.isEmpty else { return true }
    return account.units.contains { $0.sameBytes(as: unit) }
  }

  /// Gestures in a ward are its own people's; finding, admitting and declaring are not held up by a list of units.
  static func isBoundToUnits(_ action: Action) -> Bool {
    switch action {
    case .move, .discharge, .cancelMovement, .attend, .ask, .triage, .assess, .orient, .bedState, .makePlace,
      .temporaryStaff:
      true
    default: false
    }
  }

  /// Made once: every page and every command asks.
  private static let table: [Role: Set<Action>] = Dictionary(
    uniqueKeysWithValues: Role.allCases.map { ($0, actions(of: $0)) })

  static func actions(of role: Role) -> Set<Action> {
    switch role {
    case .admission: admission
    case .triage: care.union([.createIdentity, .correctIdentity, .attend, .cancelMovement, .orient])
    case .physician: care.union([.createIdentity, .attend, .cancelMovement, .assess, .orient])
    case .nurse: care.union([.createIdentity, .attend, .cancelMovement])
    case .bedManager:
      [
        .read, .inquire, .preadmit, .move, .cancelMovement, .bedState, .requestBed, .giveBed, .makePlace, .recount,
        .declareLocalMode, .transferOut, .partners,
      ]
    case .supervisor:
      care.union([
        .createIdentity, .correctIdentity, .attend, .cancelMovement, .orient, .settle, .temporaryStaff, .declareCare,
        .tellOutside, .partners, .giveBed, .recount,
      ])
    case .switchboard: [.inquire]
    case .duty:
      admission.union([
        .readSecret, .merge, .partners, .bedState, .giveBed, .recount, .sendRPU, .settle, .declareMode, .declareCare,
        .tellOutside, .temporaryStaff, .stations,
        .audit,
      ])
    case .security: [.stations, .audit]
    case .records: [.read, .handBack, .sendRPU, .correctIdentity, .qualifyIdentity, .merge, .cancelMovement, .settle]
    case .auditor: [.audit]
    case .administrator: Set(Action.allCases)
    case .client: [.read, .createIdentity]
    }
  }

  private static let admission: Set<Action> = [
    .read, .inquire, .createIdentity, .correctIdentity, .qualifyIdentity, .protect, .preadmit, .admit, .move,
    .discharge, .cancelMovement, .attend, .ask, .requestBed, .makePlace, .declareLocalMode, .handBack, .transferOut,
  ]

  /// Whoever stands at a bed at night may take a patient in.
  private static let care: Set<Action> = [
    .read, .inquire, .protect, .admit, .move, .discharge, .ask, .triage, .bedState, .requestBed, .makePlace,
    .declareLocalMode, .transferOut,
  ]
}

extension World {
  /// Refuses what the author may not do. Of several units, one that is theirs is enough: a transfer is both wards'.
  func require(_ action: Action, _ moment: Moment, units: String?...) throws(Refusal) {
    if moment.author == "system" { return }
    guard let account = account(moment.author) else { throw Refusal("account-unknown") }
    guard account.isActive(at: moment.now) else { throw Refusal("account-inactive") }
    guard !account.awaitsClaim else { throw Refusal("account-unclaimed") }
    let allowed =
      units.isEmpty
      ? Permissions.allows(account, action, unit: nil, at: moment.now)
      : units.contains { Permissions.allows(account, action, unit: $0, at: moment.now) }
    guard allowed else { throw Refusal("not-permitted") }
  }
}
