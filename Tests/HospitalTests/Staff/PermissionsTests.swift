import Hospital
import Ledger
import Testing

/// The whole table, written again by hand: who may do what.
struct PermissionsTests {
  static let table: [(Action, [Role])] = [
    (
      .read,
      [.admission, .triage, .physician, .bedManager, .nurse, .supervisor, .duty, .records, .administrator, .client]
    ),
    (.readSecret, [.duty, .administrator]),
    (
      .inquire,
      [.admission, .triage, .physician, .bedManager, .nurse, .supervisor, .switchboard, .duty, .administrator]
    ),
    (.createIdentity, [.admission, .triage, .physician, .nurse, .supervisor, .duty, .administrator, .client]),
    (.correctIdentity, [.admission, .triage, .supervisor, .duty, .records, .administrator]),
    (.qualifyIdentity, [.admission, .duty, .records, .administrator]), (.merge, [.duty, .records, .administrator]),
    (.protect, [.admission, .triage, .physician, .nurse, .supervisor, .duty, .administrator]),
    (.preadmit, [.admission, .bedManager, .duty, .administrator]),
    (.admit, [.admission, .triage, .physician, .nurse, .supervisor, .duty, .administrator]),
    (.move, [.admission, .triage, .physician, .bedManager, .nurse, .supervisor, .duty, .administrator]),
    (.discharge, [.admission, .triage, .physician, .nurse, .supervisor, .duty, .administrator]),
    (
      .cancelMovement,
      [.admission, .triage, .physician, .nurse, .bedManager, .supervisor, .duty, .records, .administrator]
    ),
    (.attend, [.admission, .triage, .physician, .nurse, .supervisor, .duty, .administrator]),
    (.ask, [.admission, .triage, .physician, .nurse, .supervisor, .duty, .administrator]),
    (.triage, [.triage, .physician, .nurse, .supervisor, .administrator]), (.assess, [.physician, .administrator]),
    (.orient, [.triage, .physician, .supervisor, .administrator]),
    (.bedState, [.triage, .physician, .bedManager, .nurse, .supervisor, .duty, .administrator]),
    (.makePlace, [.admission, .triage, .physician, .bedManager, .nurse, .supervisor, .duty, .administrator]),
    (
      .requestBed,
      [.admission, .triage, .physician, .bedManager, .nurse, .supervisor, .duty, .administrator]
    ), (.giveBed, [.bedManager, .supervisor, .duty, .administrator]),
    (.recount, [.bedManager, .supervisor, .duty, .administrator]), (.sendRPU, [.records, .duty, .administrator]),
    (.handBack, [.admission, .duty, .records, .administrator]),
    (.declareCare, [.supervisor, .duty, .administrator]),
    (.partners, [.bedManager, .supervisor, .duty, .administrator]),
    (.transferOut, [.admission, .triage, .physician, .bedManager, .nurse, .supervisor, .duty, .administrator]),
    (.tellOutside, [.supervisor, .duty, .administrator]),
    (.settle, [.supervisor, .duty, .records, .administrator]), (.declareMode, [.duty, .administrator]),
    (
      .declareLocalMode,
      [.admission, .triage, .physician, .bedManager, .nurse, .supervisor, .duty, .administrator]
    ),
    (.audit, [.duty, .security, .auditor, .administrator]), (.staff, [.administrator]),
    (.temporaryStaff, [.supervisor, .duty, .administrator]), (.structure, [.administrator]),
    (.stations, [.duty, .security, .administrator]),
  ]

  @Test func theTableIsWhole() { #expect(Set(Self.table.map(\.0)) == Set(Action.allCases)) }

  @Test(arguments: Role.allCases)
  func may(role: Role) {
    var account = Account(id: "account/1")
    account.roles = [role]
    for (action, roles) in Self.table {
      #expect(
        Permissions.allows(account, action, unit: nil, at: .night) == roles.contains(role),
        "\(role.rawValue): \(action)")
    }
  }

  @Test(
    arguments: [
      ("own unit", Action.move, "4EST", true), ("another unit", .move, "CHIR", false), ("no unit", .move, nil, true),
      ("admitting is not held up", .admit, "CHIR", true), ("reading neither", .read, "CHIR", true),
      ("beds of another unit", .bedState, "CHIR", false),
      ("asking there", .ask, "CHIR", false), ("triage there", .triage, "CHIR", false),
      ("declaring", .declareLocalMode, "CHIR", true),
    ] as [(String, Action, String?, Bool)])
  func units(rule: String, action: Action, unit: String?, allowed: Bool) {
    var nurse = Account(id: "account/1")
    nurse.roles = [.nurse]
    nurse.units = ["4EST"]
    #expect(Permissions.allows(nurse, action, unit: unit, at: .night) == allowed, "\(rule)")
  }

  @Test func twoRolesAddUp() {
    var account = Account(id: "account/1")
    account.roles = [.auditor, .switchboard]
    #expect(Permissions.allows(account, .audit, unit: nil, at: .night))
    #expect(Permissions.allows(account, .inquire, unit: nil, at: .night))
    #expect(!Permissions.allows(account, .read, unit: nil, at: .night))
  }

  @Test func closedExpiredOrUnclaimed() {
    var account = Account(id: "account/1")
    account.roles = [.administrator]
    account.validUntil = .hours(1)
    #expect(Permissions.allows(account, .read, unit: nil, at: .night))
    #expect(!Permissions.allows(account, .read, unit: nil, at: .hours(1)))
    account.validUntil = nil
    account.emergency = true
    #expect(!Permissions.allows(account, .read, unit: nil, at: .night))
    account.claimedAt = .night
    #expect(Permissions.allows(account, .read, unit: nil, at: .night))
    account.closed = true
    #expect(!Permissions.allows(account, .read, unit: nil, at: .night))
  }

  /// A transfer is both wards' business: either may write it.
  @Test(arguments: [
    ("4EST", "stay.transferred bed.to-clean"), ("CHIR", "stay.transferred bed.to-clean"), ("MATER", "not-permitted"),
  ])
  func aTransferIsBothWards(unit: String, outcome: String) throws {
    let (world, id) = try MoveTests.admitted()
    world.accounts["account/nurse"]?.units = [unit]
    #expect(Scene.outcome(Transfer(stay: id, unit: "CHIR"), in: world, by: "account/nurse") == outcome)
  }
}
