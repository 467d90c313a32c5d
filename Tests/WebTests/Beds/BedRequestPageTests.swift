import Hospital
import Ledger
import Testing
import Web

@Suite struct BedRequestPageTests {
  @Test func askedAcceptedByOneKeyAndMovedByTheNext() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    _ = try await site.account("lits", [.bedManager])
    let stay = try await site.admit("MARTIN", nil)
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let form = try await nurse.get("/stays/\(stay)/bed-request")
      #expect(form.status == 200 && form.text.contains("MARTIN"))
      let refused = try await nurse.post("/stays/\(stay)/bed-request", ["note": "oxygène"])
      #expect(
        refused.status == 422 && refused.text.contains("oxygène") && refused.text.contains("Choisissez une unité"))
      let asked = try await nurse.post("/stays/\(stay)/bed-request", ["unit": "4EST", "single": "yes"])
      let address = try #require(asked.location)
      #expect(asked.status == 303 && address.hasPrefix("/bed-requests?request="))
      let request = String(address.dropFirst("/bed-requests?request=".count))

      // Whoever asked sees the queue, and gives no bed.
      let seen = try await nurse.get("/bed-requests").text
      #expect(seen.contains("MARTIN") && !seen.contains("/accept"))
      let bed = try site.bed("1")
      #expect(try await nurse.post("/bed-requests/\(request)/accept", ["bed": bed]).status == 422)

      let manager = try await TestBrowser(client, "lits")
      let queue = try await manager.get("/bed-requests")
      #expect(queue.text.contains("MARTIN") && queue.text.contains("data-press=\"1\""))
      let proposals = try await manager.get("/bed-requests", accept: "application/json").json?["proposals"]
      #expect(proposals?.array?.first?["bed"] == .string(bed))
      #expect(proposals?.array?.first?["reasons"]?.array?.first == "same-unit")
      let accepted = try await manager.post("/bed-requests/\(request)/accept", ["bed": bed])
      #expect(accepted.status == 303 && accepted.location == "/bed-requests")
      #expect(try await manager.get("/beds/\(bed)", accept: "application/json").json?["condition"] == "reserved")
      let kept = try await manager.get("/bed-requests", accept: "application/json").json?["requests"]?.array?.first
      #expect(kept?["status"] == "accepted" && kept?["beds"] == [.string(bed)])
      #expect(try await manager.post("/bed-requests/\(request)/fulfil", [:]).status == 303)
      #expect(try await manager.get("/beds/\(bed)", accept: "application/json").json?["condition"] == "occupied")
      #expect(try await manager.get("/bed-requests", accept: "application/json").json?["requests"] == [])
    }
  }

  /// One station kept a bed for a request that another had withdrawn, neither knowing of the other; or kept two.
  @Test(
    arguments: [
      ["request.made", "request.accepted", "request.withdrawn"], ["request.made", "request.accepted", "request.made"],
      ["request.made", "request.accepted", "request.reopened"],
    ])
  func aBedKeptForNobody(said: [String]) async throws {
    let site = try await TestSite()
    _ = try await site.account("lits", [.bedManager])
    _ = try await site.account("adm", [.admission])
    let stay = "stay/\(try await site.admit("MARTIN", nil))"
    let (bed, request) = ("bed/\(try site.bed("1"))", BedRequest.subject(ofStay: stay))
    for kind in said {
      let data: JSON =
        switch kind {
        case "request.made": ["stay": .string(stay), "from": "ward", "needs": ["unit": "4EST"]]
        case "request.accepted": ["bed": .string(bed)]
        default: [:]
        }
      try await site.say(Fact(kind: kind, subject: request, at: site.clock.now, data: data))
    }
    // Said apart, and taken in last.
    let kept: JSON = ["for": "M. Durand", "request": .string(request)]
    try await site.say(Fact(kind: "bed.reserved", subject: bed, at: site.clock.now, data: kept))
    try await site.run { client in
      let manager = try await TestBrowser(client, "lits")
      #expect(try await manager.get("/bed-requests").text.contains("Lits gardés pour personne"))
      let json = try await manager.get("/bed-requests", accept: "application/json").json
      #expect(json?["keptForNobody"] == [.string(bed.afterSlash)])
      let button = "Libérer ce lit"
      #expect(try await manager.get("/bed-requests").text.contains(button))
      // The desk sees them, and frees none.
      let desk = try await TestBrowser(client, "adm")
      let seen = try await desk.get("/bed-requests").text
      #expect(seen.contains("Lits gardés pour personne") && !seen.contains(button))
      let freed = try await manager.post("/beds/\(bed.afterSlash)/free", ["next": "/bed-requests"])
      #expect(freed.location == "/bed-requests")
      #expect(try await !manager.get("/bed-requests").text.contains("Lits gardés pour personne"))
    }
  }

  @Test func aRestrictedNameIsOnNoQueueButItsUnits() async throws {
    let site = try await TestSite()
    _ = try await site.account("lits", [.bedManager])
    _ = try await site.account("ide", [.nurse], units: ["4EST"])
    let stay = try await site.admit("PETIT", nil, ["protected": true])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await nurse.post("/stays/\(stay)/bed-request", ["unit": "4EST"]).status == 303)
      #expect(try await nurse.get("/bed-requests").text.contains("PETIT"))
      let manager = try await TestBrowser(client, "lits")
      let queue = try await manager.get("/bed-requests")
      #expect(queue.status == 200 && !queue.text.contains("PETIT") && !queue.text.contains(stay))
      let json = try await manager.get("/bed-requests", accept: "application/json")
      #expect(json.json?["requests"]?.array?.count == 1 && !json.text.contains(stay))
    }
  }

  @Test func whoIsExpectedToLeaveIsOnTheBoardAndInTheQueue() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let stay = try await site.admit("MARTIN", "1")
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let sent = try await nurse.post("/stays/\(stay)/expected-discharge", ["expected": "dans 5 h"])
      #expect(sent.status == 303)
      let hour = try #require(
        try site.register.read { try $0.stay("stay/\(stay)") }?.expectedDischargeAt)
      #expect(hour == site.clock.environment.now().adding(seconds: 5 * 3600))
      let leaving = try await nurse.get("/bed-requests", accept: "application/json").json?["leaving"]?.array
      #expect(leaving?.count == 1 && leaving?.first?["unit"] == "4EST")
      try site.app.board.refresh()
      let board = try await nurse.get("/beds").text
      #expect(board.contains("bed-leaving") && board.contains("sortie prévue"))
      #expect(!(try await nurse.get("/beds?mur").text.contains("bed-leaving")))
      #expect(try await nurse.get("/stays/\(stay)").text.contains("Sortie prévue"))
    }
  }
}
