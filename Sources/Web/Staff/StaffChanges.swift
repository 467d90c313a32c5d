import Register
import ServiceLifecycle

/// Ends here what another station has ended: whoever's secret changed or whose account was closed there must not stay
/// in with the old one here.
public struct StaffChanges: Service {
  let app: WebApp
  private let changes: AsyncStream<Set<String>>

  /// Hears what comes from now on, before anybody is pulled from.
  public init(_ app: WebApp) {
    self.app = app
    changes = app.register.changes()
  }

  public func run() async throws {
    for await names in changes.cancelOnGracefulShutdown() {
      for name in names where isEnded(name) { app.signIn.forget(account: Credential.account(changed: name) ?? name) }
    }
  }

  /// A change of a credential that came from elsewhere; or an account that is closed now, wherever that was said.
  private func isEnded(_ name: String) -> Bool {
    if Credential.account(changed: name) != nil { return true }
    return name.hasPrefix("account/") && (try? app.register.read { try $0.account(name)?.closed }) == true
  }
}
