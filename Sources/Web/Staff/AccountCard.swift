import Foundation
import Hospital
import Ledger
import Register

/// A new secret, shown once, to be read aloud, printed or sealed: account, PIN and the badge's code.
struct AccountCard: Sendable {
  var title: String
  var login: String
  var secret: String
  var badge: Barcode
  /// Roles, units, until when.
  var lines: [String]
  /// What whoever opens it does first.
  var help: String

  var model: [String: any Sendable] {
    ["title": title, "login": login, "secret": secret, "badge": badge.svg(), "lines": lines, "help": help]
  }
}

/// A secret made up for an account, and what is kept of it.
struct IssuedSecret: Sendable {
  var secret: String
  var badge: String
  var credential: Credential
}

extension WebApp {
  /// A PIN and a badge for an account. Nothing is kept yet.
  func issueSecret(_ account: String, login: String?) async throws -> IssuedSecret {
    let secret = NewSecret.pin(environment.randomBytes)
    let badge = NewSecret.badge(environment.randomBytes)
    let credential = Credential(
      account: account, login: login, verifier: try await signIn.verifier(of: secret), badge: Secret.digest(badge))
    return IssuedSecret(secret: secret, badge: badge, credential: credential)
  }

  /// Side by side: twenty envelopes are not twenty times as slow as one.
  func issueSecrets(_ accounts: [Account]) async throws -> [IssuedSecret] {
    try await withThrowingTaskGroup(of: (Int, IssuedSecret).self) { group in
      for (index, account) in accounts.enumerated() {
        group.addTask { (index, try await issueSecret(account.id, login: account.login)) }
      }
      var issued = [IssuedSecret?](repeating: nil, count: accounts.count)
      for try await (index, secret) in group { issued[index] = secret }
      return issued.compactMap(\.self)
    }
  }

  func card(
    _ account: Account, _ issued: IssuedSecret, title: String, help: String, _ language: Language
  ) throws
    -> AccountCard
  {
    let units = account.units.isEmpty ? texts("staff.unit.all", language) : account.units.joined(separator: ", ")
    var lines = [account.roles.map { texts("role.\($0.rawValue)", language) }.joined(separator: ", "), units]
    if let until = account.validUntil {
      let time = hours.dayAndTime(until, now: environment.now(), language)
      lines.append(texts("staff.until", language, ["time": time]))
    }
    return AccountCard(
      title: title, login: account.login ?? "", secret: issued.secret, badge: try Barcode(.qr, issued.badge),
      lines: lines, help: help)
  }

  /// A login that no account has: `martin.louise`, then `martin.louise2`.
  func freeLogin(for name: String, except taken: Set<String> = []) throws -> String {
    let base = WebApp.login(from: name)
    for number in 1...99 {
      let login = number == 1 ? base : "\(base)\(number)"
      if !taken.contains(login), try register.credentials(ofLogin: login).isEmpty { return login }
    }
    return "\(base)\(environment.newID().suffix(8))"
  }

  /// Words of a name without accents, joined by dots, at most 24 letters.
  static func login(from name: String) -> String {
    let folded = name.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil).lowercased()
    let words = folded.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
    let login = String(words.joined(separator: ".").prefix(24))
    return login.isEmpty ? "agent" : login
  }
}
