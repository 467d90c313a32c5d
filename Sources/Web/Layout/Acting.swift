import Hospital
import Hummingbird
import Register

/// What became of a command that a form asked for.
enum Acted: Sendable {
  case done(Receipt)
  /// The sentence in the reader's language, and the field it belongs beside.
  case refused(Refusal, message: String, field: String?)
}

extension WebApp {
  /// Decides and keeps; returns once it is on this disk. Twice with one form's key, it counts once.
  /// - Throws: `RegisterFault`.
  func act(_ form: Form, _ context: PageContext, command: any Command) async throws -> Acted {
    do {
      let submission = Submission(command, key: form.command, author: try context.account)
      return .done(try await register.submit(submission))
    } catch let refusal as Refusal {
      return .refused(refusal, message: sentence(refusal, context.language), field: refusal.field)
    }
  }

  func sentence(_ refusal: Refusal, _ language: Language) -> String {
    texts("refusal.\(refusal.code)", language, refusal.arguments)
  }

  func sentence(_ warning: Warning, _ language: Language) -> String {
    texts("warning.\(warning.code)", language, warning.arguments)
  }
}

extension PageContext {
  /// The account that asks.
  /// - Throws: `Problem` 401 where nobody is signed in.
  var account: String {
    get throws {
      guard let session else { throw Problem(.unauthorized) }
      return session.account
    }
  }
}

extension WebApp {
  /// Whoever is signed in.
  /// - Throws: `SignInNeeded`, which comes back here afterwards.
  @discardableResult
  func requireSession(_ request: Request, _ context: PageContext) throws -> Session {
    guard let session = context.session else { throw SignInNeeded(request) }
    return session
  }
}
