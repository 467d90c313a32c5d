import Hospital
import Ledger
import Testing

struct AccountTests {
  static let new = "account/7b0e1b52-3f7e-4f57-9b5c-3a5a3a0e5a01"

  static func open(
    name: String? = "MOREL Anne", roles: [Role] = [.nurse], units: [String] = [], emergency: Bool = false,
    until: Instant? = nil, account: String = new
  ) -> OpenAccount {
    OpenAccount(
      account: account, login: "amorel", name: name, function: "IDE", roles: roles, units: units, emergency: emergency,
      validUntil: until)
  }

  static func temporary(
    roles: [Role] = [.nurse], units: [String] = [], function: String = "IDE"
  ) -> OpenTemporaryAccount {
    OpenTemporaryAccount(account: new, login: nil, name: "PETIT Luc", function: function, roles: roles, units: units)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var command: any Command
    var role: String
    var outcome: String

    init(_ rule: String, _ command: any Command, by role: String = "administrator", _ outcome: String) {
      (testDescription, self.command, self.role, self.outcome) = (rule, command, role, outcome)
    }
  }

  static let rows: [Row] = [
    Row("opened", open(), "account.opened"), Row("opened by a clerk", open(), by: "admission", "not-permitted"),
    Row("a sealed envelope has no name", open(name: nil, emergency: true), "account.opened"),
    Row("without a name", open(name: " "), "name-missing [name]"),
    Row("without a role", open(roles: []), "roles-missing [roles]"),
    Row("of an unknown unit", open(units: ["X"]), "unit-unknown [unit]"),
    Row("until yesterday", open(until: .hours(-24)), "valid-until-past [validUntil]"),
    Row("there already", open(account: "account/nurse"), "account-there"),
    Row("of another kind of subject", open(account: "stay/1"), "account-id-invalid"),
    Row("a temp's, by a cadre", temporary(), by: "supervisor", "account.opened"),
    Row("a temp's, by a nurse", temporary(), by: "nurse", "not-permitted"),
    Row(
      "a temp who would administer", temporary(roles: [.administrator]), by: "supervisor", "role-not-temporary [roles]"),
    Row("a temp without a function", temporary(function: ""), by: "supervisor", "function-missing [function]"),
    Row("changed", ChangeAccount(account: "account/nurse", roles: [.nurse, .triage]), "account.changed"),
    Row("changed to no role", ChangeAccount(account: "account/nurse", roles: []), "roles-missing [roles]"),
    Row("changed in nothing", ChangeAccount(account: "account/nurse"), "nothing-changed"),
    Row("nobody's", ChangeAccount(account: "account/x", name: "A"), "account-unknown [account]"),
    Row(
      "one's own rights given away", ChangeAccount(account: "account/administrator", roles: [.nurse]),
      "own-account [roles]"),
    Row("closed", CloseAccount(account: "account/nurse", reason: "départ"), "account.closed"),
    Row("one's own closed", CloseAccount(account: "account/administrator"), "own-account [account]"),
    Row("claimed, but no envelope", ClaimEnvelope(surname: "A", givenName: "B", function: "C"), "not-an-envelope"),
  ]

  @Test(arguments: rows)
  func command(row: Row) {
    #expect(Scene.outcome(row.command, in: MemoryWorld(), by: "account/\(row.role)") == row.outcome)
  }

  @Test func aTempIsHereForTwelveHoursInTheCadresUnits() throws {
    let world = MemoryWorld()
    world.accounts["account/supervisor"]?.units = ["4EST"]
    let elsewhere = Self.temporary(units: ["CHIR"])
    #expect(Scene.outcome(elsewhere, in: world, by: "account/supervisor") == "unit-not-yours [units]")
    try world.run(Self.temporary(), by: "account/supervisor")
    let account = try #require(world.accounts[Self.new])
    #expect(account.units == ["4EST"])
    #expect(account.validUntil == .hours(12))
    #expect(account.isActive(at: .hours(11, minutes: 59)))
    #expect(!account.isActive(at: .hours(12)))
  }

  @Test func anEnvelopeAsksWho() throws {
    let world = MemoryWorld()
    try world.run(Self.open(name: nil, roles: [.admission], emergency: true), by: "account/administrator")
    let local = DeclareMode(mode: .degraded, isLocal: true, reason: "panne")
    #expect(Scene.outcome(local, in: world, by: Self.new) == "account-unclaimed")
    for (surname, given, function, outcome) in [
      ("", "Luc", "IDE", "surname-missing [surname]"), ("PETIT", " ", "IDE", "given-name-missing [givenName]"),
      ("PETIT", "Luc", "", "function-missing [function]"), ("PETIT", "Luc", "IDE", "account.claimed"),
      ("AUTRE", "Léa", "IDE", "envelope-claimed"),
    ] {
      let claim = ClaimEnvelope(surname: surname, givenName: given, function: function)
      #expect(Scene.outcome(claim, in: world, by: Self.new) == outcome)
    }
    #expect(world.accounts[Self.new]?.name == "PETIT Luc")
    #expect(Scene.outcome(local, in: world, by: Self.new) == "mode.declared")
  }

  @Test func aClosedAccountStaysClosed() throws {
    let world = MemoryWorld()
    try world.run(CloseAccount(account: "account/nurse"), by: "account/administrator")
    let change = ChangeAccount(account: "account/nurse", name: "A")
    #expect(Scene.outcome(change, in: world, by: "account/administrator") == "account-closed [account]")
  }
}
