import Hospital
import Ledger
import Testing
import Web

@Suite struct BedPageTests {
  @Test func whoLiesThereIsOnTheBoardOfStaffAndOnNoWall() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    _ = try await site.account("standard", [.switchboard])
    _ = try await site.admit("MARTIN", "1")
    _ = try await site.admit("PETIT", "2", ["protected": true])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let board = try await nurse.get("/beds").text
      #expect(board.contains("MARTIN Louise") && !board.contains("PETIT"))
      let desk = try await TestBrowser(client, "standard")
      for wall in [try await nurse.get("/beds?mur"), try await desk.get("/beds")] {
        #expect(
          !wall.text.contains("MARTIN") && !wall.text.contains("PETIT") && !wall.text.contains("<a href=\"/beds/"))
        // One woman is shown as such; of the other not even that.
        #expect(wall.text.components(separatedBy: "sex-f").count == 2 && wall.text.contains("bed-discreet"))
      }
      #expect(try await desk.get("/beds/\(site.bed("1"))").status == 403)
      let json = try await desk.get("/beds", accept: "application/json")
      #expect(json.json?["occupied"] == 2 && !json.text.contains("MARTIN"))
    }
  }

  @Test func aDischargeRepeatsWhoLeavesAndTheBedIsToClean() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let stay = try await site.admit("MARTIN", "1")
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let address = "/beds/\(try site.bed("1"))"
      let form = try await nurse.get("\(address)/discharge?stay=\(stay)")
      #expect(form.status == 200 && form.text.contains("MARTIN") && form.text.contains("12/03/1961"))
      #expect(try await nurse.get(address, accept: "application/json").json?["condition"] == "occupied")
      let command = try #require(form.hidden("command"))
      let sent = try await nurse.post(
        "\(address)/discharge", ["command": command, "stay": stay, "exitMode": "8"])
      #expect(sent.status == 303 && sent.location == address)
      let bed = try await nurse.get(address, accept: "application/json").json
      #expect(bed?["condition"] == "to-clean" && bed?["occupants"] == [])
      // A nervous hand: nothing more is written, and the answer is the same.
      let before = try site.commits
      let again = try await nurse.post("\(address)/discharge", ["command": command, "stay": stay, "exitMode": "8"])
      #expect(again.status == 303 && again.location == address)
      #expect(try site.commits == before)
    }
  }

  @Test func whoMustNotSimplyLeaveIsSaidBeforeAndAfter() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let stay = try await site.admit("MARTIN", "1", ["birthDate": "2010-03-12"])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let address = "/beds/\(try site.bed("1"))"
      for form in ["\(address)/discharge?stay=\(stay)", "/stays/\(stay)/discharge"] {
        #expect(try await nurse.get(form).text.contains("Patient mineur"), "\(form)")
      }
      let sent = try await nurse.post("\(address)/discharge", ["stay": stay, "exitMode": "8"])
      let next = try #require(sent.location)
      #expect(next == "\(address)?warned=discharge-minor")
      #expect(try await nurse.get(next).text.contains("Patient mineur"))
    }
  }

  @Test func nothingIsDoneToAnotherPatientThanThePageNamed() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let gone = try await site.admit("MARTIN", "2")
    _ = try await site.admit("PETIT", "1")
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let address = "/beds/\(try site.bed("1"))"
      let before = try site.commits
      let asked = try await nurse.get("\(address)/discharge?stay=\(gone)")
      #expect(asked.status == 409 && !asked.text.contains("<form method=\"post\" action=\"/beds/"))
      #expect(asked.text.contains("ce n’est plus le même patient"))
      for act in ["discharge", "move", "swap"] {
        let sent = try await nurse.post(
          "\(address)/\(act)", ["stay": gone, "exitMode": "8", "target": try site.bed("3")])
        #expect(sent.status == 409 && sent.text.contains("ce n’est plus le même patient"))
        let program = try await nurse.post(
          "\(address)/\(act)",
          json: #"{"csrf":"\#(nurse.csrf)","stay":"\#(gone)","exitMode":"8","target":"\#(try site.bed("3"))"}"#)
        #expect(program.status == 422 && program.json?["code"] == "bed-other-patient")
      }
      #expect(try site.commits == before)
      let empty = try await nurse.get("/beds/\(site.bed("3"))/move")
      #expect(empty.status == 409 && empty.text.contains("il n’y a plus personne"))
    }
  }

  @Test func aMoveOffersFreeBedsByNumberAndTakesOne() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let stay = try await site.admit("MARTIN", "1")
    _ = try await site.admit("PETIT", "2")
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let address = "/beds/\(try site.bed("1"))/move"
      let form = try await nurse.get("\(address)?stay=\(stay)")
      #expect(form.text.contains("data-number=\"1\"") && !form.text.contains("data-number=\"2\""))
      let taken = try await nurse.post(address, ["stay": stay, "target": try site.bed("2")])
      #expect(taken.status == 422 && taken.text.contains("class=\"error\""))
      let target = try site.bed("3")
      let sent = try await nurse.post(address, ["stay": stay, "target": target])
      #expect(sent.status == 303 && sent.location == "/beds/\(target)")
      let board = try await nurse.get("/beds", accept: "application/json").json
      let beds = try #require(board?["units"]?.array?.first?["beds"]?.array)
      #expect(beds.map { $0["state"]?.string } == ["to-clean", "female", "female"])
      #expect(beds[2]["stay"]?.string == stay)
    }
  }

  @Test func twoChangePlaces() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let (one, other) = (try await site.admit("MARTIN", "1"), try await site.admit("PETIT", "2", sex: "M"))
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let answer = try await nurse.post(
        "/beds/\(site.bed("1"))/swap", json: #"{"csrf":"\#(nurse.csrf)","stay":"\#(one)","target":"\#(other)"}"#)
      #expect(answer.status == 200 && answer.json?["subjects"]?.array?.count == 2)
      let board = try await nurse.get("/beds", accept: "application/json").json
      let beds = try #require(board?["units"]?.array?.first?["beds"]?.array)
      #expect(beds.map { $0["state"]?.string } == ["male", "female", "free"])
    }
  }

  @Test func twoInOneBedAreAConflictUntilSomebodySaysItIsDoubled() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    _ = try await site.admit("MARTIN", "1")
    _ = try await site.admit("PETIT", "1")
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let address = "/beds/\(try site.bed("1"))"
      #expect(try await nurse.get("/beds").text.contains("bed-conflict\" title"))
      #expect(try await nurse.get("\(address)/move").status == 409)
      #expect(try await nurse.post("\(address)/double", ["reason": ""]).status == 422)
      #expect(try await nurse.post("\(address)/double", ["reason": "afflux"]).status == 303)
      let board = try await nurse.get("/beds").text
      #expect(board.contains("bed-doubled") && !board.contains("bed-conflict\" title"))
    }
  }

  @Test func aPlaceIsMadeInOnePressAndTakenBack() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse], units: ["4EST"])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      let form = try await nurse.get("/beds/new")
      #expect(form.text.contains("value=\"stretcher\" checked"))
      let made = try await nurse.post("/beds/new", ["kind": "stretcher", "unit": "4EST", "staffed": "yes"])
      let address = try #require(made.location)
      #expect(try await nurse.get(address).text.contains("BRANCARD-1"))
      #expect(try await nurse.get("/beds").text.contains("bed-extra"))
      #expect(try await nurse.post("\(address)/remove", [:]).location == "/beds")
      #expect(try await !nurse.get("/beds").text.contains("bed-extra"))
      let missing = try await nurse.post("/beds/new", json: #"{"csrf":"\#(nurse.csrf)","kind":"cot","unit":"NONE"}"#)
      #expect(missing.status == 422 && missing.json?["field"] == "unit")
    }
  }

  @Test func hostileWordsStayText() async throws {
    let site = try await TestSite()
    _ = try await site.account("ide", [.nurse])
    let hostile = "<img src=x onerror=alert(1)>\u{202E}"
    _ = try await site.admit(hostile, "1", ["birthGivenName": "\"><script>"])
    try await site.run { client in
      let nurse = try await TestBrowser(client, "ide")
      #expect(try await nurse.post("/beds/\(site.bed("2"))/close", ["reason": hostile]).status == 303)
      let made = try await nurse.post("/beds/new", ["kind": "cot", "unit": "4EST", "code": "<b>\"'&"])
      let address = try #require(made.location)
      for page in [
        "/beds", "/beds/\(try site.bed("1"))", "/beds/\(try site.bed("2"))", address, "/units/4EST",
        "/units/4EST/print",
      ] {
        let text = try await nurse.get(page).text
        #expect(
          !text.contains("<img") && !text.contains("<script>") && !text.contains("<b>\"") && !text.contains("\u{202E}"))
      }
    }
  }

  @Test(arguments: [
    "/beds/nonsense", "/beds/00000000-0000-4000-8000-000000000000", "/beds/%00/move", "/units/NONE", "/units/%FF",
  ])
  func whatIsNotThereIsSaid(address: String) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let admin = try await TestBrowser(client, "admin", site.admin.secret)
      let status = try await admin.get(address).status
      #expect(status == 404 || status == 400)
    }
  }
}
