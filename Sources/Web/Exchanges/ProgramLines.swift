import Feeds
import Hospital
import Hummingbird
import Ledger
import Register

/// A program that may ask over FHIR, and what it asked since this station started.
struct ProgramLine {
  /// nil for whoever showed no token that holds.
  let name: String?
  /// nil for one that has asked nothing.
  let feed: Feed?

  static let fields = [
    Field("program", .maybe(.text()), "Null for requests without a token that holds"),
    Field("since", .maybe(.instant)), Field("lastRequestAt", .maybe(.instant)), Field("perMinute", .integer(min: 0)),
    Field("answered", .integer(min: 0)), Field("refused", .integer(min: 0)),
  ]

  /// Those that were heard, the last one first; then those that never asked.
  static func all(_ app: WebApp) throws -> [ProgramLine] {
    let now = app.environment.now()
    let accounts = try app.register.read { try $0.accounts() }.filter { $0.roles.contains(.client) }
    let heard = app.programs.feeds(at: now)
    let silent = accounts.filter { account in
      account.isActive(at: now) && !heard.contains { $0.host.sameBytes(as: account.id) }
    }
    return heard.map { feed in
      ProgramLine(name: accounts.first { $0.id.sameBytes(as: feed.host) }.map(name), feed: feed)
    } + silent.map { ProgramLine(name: name($0), feed: nil) }
  }

  private static func name(_ account: Account) -> String { account.name ?? account.login ?? "–" }

  var json: JSON {
    [
      "program": name.json, "since": (feed?.since.text).json, "lastRequestAt": (feed?.lastMessageAt?.text).json,
      "perMinute": .integer(feed?.perMinute ?? 0), "answered": .integer(feed?.counts.accepted ?? 0),
      "refused": .integer(feed?.counts.refused ?? 0),
    ]
  }

  func model(_ wording: Wording) -> [String: any Sendable] {
    let refused = feed?.counts.refused ?? 0
    return [
      "name": name ?? wording("exchanges.programs.unknown"), "since": feed.map { wording.time($0.since) } ?? "–",
      "last": feed?.lastMessageAt.map(wording.when) ?? "–", "rate": grouped(feed?.perMinute ?? 0),
      "answered": grouped(feed?.counts.accepted ?? 0), "refused": grouped(refused), "isRefused": refused > 0,
    ]
  }
}

extension WebApp {
  /// Counts a request of a program, under nobody where it shows no token that holds. What is not there was answered.
  func countProgram(_ request: Request, _ status: HTTPResponse.Status) {
    let isRefused = status.code >= 400 && status != .notFound
    let asker = caller(request)?.account.id
    guard asker != nil || isRefused else { return }
    programs.count(isTaken: !isRefused, of: asker ?? "", at: environment.now())
  }
}
