import Hospital
import Ledger
import Testing

struct DeclaredStructureTests {
  private func heard(_ fact: Fact) -> Heard {
    Heard(
      fact: fact, time: HybridTime(instant: .night, counter: 0), station: "urg-1-3fa9c2d1", author: "system",
      command: "", source: nil)
  }

  /// Says the facts, in an order of no meaning, and puts the parts together again.
  private func told(_ facts: [Fact]) throws -> Structure? {
    var structure: DeclaredStructure?
    var units: [String: DeclaredUnit] = [:]
    for fact in facts.sorted(by: { $0.subject < $1.subject }) {
      if fact.subject.hasPrefix("structure/") {
        var declared = structure ?? DeclaredStructure(id: fact.subject)
        declared.fold(heard(fact))
        structure = try DeclaredStructure(stored: JSON(parsing: declared.stored.bytes))
      } else {
        var unit = units[fact.subject] ?? DeclaredUnit(id: fact.subject)
        unit.fold(heard(fact))
        units[fact.subject] = try DeclaredUnit(stored: JSON(parsing: unit.stored.bytes))
      }
    }
    return try Structure(#require(structure), units: Array(units.values))
  }

  @Test func whatIsSaidIsUnderstood() throws {
    let structure = try ExampleHospital.structure()
    let facts = structure.facts(at: .night)
    #expect(facts.count == 49)
    #expect(facts[0].kind == "structure.declared")
    #expect(try told(facts) == structure)
    // A line holds one commit: at most 1 MiB.
    #expect(facts.reduce(0) { $0 + $1.data.bytes.count } < 200_000)
  }

  @Test func nothingNewNothingSaid() throws {
    let structure = try ExampleHospital.structure()
    #expect(structure.facts(at: .night, replacing: structure) == [])
  }

  @Test func onlyWhatChangedIsSaid() throws {
    let old = try ExampleHospital.structure()
    var new = old
    new.lateEntryHoursMax = 48
    new.sites[1].units[2].name = "USLD"
    new.sites[1].units.removeLast()
    let facts = new.facts(at: .night, replacing: old)
    #expect(facts.map(\.kind) == ["structure.declared", "unit.declared", "unit.withdrawn"])
    #expect(facts.map(\.subject) == [old.subject, old.unitID("7110"), old.unitID("8020")])
    #expect(try told(old.facts(at: .night) + facts) == new)
  }

  /// Reckoned with Python's uuid.uuid5.
  @Test func names() {
    #expect(Structure.small.subject == "structure/fbdb0a32-8ebd-5a2c-9ce5-1016109886db")
    #expect(Structure.small.unitID("4EST") == "unit/048d1cba-fe00-5612-a32c-69c2551be519")
    #expect(Structure.small.bedID(unit: "4EST", room: "1", code: "A") == "bed/e4cd4f62-d67e-571d-b4d1-43e0d8c8dd13")
    #expect(
      Structure.small.bedID(unit: "4EST", room: nil, code: "COULOIR 7") == "bed/0a8ea19d-c40c-5f91-b901-0a0966f247d8")
  }

  @Test func aUnitOfAnUnknownSiteIsShownAllTheSame() {
    var declared = DeclaredStructure(id: Structure.small.subject)
    for fact in Structure.small.facts(at: .night) where fact.subject == declared.id { declared.fold(heard(fact)) }
    var unit = DeclaredUnit(id: "unit/1")
    unit.fold(heard(Fact(kind: "unit.declared", subject: "unit/1", at: .night, data: ["code": "Z", "site": "?"])))
    #expect(Structure(declared, units: [unit])?.sites[0].units.map(\.code) == ["Z"])
    unit.fold(heard(Fact(kind: "unit.withdrawn", subject: "unit/1", at: .night, data: [:])))
    #expect(Structure(declared, units: [unit])?.units.isEmpty == true)
  }
}
