import Hospital
import Hummingbird
import Ledger
import Register

/// What became of a command that a form asked for.
enum Acted: Sendable {
  case done(Receipt)
  /// The sentence in the reader's language, and the field it belongs beside.
  case refused(Refusal, message: String, field: String?)
}

extension WebApp {
  /// Decides and keeps; returns once it is on this disk. Twice with one form's key, it counts once.
  /// - Throws: `RegisterFault`; `FormUsed`, which gives back what was typed.
  func act(_ form: Form, _ context: PageContext, command: any Command) async throws -> Acted {
    if let long = form.fields.pairs.first(where: { $0.value.utf8.count > Form.textMax }) {
      let refusal = Refusal("text-too-long", field: long.name)
      return .refused(refusal, message: sentence(refusal, context.language), field: refusal.field)
    }
    return try await act(command, key: form.command, context)
  }

  /// The same where one form asks for several commands, each with a key made from the form's.
  func act(_ command: any Command, key: String, _ context: PageContext) async throws -> Acted {
    do {
      let submission = Submission(
        command, key: key, author: try context.account, asked: context.sent.fingerprint)
      let receipt = try await register.submit(submission)
      for fact in receipt.facts where !receipt.isRepeated && fact.kind.hasPrefix("patient.") && fact.isRestricting {
        goOnWith(fact.subject, context)
      }
      return .done(receipt)
    } catch let refusal as Refusal where refusal.code == "command-used" {
      throw FormUsed()
    } catch let refusal as Refusal {
      return .refused(refusal, message: sentence(refusal, context.language), field: refusal.field)
    }
  }

  func sentence(_ refusal: Refusal, _ language: Language) -> String {
    texts("refusal.\(refusal.code)", language, refusal.arguments)
  }

  /// The sentences of what the act before this page warned of, once each: its address brings their codes.
  func warned(_ request: Request, _ wording: Wording) -> [String] {
    var seen: Set<Substring> = []
    let codes = (request.query["warned"] ?? "").split(separator: ",").filter { seen.insert($0).inserted }
    return codes.map { "warning.\($0)" }.filter(texts.has).map { wording($0) }
  }

  func sentence(_ warning: Warning, _ language: Language) -> String {
    texts("warning.\(warning.code)", language, warning.arguments)
  }
}

extension Receipt {
  /// The address of a page that tells what this warned of.
  func telling(_ address: String) -> String {
    let codes = warnings.map(\.code).joined(separator: ",")
    return codes.isEmpty ? address : address.asking(Fields([("warned", codes)]))
  }
}

extension Fact {
  /// Says of a patient that their file is not for everybody.
  fileprivate var isRestricting: Bool { data["protected"]?.bool == true || data["secret"]?.bool == true }
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
