import Hospital
import Ledger
import Register
import Testing
import Web

/// Conflicts one after the other, each decided by one button.
@Suite struct DecidingPageTests {
  private struct Say: Command {
    let facts: [Fact]
    func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision { Decision(facts: facts) }
  }

  private static let ids = ["0b9f4c1e-7a55-4b6c-8d2e-3f1a2b3c4d5e", "1c0a5d2f-8b66-4c7d-9e3f-4a2b3c4d5e6f"]
  private static let command = "4f1b2c3d-5e6f-4a7b-8c9d-0e1f2a3b4c5d"

  /// Two files with these numbers, both in one bed where `sharing`.
  private func site(numbers: [String], sharing: Bool = false) async throws -> TestSite {
    let site = try await TestSite()
    _ = try await site.account("petit", [.admission])
    _ = try await site.account("morel", [.duty])
    for (id, name) in zip(Self.ids, ["MARTIN", "DURAND"]) {
      let identifiers = numbers.map { ["value": .string($0), "authority": "1.2", "type": "PI"] as JSON }
      var facts = [
        Fact(
          kind: "patient.described", subject: "patient/\(id)", at: site.clock.now,
          data: ["birthName": .string(name), "identifiers": .array(identifiers)])
      ]
      if sharing {
        let movement: JSON = [
          "key": .string("GAM|\(id)"), "trigger": "A01", "unit": "4EST", "room": "412", "bed": "1",
          "class": "inpatient",
        ]
        facts.append(
          Fact(
            kind: "stay.admitted", subject: "stay/\(id)", at: site.clock.now,
            data: ["patient": .string("patient/\(id)"), "movement": movement]))
      }
      _ = try await site.register.submit(
        Submission(Say(facts: facts), key: site.clock.environment.newID(), author: "system"))
    }
    site.clock.advance(seconds: 2)
    return site
  }

  private func open(_ site: TestSite) throws -> [Conflict] { try site.register.read { try $0.conflicts() } }

  private func address(_ conflict: Conflict) -> String { "/conflicts/\(conflict.id.dropFirst("conflict/".count))" }

