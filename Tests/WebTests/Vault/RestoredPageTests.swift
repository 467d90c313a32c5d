import Foundation
import Hospital
import Hummingbird
import HummingbirdTesting
import Ledger
import Register
import Testing
import Web

/// The pages of a station that was restored a moment ago.
@Suite struct RestoredPageTests {
  private static let snapshot = "snapshots/20220821T010000.000Z-0000-adm-1"
  private static let unused = "segments/adm-1/1-9-0: this is not a sealed file of Permanence"
  private static let missing = "segments/adm-1/8-9-0: it was cut short"

  /// A station restored from another one's snapshot, with who may sign in.
  private func restored(
    _ site: TestSite, in folder: String, _ restoration: Restoration
  ) async throws -> (register: Register, app: WebApp, account: Accounts.First) {
    let environment = site.clock.environment
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try site.register.snapshot(to: "\(folder)/copy")
    let root = try #require(try site.register.rootKey())
    try Register.restore(
      snapshot: "\(folder)/copy", in: "\(folder)/data", station: "secours-1", root: root, hospital: "Valmont",
      unverified: Self.snapshot, environment: environment)
    let register = try Register(folder: "\(folder)/data", access: .writing, environment: environment)
    let account = try await Accounts.createFirst(
      register, environment: environment, login: "secours", shownAs: "Secours", scryptRounds: 16)
    let app = try WebApp(register: register, environment: environment, isSecure: false, restoration: restoration)
    return (register, app, account)
  }

  @Test func everyPageSaysWhatIsNotVerifiedYetAndWhatIsMissing() async throws {
    let site = try await TestSite()
    let folder = FileManager.default.temporaryDirectory.appending(path: "permanence-web-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let restoration = Restoration()
    let (register, app, account) = try await restored(site, in: folder.path, restoration)
    try await Application(router: app.router()).test(.router) { client in
      let browser = try await TestBrowser(client, account.name, account.secret)
      /// Of every page, before and after signing in, once what was read of the station is a second old.
      func banners(say words: String?) async throws {
        site.clock.advance(seconds: 2)
        var pages = [("/sign-in", try await TestBrowser(client).get("/sign-in").text)]
        for address in ["/", "/beds", "/admissions/new", "/vault", "/staff"] {
          pages.append((address, try await browser.get(address).text))
        }
        for (address, page) in pages {
          for known in ["non vérifié : 0 %", "non vérifié : 40 %", "non vérifié : 100 %", "histoire en désaccord"] {
            #expect(page.contains(known) == (known == words), "\(address): \(known)")
          }
        }
      }
      try await banners(say: "non vérifié : 0 %")

      restoration.show(percent: 40, missing: [Self.missing], unused: [Self.unused])
      try await banners(say: "non vérifié : 40 %")
      let page = try await browser.get("/vault").text
      #expect(page.contains("pas encore vérifié : 40 % de l’histoire relus. On peut admettre."))
      for named in [Self.missing, Self.unused] { #expect(page.contains("<li>\(named)</li>")) }
      let json = try #require(try await browser.get("/vault", accept: "application/json").json)
      #expect(json["unverified"]?.string == Self.snapshot)
      #expect(json["percent"] == 40)
      #expect(json["missing"]?.array?.map(\.string) == [Self.missing])
      #expect(json["unused"]?.array?.map(\.string) == [Self.unused])

      // The disk was taken away: what stands is said until it is further than that.
      restoration.stop("no answer")
      restoration.show(percent: 3, missing: [])
      site.clock.advance(seconds: 2)
      let stopped = try await browser.get("/vault").text
      for words in ["non vérifié : 40 %, à l’arrêt", "La relecture est à l’arrêt", "no answer", Self.missing] {
        #expect(stopped.contains(words), "\(words)")
      }
      #expect(try await browser.get("/vault", accept: "application/json").json?["stopped"]?.string == "no answer")
      restoration.show(percent: 41, missing: [Self.missing])
      site.clock.advance(seconds: 2)
      let further = try await browser.get("/vault").text
      #expect(further.contains("non vérifié : 41 %") && !further.contains("à l’arrêt"))

      // All is read, and not all was there: that stays.
      restoration.end(missing: [Self.missing], failure: nil)
      try await banners(say: "non vérifié : 100 %")
      #expect(try await browser.get("/vault").text.contains("<li>\(Self.missing)</li>"))

      restoration.end(missing: [], failure: "its screens are not what its lines say")
      try await banners(say: "histoire en désaccord")
      #expect(try await browser.get("/vault").text.contains("its screens are not what its lines say"))

      restoration.end(missing: [], failure: nil)
      try register.noteVerified()
      try await banners(say: nil)
      #expect(try await !browser.get("/vault").text.contains("pas encore vérifié"))
    }
  }

  /// Its paper's numbers went to another station, or it is a drill: every page says that nobody can be admitted.
  @Test func everyPageSaysThatThereAreNoNumbers() async throws {
    let site = try await TestSite()
    let folder = FileManager.default.temporaryDirectory.appending(path: "permanence-web-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let (register, app, account) = try await restored(site, in: folder.path, Restoration())
    let environment = site.clock.environment
    @Sendable func grant(_ kind: NumberKind, _ count: Int) async throws {
      let command = GrantNumbers(kind: kind, first: 20_001, last: 20_000 + count)
      _ = try await register.submit(Submission(command, key: environment.newID(), author: "system"))
    }
    try await Application(router: app.router()).test(.router) { client in
      let browser = try await TestBrowser(client, account.name, account.secret)
      func home() async throws -> String {
        site.clock.advance(seconds: 2)
        return try await browser.get("/").text
      }
      let none = try await home()
      for kind in ["IPP", "NDA"] {
        #expect(none.contains("<b>AUCUN numéro \(kind) à donner : personne n’est admis ici</b>"), "\(kind)")
        #expect(none.contains("data-means=\"alert\"><b>0</b>% des numéros \(kind) restants"), "\(kind)")
      }
      try await grant(.ipp, 100)
      #expect(try await !home().contains("AUCUN numéro IPP"))
      #expect(try await home().contains("AUCUN numéro NDA"))
      try register.noteDrill()
      let drill = try await home()
      #expect(drill.contains("<b>EXERCICE : ce poste n’a pas de numéros, personne n’y est admis</b>"))
      #expect(!drill.contains("AUCUN numéro"))
    }
  }
}
