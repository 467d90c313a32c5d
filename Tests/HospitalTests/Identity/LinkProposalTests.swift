import Hospital
import Ledger
import Testing

/// A provisional identity and the file of its IPP: two traits, two people.
struct LinkProposalTests {
  private func night(date: String = "1961-03-12") -> MemoryWorld {
    let world = MemoryWorld()
    for (id, born) in [("patient/1", date), ("patient/2", "1961-03-12")] {
      world.hear(
        Fact(
          kind: "patient.registered", subject: id, at: .night,
          data: [
            "birthName": "ZWEIFEL", "birthGivenName": "LOUISE", "birthDate": .string(born), "sex": "F",
            "status": .string(id == "patient/1" ? "PROV" : "VALI"),
          ]))
    }
    var second = Account(id: "account/second")
    second.roles = [.duty]
    world.accounts[second.id] = second
    return world
  }

  private func proposed(_ world: MemoryWorld, _ checked: [String] = ["birthName", "document"]) throws -> LinkProposal {
    let decided = try world.run(
      ProposeLink(absorbed: "patient/1", into: "patient/2", checked: checked, note: "carte vue"), by: "account/duty")
    return fold(decided.facts, by: "account/duty")
  }

  private func fold(_ facts: [Fact], by author: String, onto before: LinkProposal? = nil) -> LinkProposal {
    var proposal = before ?? LinkProposal(id: LinkProposal.subject("patient/1", "patient/2"))
    for fact in facts where fact.subject == proposal.id {
      proposal.fold(
        Heard(
          fact: fact, time: HybridTime(instant: .night, counter: 0), station: "urg-1-3fa9c2d1", author: author,
          command: "", source: nil))
    }
    return proposal
  }

  @Test func nothingIsLinkedBeforeTheSecondPerson() throws {
    let world = night()
    let proposal = try proposed(world)
    #expect(proposal.status == .open && proposal.traits == ["birthName", "document"])
    #expect(world.patient("patient/1")?.mergedInto == nil)
    #expect(throws: Refusal("link-same-person")) {
      try world.run(AnswerLink(proposal, .confirm), by: "account/duty")
    }
    let confirmed = try world.run(AnswerLink(proposal, .confirm), by: "account/second")
    #expect(world.patient("patient/1")?.mergedInto == "patient/2")
    let merged = try #require(confirmed.facts.first { $0.kind == "patient.merged" })
    #expect(merged.data["checkedBy"]?.string == "account/duty")
    #expect(merged.data["checkedTraits"]?.array?.count == 2)
    #expect(fold(confirmed.facts, by: "account/second", onto: proposal).status == .confirmed)
    try world.run(UnmergePatients(patient: "patient/1", reason: "deux personnes"), by: "account/second")
    #expect(world.patient("patient/1")?.mergedInto == nil)
  }

  @Test(arguments: [
    ["birthName"], [], ["birthName", "birthName"], ["birthName", "address"], ["phone", "address"],
  ])
  func twoStrictTraits(_ checked: [String]) {
    #expect(throws: Refusal("link-traits", field: "checked", ["count": "2"])) {
      try proposed(night(), checked)
    }
  }

  @Test func aTraitThatDiffersLinksNobody() throws {
    let world = night(date: "1961-03-13")
    #expect(throws: Refusal("link-trait-differs", field: "checked")) {
      try proposed(world, ["birthName", "birthDate"])
    }
    #expect(try proposed(world, ["birthName", "birthGivenName"]).status == .open)
  }

  @Test func aTraitThatOneFileLacksLinksNobody() throws {
    let world = night()
    #expect(throws: Refusal("link-trait-differs", field: "checked")) {
      try proposed(world, ["birthName", "birthPlace"])
    }
    for id in ["patient/1", "patient/2"] {
      world.hear(Fact(kind: "patient.corrected", subject: id, at: .night, data: ["birthPlace": "99999"]))
    }
    #expect(throws: Refusal("link-trait-differs", field: "checked")) {
      try proposed(world, ["birthName", "birthPlace"])
    }
  }

  /// What was ticked must still be so when the second person says yes.
  @Test func whatChangedMeanwhileIsNotLinked() throws {
    let world = night()
    let proposal = try proposed(world, ["birthName", "birthDate"])
    world.hear(Fact(kind: "patient.corrected", subject: "patient/1", at: .night, data: ["birthDate": "1930-01-01"]))
    #expect(throws: Refusal("link-trait-differs", field: "checked")) {
      try world.run(AnswerLink(proposal, .confirm), by: "account/second")
    }
    #expect(world.patient("patient/1")?.mergedInto == nil)
  }

  /// Of two answers at once the second finds that it waits no more.
  @Test func whatIsNoLongerProposedIsNotConfirmed() throws {
    let world = night()
    let proposal = try proposed(world)
    try world.run(AnswerLink(proposal, .withdraw), by: "account/duty")
    #expect(throws: Refusal("link-not-open")) { try world.run(AnswerLink(proposal, .confirm), by: "account/second") }
    _ = try proposed(world, ["birthGivenName", "sex"])
    #expect(throws: Refusal("link-not-open")) { try world.run(AnswerLink(proposal, .confirm), by: "account/second") }
  }

  @Test func whoeverMayNotLinkDoesNeither() throws {
    let world = night()
    let proposal = try proposed(world)
    for way in AnswerLink.Way.allCases {
      #expect(throws: Refusal("not-permitted")) { try world.run(AnswerLink(proposal, way), by: "account/nurse") }
    }
    #expect(throws: Refusal("merge-by-person")) { try world.run(AnswerLink(proposal, .confirm), by: "system") }
  }

  /// It can be withdrawn by either, and proposed again.
  @Test func aProposalIsWithdrawn() throws {
    let world = night()
    let proposal = try proposed(world)
    let withdrawn = fold(
      try world.run(AnswerLink(proposal, .withdraw), by: "account/duty").facts, by: "account/duty", onto: proposal)
    #expect(withdrawn.status == .withdrawn)
    #expect(throws: Refusal("link-not-open")) {
      try world.run(AnswerLink(withdrawn, .confirm), by: "account/second")
    }
    #expect(try proposed(world).status == .open)
  }
}
