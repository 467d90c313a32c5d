import Hospital
import Ledger
import Testing

struct RoundTests {
  private static func started(_ world: MemoryWorld) throws -> Round {
    try #require(try round(world, StartRound(units: ["4EST", "CHIR"])))
  }

  private static func round(_ world: MemoryWorld, _ command: some Command) throws -> Round? {
    _ = try world.run(command, by: "account/supervisor", at: .hours(1))
    return world.rounds.values.first
  }

  private static let beds = ["1", "2"].flatMap { room in ["A", "B"].map { Scene.bed("4EST", room, $0) } }

  private static func count(_ round: Round, differs: [String] = [], at: Instant? = .hours(2)) -> CountUnit {
    CountUnit(round: round, unit: "4EST", beds: beds, differs: differs, by: "Petit Anne", at: at)
  }

  @Test func onlyDifferencesAreTypedIn() throws {
    let world = Scene.world()
    let round = try Self.started(world)
    #expect(round.missing == ["4EST", "CHIR"])
    #expect(round.sheet("4EST") == "00000001-4EST")
    let said = Scene.outcome(
      Self.count(round, differs: [Scene.bedB]), in: world, by: "account/nurse", at: .hours(3))
    #expect(said == "bed.seen bed.seen bed.seen round.counted")
    #expect(world.beds[Scene.bedA]?.seenAt == .hours(2) && world.beds[Scene.bedA]?.seenBy == "Petit Anne")
    #expect(world.beds[Scene.bedA]?.seenSaid?.author == "account/nurse")
    #expect(world.beds[Scene.bedB]?.seenAt == nil)
    let counted = try #require(world.rounds[round.id])
    #expect(counted.missing == ["CHIR"] && counted.counts["4EST"]?.differs == [Scene.bedB])
    #expect(
      Scene.outcome(EndRound(round: counted), in: world, by: "account/supervisor", at: .hours(4)) == "round.ended")
    #expect(world.rounds[round.id]?.missing == ["CHIR"] && world.rounds[round.id]?.isOpen == false)
  }

  /// A sheet that comes late does not undo what was seen since.
  @Test func whatWasSeenSinceStands() throws {
    let world = Scene.world()
    let round = try Self.started(world)
    try world.run(SeeBed(bed: Scene.bedA), by: "account/nurse", at: .hours(3))
    try world.run(Self.count(round), by: "account/nurse", at: .hours(4))
    #expect(world.beds[Scene.bedA]?.seenAt == .hours(3) && world.beds[Scene.bedA]?.seenBy == nil)
    #expect(world.beds[Scene.bedB]?.seenAt == .hours(2))
  }

  @Test func refusals() throws {
    let world = Scene.world()
    func outcome(_ command: some Command, _ role: String = "nurse") -> String {
      Scene.outcome(command, in: world, by: "account/\(role)", at: .hours(3))
    }
    #expect(outcome(StartRound(units: ["4EST"])) == "not-permitted")
    #expect(outcome(StartRound(units: []), "supervisor") == "round-units [units]")
    #expect(outcome(StartRound(units: ["4EST", "NIMPORTE"]), "supervisor") == "round-unit [units]")
    let round = try Self.started(world)
    #expect(outcome(EndRound(round: round)) == "not-permitted")
    var other = Self.count(round)
    other.unit = "URG"
    #expect(outcome(other) == "round-unit [unit]")
    #expect(outcome(Self.count(round, at: .hours(0))) == "round-before [at]")
    #expect(outcome(Self.count(round, at: .hours(5))) == "at-future [at]")
    try world.run(EndRound(round: round), by: "account/supervisor", at: .hours(3))
    #expect(outcome(Self.count(try #require(world.rounds[round.id]))) == "round-ended")
  }

  /// The lists of a pack: written on before anybody could count them, back before they are typed in.
  @Test func aPacksListsAreCounted() throws {
    let world = Scene.world()
    func said(_ command: some Command, _ role: String = "nurse", at hour: Int = 3) -> String {
      Scene.outcome(command, in: world, by: "account/\(role)", at: .hours(hour))
    }
    func lists() throws -> Round { try #require(world.rounds.values.first { $0.pack != nil }) }
    let start = StartRound(units: ["URGENCES", "4EST", "CHIR"], pack: "0A1B2C3D")
    #expect(said(start, "switchboard") == "not-permitted" && said(start) == "round.started")
    let round = try lists()
    #expect(round.sheet("4EST") == "0A1B2C3D-4EST" && round.missing == ["URGENCES", "4EST", "CHIR"])
    #expect(said(ReturnUnitSheet(round: round, unit: "CHIR")) == "round.returned")
    #expect(try said(ReturnUnitSheet(round: lists(), unit: "CHIR")) == "")
    #expect(try said(ReturnUnitSheet(round: lists(), unit: "9NORD")) == "round-unit [unit]")
    #expect(try lists().missing == ["URGENCES", "4EST"] && lists().waiting == ["CHIR"])
    // The hour on the list is before the round began.
    #expect(try said(Self.count(lists(), at: .hours(2))) == "bed.seen bed.seen bed.seen bed.seen round.counted")
    var emergency = Self.count(try lists(), at: .hours(2))
    (emergency.unit, emergency.beds) = ("URGENCES", [])
    #expect(said(emergency) == "round.counted")
    #expect(try lists().status(of: "4EST") == .entered && lists().missing.isEmpty)
    // Ended, and one more turns up: the same round goes on, and knows what was counted.
    #expect(try said(EndRound(round: lists()), "supervisor") == "round.ended")
    #expect(try said(ReturnUnitSheet(round: lists(), unit: "4EST")) == "round-ended")
    #expect(said(StartRound(units: ["4EST", "9NORD"], pack: "0A1B2C3D")) == "round.started")
    let again = try lists()
    #expect(again.id == round.id && again.isOpen && again.missing == ["9NORD"] && again.started == round.started)
    #expect(world.rounds.count == 1)
  }

  /// A bed of another unit is not seen by this sheet, whatever a form says.
  @Test func onlyItsOwnBeds() throws {
    let world = Scene.world()
    var count = Self.count(try Self.started(world))
    count.beds = [Scene.bedA, Scene.bed("CHIR", "11", "A"), "bed/none"]
    #expect(Scene.outcome(count, in: world, by: "account/nurse", at: .hours(3)) == "bed.seen round.counted")
  }
}