  @Test func oneButtonDecidesAndTheNextComes() async throws {
    let site = try await site(numbers: ["77", "78"])
    let (first, second) = (try open(site)[0], try open(site)[1])
    try await site.run { client in
      let duty = try await TestBrowser(client, "morel")
      let list = try await duty.get("/conflicts").text
      #expect(list.contains("href=\"\(address(first))\" data-press=\"T\""))
      let page = try await duty.get(address(first))
      #expect(page.text.contains("MARTIN") && page.text.contains("DURAND"))
      for key in ["1", "2", "3"] { #expect(page.text.contains("data-press=\"\(key)\"")) }
      #expect(page.text.contains("href=\"\(address(second))\" data-press=\"ArrowRight\""))
      let version = try #require(page.hidden("version"))
      let decided = try await duty.post(
        address(first), ["side": "1", "version": version, "command": Self.command])
      #expect(decided.status == 303 && decided.location == "\(address(second))?warned=print-again")
      #expect(try open(site).map(\.id) == [second.id])
      // A nervous hand, or a lost answer: it counts once.
      let again = try await duty.post(address(first), ["side": "1", "version": version, "command": Self.command])
      #expect(again.status == 303)
      let old = try await duty.get(address(first)).text
      #expect(old.contains("Déjà tranché") && old.contains("MOREL"))
      let json = try await duty.get(address(first), accept: "application/json").json
      #expect(json?["settled"]?.bool == true && json?["decisions"]?.array?.count == 1)
      let all = try await duty.get("/conflicts", accept: "application/json").json
      #expect(all?["conflicts"]?.array?.count == 1 && all?["decided"]?.array?.count == 1)
      #expect(try await duty.get("/conflicts").text.contains("<a href=\"\(address(first))\">Revoir</a>"))
    }
  }

  @Test func whatChangedSinceIsReadAgain() async throws {
    let site = try await site(numbers: ["77"])
    let conflict = try open(site)[0]
    try await site.run { client in
      let duty = try await TestBrowser(client, "morel")
      let fact = Fact(
        kind: "patient.corrected", subject: "patient/\(Self.ids[0])", at: site.clock.now, data: ["sex": "F"])
      _ = try await site.register.submit(
        Submission(Say(facts: [fact]), key: site.clock.environment.newID(), author: "system"))
      let answer = try await duty.post(
        address(conflict), ["side": "1", "version": conflict.version, "command": Self.command])
      #expect(answer.status == 422 && answer.text.contains("relisez les deux côtés"))
      #expect(try open(site).map(\.id) == [conflict.id])
    }
  }

  @Test func allIsLeftAsItIsWithANote() async throws {
    let site = try await site(numbers: ["77"])
    let conflict = try open(site)[0]
    try await site.run { client in
      let duty = try await TestBrowser(client, "morel")
      let bare = try await duty.post(address(conflict), ["version": conflict.version, "command": Self.command])
      #expect(bare.status == 422 && bare.text.contains("id=\"note-error\""))
      let noted = try await duty.post(
        address(conflict), ["note": "jumeaux <vus>", "version": conflict.version, "command": Self.command])
      #expect(noted.status == 303 && noted.location == "/conflicts")
      let list = try await duty.get("/conflicts").text
      #expect(list.contains("<q>jumeaux &lt;vus&gt;</q>") && list.contains("Rien n’a été dit"))
    }
  }

  /// Each of two stations made a file: linking them is offered, by whom each was made is shown, and that they are of two
  /// people is said with a word.
  @Test func twoFilesOfOnePerson() async throws {
    let site = try await site(numbers: [])
    let other = try Neighbour(of: site)
    try await other.exchange(with: site)
    let files = ["2d1b6e3a-9c77-4d8e-af40-5b3c4d5e6f70", "3e2c7f4b-ad88-4e9f-b051-6c4d5e6f7081"]
    for (id, register) in zip(files, [site.register, other.register]) {
      let fact = Fact(
        kind: "patient.registered", subject: "patient/\(id)", at: site.clock.now,
        data: ["birthName": "LE GOFF", "birthGivenName": "JEAN", "birthDate": "1961-03-12", "sex": "M"])
      _ = try await register.submit(
        Submission(Say(facts: [fact]), key: site.clock.environment.newID(), author: "system"))
    }
    #expect(try open(site).isEmpty)
    try await other.exchange(with: site)
    site.clock.advance(seconds: 5)
    let conflict = try #require(try open(site).first)
    #expect(conflict.kind == .person)
    try await site.run { client in
      let duty = try await TestBrowser(client, "morel")
      #expect(try await duty.get("/conflicts").text.contains("Deux dossiers pour une personne"))
      let page = try await duty.get(address(conflict))
      #expect(page.text.contains("href=\"/patients/\(files[0])/merge?with=\(files[1])\" data-press=\"R\""))
      #expect(files.allSatisfy { page.text.contains("/patients/\($0)\"") } && page.hidden("side") == nil)
      #expect(page.text.split(separator: "<p class=\"quiet\">dit ").count == 3)
      let bare = try await duty.post(address(conflict), ["version": conflict.version, "command": Self.command])
      #expect(bare.status == 422 && bare.text.contains("id=\"note-error\""))
      let noted = try await duty.post(
        address(conflict), ["note": "vus tous deux", "version": conflict.version, "command": Self.command])
      #expect(noted.status == 303)
      #expect(try open(site).isEmpty)
    }
  }

  /// One desk made two files, the second with the first before it: what is linked first is one of them and the other
  /// station's, whichever comes first by its id.
  @Test(arguments: [[0, 1, 2], [1, 2, 0]]) func theTwoThatWereMadeApartAreLinkedFirst(order: [Int]) async throws {
    let site = try await site(numbers: [])
    let other = try Neighbour(of: site)
    try await other.exchange(with: site)
    let ids = [
      "2d1b6e3a-9c77-4d8e-af40-5b3c4d5e6f70", "3e2c7f4b-ad88-4e9f-b051-6c4d5e6f7081",
      "4f3d805c-be99-4fa0-b162-7d5e6f708192",
    ]
    let files = order.map { ids[$0] }
    for (id, register) in zip(files, [site.register, site.register, other.register]) {
      let fact = Fact(
        kind: "patient.registered", subject: "patient/\(id)", at: site.clock.now,
        data: ["birthName": "LE GOFF", "birthGivenName": "JEAN", "birthDate": "1961-03-12", "sex": "M"])
      _ = try await register.submit(
        Submission(Say(facts: [fact]), key: site.clock.environment.newID(), author: "system"))
    }
    try await other.exchange(with: site)
    site.clock.advance(seconds: 5)
    let conflict = try #require(try open(site).first)
    #expect(conflict.subjects == ids.map { "patient/\($0)" })
    try await site.run { client in
      let page = try await TestBrowser(client, "morel").get(address(conflict)).text
      let pair = order == [0, 1, 2] ? [ids[0], ids[2]] : [ids[0], ids[1]]
      #expect(page.contains("href=\"/patients/\(pair[0])/merge?with=\(pair[1])\" data-press=\"R\""))
    }
  }

  @Test func whoeverMayOnlyReadDecidesNothing() async throws {
    let site = try await site(numbers: ["77"])
    let conflict = try open(site)[0]
    try await site.run { client in
      let clerk = try await TestBrowser(client, "petit")
      let page = try await clerk.get(address(conflict))
      #expect(page.status == 200 && page.hidden("version") == nil)
      let answer = try await clerk.post(
        address(conflict), ["side": "1", "version": conflict.version, "command": Self.command])
      #expect(answer.status == 403)
      #expect(try await clerk.get("/conflicts/\(Self.ids[0])").status == 404)
    }
  }

  @Test func whoeverIsLeftWithoutABedIsGivenOneNext() async throws {
    let site = try await site(numbers: [], sharing: true)
    let conflict = try open(site)[0]
    #expect(conflict.kind == .bed)
    try await site.run { client in
      let duty = try await TestBrowser(client, "morel")
      let answer = try await duty.post(
        address(conflict), ["side": "1", "version": conflict.version, "command": Self.command])
      let next = try #require(answer.location)
      #expect(next.hasPrefix("/stays/\(Self.ids[1])/transfer?next="))
      let form = try await duty.get(next)
      #expect(form.status == 200 && form.text.contains("DURAND"))
      #expect(try open(site).isEmpty)
    }
  }
}
