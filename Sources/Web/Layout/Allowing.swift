import Hospital
import Hummingbird

extension WebApp {
  /// Whoever is signed in and may do this.
  /// - Parameter unit: code of the unit concerned, where one is.
  /// - Throws: `SignInNeeded`, or `Problem` 403.
  @discardableResult
  func require(
    _ action: Action, _ request: Request, _ context: PageContext, unit: String? = nil
  ) throws -> Session {
    let session = try requireSession(request, context)
    guard allows(action, context, unit: unit) else { throw Problem(.forbidden) }
    return session
  }

  /// For what a page shows or leaves out; deciding asks again.
  func allows(_ action: Action, _ context: PageContext, unit: String? = nil) -> Bool {
    guard let session = context.session else { return false }
    return Permissions.allows(session.who, action, unit: unit, at: environment.now())
  }
}
