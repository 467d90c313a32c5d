import Foundation
import Hospital
import Ledger
import Testing

/// Facts that some hospital holds. Each must be folded for ever, and alike: never change a line of
/// `Tests/Golden/Hospital`; add to it. A line is a fact, and what must hold once it is folded after those above it.
struct GoldenFactTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden/Hospital")

  struct Line {
    var heard: Heard
    var then: JSON
  }

  static func lines(_ name: String) throws -> [Line] {
    let text = try String(contentsOf: folder.appending(path: "\(name).jsonl"), encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      let json = try JSON(parsing: String(line))
      let fact = Fact(
        kind: try #require(json["kind"]?.string), subject: try #require(json["subject"]?.string),
        at: try #require(json["at"]?.string.flatMap { Instant($0) }), data: try #require(json["data"]))
      let heard = Heard(
        fact: fact, time: HybridTime(instant: fact.at, counter: 0), station: "urg-1-3fa9c2d1",
        author: "account/7b0e1b52-3f7e-4f57-9b5c-3a5a3a0e5a01", command: "", source: nil)
      return Line(heard: heard, then: try #require(json["then"]))
    }
  }

  /// Folds a file; each line's members must be in the state as stored, `null` standing for absent.
  static func fold<State: Folded>(_ name: String, as _: State.Type) throws {
    var state: State?
    for line in try lines(name) {
      let fact = line.heard.fact
      var folded = state ?? State(id: fact.subject)
      folded.fold(line.heard)
      state = folded
      for (key, value) in try #require(line.then.object).members {
        #expect(folded.stored[key] ?? .null == value, "\(fact.kind) at \(fact.at): \(key)")
      }
      let read = try #require(State(stored: folded.stored))
      #expect(read.stored.bytes == folded.stored.bytes)
    }
  }

  @Test func stays() throws {
    var stay = Stay(id: "stay/5a0f6c2e-1c1e-4d3b-9b58-0f2f8a1d7e01")
    for line in try Self.lines("stays") {
      stay.fold(line.heard)
      let said = line.then.string
      #expect(StayFoldTests.summary(stay) == said, "\(line.heard.fact.kind) at \(line.heard.fact.at)")
    }
    #expect(stay.patient == "patient/1c3b7f1f-0a1f-4d8f-9b66-7b3a2e3d4c5b")
    #expect(stay.otherPatients == [])
    #expect(stay.number == "036298301")
    #expect(stay.visit == "4159581")
    #expect(stay.preadmissionNumber == "PA12")
    #expect(stay.entryMode == "8")
    #expect(stay.provenance == "5")
    #expect(stay.exitMode == nil)
    #expect(stay.attending == "800000001")
    #expect(stay.attendances.map(\.unit) == ["DIAL"])
    #expect(stay.answers[.diet]?.text == "sans sel")
    #expect(stay.answers[.diet]?.said.at == Instant("2022-08-21T08:20:00.000Z"))
    #expect(stay.answers[.isolation] == nil)
    #expect(stay.other == ["coverage": ["regime": "01"]])
    #expect(stay.movements[3].place.medicalUnit == "1130")
    #expect(stay.movements.last?.authorityName == "GAM")
    #expect(Stay(stored: stay.stored)?.movements.last?.authorityName == "GAM")
  }

  @Test func beds() throws { try Self.fold("beds", as: Bed.self) }
  @Test func modes() throws { try Self.fold("modes", as: ModeDeclaration.self) }
  @Test func accounts() throws { try Self.fold("accounts", as: Account.self) }
  @Test func ranges() throws { try Self.fold("ranges", as: NumberSlices.self) }
  @Test func appointments() throws { try Self.fold("appointments", as: Appointment.self) }
  @Test func emergencies() throws { try Self.fold("emergencies", as: EmergencyVisit.self) }
  @Test func announcements() throws { try Self.fold("announcements", as: Announcement.self) }
  @Test func vault() throws { try Self.fold("vault", as: Vault.self) }

  @Test func handbacks() throws { try Self.fold("handbacks", as: Handback.self) }
  @Test func links() throws { try Self.fold("links", as: LinkProposal.self) }
  @Test func recovered() throws { try Self.fold("recovered", as: Recovered.self) }
  @Test func recoveries() throws { try Self.fold("recoveries", as: Recovery.self) }
  @Test func care() throws { try Self.fold("care", as: CareLine.self) }
  @Test func notices() throws { try Self.fold("notices", as: Notice.self) }
  @Test func partners() throws { try Self.fold("partners", as: Partner.self) }
  @Test func transfers() throws { try Self.fold("transfers", as: PatientTransfer.self) }
  @Test func summaries() throws { try Self.fold("rpu", as: RPUDelivery.self) }
  @Test func rounds() throws { try Self.fold("rounds", as: Round.self) }
  @Test func sheets() throws { try Self.fold("sheets", as: SheetBlock.self) }
  @Test func requests() throws { try Self.fold("requests", as: BedRequest.self) }
  @Test func reentries() throws { try Self.fold("reentries", as: Reentry.self) }

  /// Runs are told by all that was said of them.
  @Test func handbackRuns() throws {
    let lines = try Self.lines("handback-runs")
    for (place, line) in lines.enumerated() {
      #expect(line.heard.fact.subject == HandbackRun.subject)
      let runs = HandbackRun.open(lines[...place].map(\.heard))
      #expect(
        runs.map { "\($0.station) \($0.address) \($0.since.text) \($0.last.text)" }.joined() == line.then.string)
    }
  }

  /// Decisions fold into no state: what they say is read.
  @Test func conflicts() throws {
    for line in try Self.lines("conflicts") {
      let decision = try #require(ConflictDecision(line.heard.fact))
      func text(_ places: [FactPlace]) -> String {
        places.map { "\($0.station)/\($0.sequence)/\($0.place)" }.joined(separator: " ")
      }
      let said =
        "\(decision.kind.rawValue) \(decision.key ?? "nil") [\(decision.subjects.joined(separator: " "))] "
        + "holds \(decision.subject ?? "nil") \(text(decision.holds)) note \(decision.note ?? "nil") "
        + "saw \(text(decision.saw))"
      #expect(said == line.then.string)
    }
  }

  /// The same of what differs once the main system is back.
  @Test func returns() throws {
    for line in try Self.lines("returns") {
      let decision = try #require(ReturnDecision(line.heard.fact))
      let saw = decision.saw.map { "\($0.station)/\($0.sequence)/\($0.place)" }.joined(separator: " ")
      let sides = [decision.before, decision.here, decision.there].map { $0 ?? "nil" }
      let said =
        "\(decision.kind.rawValue) \(decision.way.rawValue) \(decision.field?.rawValue ?? "nil") "
        + "\(decision.number ?? "nil") before \(sides[0]) here \(sides[1]) there \(sides[2]) "
        + "note \(decision.note ?? "nil") saw \(saw)"
      #expect(said == line.then.string)
    }
  }

  /// No kind of these subjects is without its line.
  @Test func everyKindHasItsLine() throws {
    let files = [
      "stays", "beds", "modes", "accounts", "ranges", "conflicts", "vault", "appointments", "handbacks", "recovered",
      "recoveries", "returns", "links", "handback-runs", "reentries", "care", "notices", "partners", "transfers",
      "requests", "rounds", "rpu", "sheets",
    ]
    let kinds = try files.flatMap { try Self.lines($0) }.map(\.heard.fact.kind)
    let document = Self.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "docs/decisions/fact-kinds.md")
    let text = try String(contentsOf: document, encoding: .utf8)
    let types: Set = [
      "stay", "bed", "mode", "account", "range", "conflict", "vault", "appointment", "handback", "link", "care",
      "notice", "partner", "transfer", "recovery", "recovered", "return", "reentry", "request", "round", "rpu",
      "sheets",
    ]
    let declared = text.matches(of: /`(([a-z]+)\.[a-z-]+)[ `]/).filter { types.contains(String($0.output.2)) }
      .map { String($0.output.1) }
    #expect(declared.count > 25)
    for kind in Set(declared) { #expect(kinds.contains(kind), "write a golden line of \(kind)") }
  }
}
