import Hospital
import Ledger

/// Somebody signed in on some browser.
package struct Session: Sendable {
  /// As it was at sign-in; what changes an account also ends its sessions.
  package let who: Account
  /// Comes back with every form; no other site knows it.
  package let csrf: String
  package let began: Instant
  /// However busy: then somebody signs in again.
  package let until: Instant

  /// Account id.
  package var account: String { who.id }
  /// As shown: surname and given name, else the login.
  package var name: String { who.name ?? who.login ?? "" }
  package var function: String? { who.function }
  package var roles: [Role] { who.roles }
  /// Unit codes; empty for everywhere.
  package var units: [String] { who.units }

  /// A few letters for scripts, which keep drafts by person; says nothing else.
  var person: String { String(account.suffix(12)) }
}
