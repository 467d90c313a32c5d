import Hospital
import Hummingbird
import Testing
import Web

/// No other site can act with somebody's session.
@Suite struct ForgeryTests {
  @Test func aFormWithoutItsTokenDoesNothing() async throws {
    let site = try await TestSite()
    _ = try await site.account("petit", [.nurse])
    try await site.run { client in
      var admin = try await TestBrowser(client, "admin", site.admin.secret)
      let nurse = try await TestBrowser(client, "petit")
      for token in ["", "0", nurse.csrf, String(admin.csrf.dropLast())] {
        let answer = try await admin.post("/mode", ["mode": "degrade", "reason": "x", "csrf": token])
        #expect(answer.status == 403 && answer.text.contains("rien n’a été fait"), "token \(token)")
        #expect(answer.text.contains("<dd>x</dd>"), "what was typed is shown again")
      }
      admin.csrf = ""
      #expect(try await admin.post("/mode", json: #"{"mode":"degrade","reason":"x"}"#).status == 403)
      #expect(try site.register.read { try $0.mode }.mode == .standby)
    }
  }

  @Test func programsSendTheTokenInAHeader() async throws {
    let site = try await TestSite()
    try await site.run { client in
      let admin = try await TestBrowser(client, "admin", site.admin.secret)
      let answer = try await admin.post(
        "/mode", json: #"{"mode":"degrade","reason":"essai"}"#, [HTTPFields.Element.Name("X-CSRF-Token")!: admin.csrf])
      #expect(answer.status == 200 && answer.json?["mode"]?.string == "degrade")
      #expect(answer.json?["scope"]?.string == "hospital")
    }
  }

  /// Browsers say where a form comes from; the right token does not help another site.
  @Test(arguments: [
    ("Sec-Fetch-Site", "cross-site", 403), ("Sec-Fetch-Site", "same-site", 403), ("Sec-Fetch-Site", "same-origin", 303),
    ("Origin", "https://evil.example", 403), ("Origin", "null", 403), ("Origin", "http://localhost", 303),
  ])
  func whereAFormComesFrom(header: String, value: String, status: Int) async throws {
    let site = try await TestSite()
    try await site.run { client in
      let admin = try await TestBrowser(client, "admin", site.admin.secret)
      let name = HTTPFields.Element.Name(header)!
      #expect(try await admin.post("/mode/local", [:], [name: value]).status == status)
      // Nor may another site sign somebody in under a name of its choosing.
      let signIn = try await admin.post("/sign-in", ["login": "admin", "pin": site.admin.secret], [name: value])
      #expect(signIn.status == status)
    }
  }
}
