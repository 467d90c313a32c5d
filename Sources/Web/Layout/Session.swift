import Hospital
import Ledger

/// Somebody signed in on some browser.
package struct Session: Sendable {
  /// Account id.
  package let account: String
  /// As shown: surname and given name, else the account's login.
  package let name: String
  package let function: String?
  package let roles: [Role]
  /// Unit codes; empty for everywhere.
  package let units: [String]
  /// Comes back with every form; no other site knows it.
  package let csrf: String
  package let began: Instant
  /// However busy: then somebody signs in again.
  package let until: Instant
  /// A sealed envelope that has not been asked yet who opened it.
  package let needsName: Bool

  /// A few letters for scripts, which keep drafts by person; says nothing else.
  var person: String { String(account.suffix(12)) }
}
