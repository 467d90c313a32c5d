import Hummingbird
import Synchronization

/// What is known of a request before its page begins: who asks, in which language, from where.
public struct PageContext: RequestContext {
  public var coreContext: CoreRequestContextStorage
  /// nil for whoever has not signed in.
  package internal(set) var session: Session?
  /// As the cookie says it, not yet believed.
  var sessionToken: String?
  /// The session came in an `Authorization` header, which no other site can make a browser send.
  var isBearer = false
  package internal(set) var language = Language.fr
  /// nil: as the browser's system says.
  var theme: Theme?
  /// Where the request comes from, for the limits on attempts and the record of reads; empty where unknown.
  package let address: String
  /// What a form of this request holds, once it has been read.
  let sent = SentFields()

  public init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    address = source.channel.remoteAddress?.ipAddress ?? ""
  }

  /// A part of the address, percent-decoded; `id` of `/patients/:id`.
  func parameter(_ name: String) throws -> String {
    guard let raw = parameters.get(name), let text = Fields.decoded(raw, plusIsSpace: false) else {
      throw Problem(.badRequest)
    }
    return text
  }
}

/// What was typed, for whatever asks for something first and has to give it back: one request's context is copied about.
final class SentFields: Sendable {
  private let kept = Mutex<(path: String, fields: Fields)?>(nil)

  var fields: Fields? { kept.withLock { $0?.fields } }

  /// Of where it was sent and what was typed, without secrets: a form sent again has the same. Empty where none was.
  var fingerprint: [UInt8] {
    guard let (path, fields) = kept.withLock({ $0 }) else { return [] }
    let pairs = fields.withoutSecrets.pairs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    return Array(Secret.digest("\(path)?\(Fields(pairs).urlencoded)").prefix(8))
  }

  func keep(_ fields: Fields, sentTo path: String) { kept.withLock { $0 = (path, fields) } }
}
