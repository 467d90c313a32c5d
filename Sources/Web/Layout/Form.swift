import Hospital
import Hummingbird
import Ledger
import NIOCore

/// What somebody sent: fields of a form, or a JSON object whose members are the fields.
package struct Form: Sendable {
  /// Beyond it: 413. A form of this product is a few hundred bytes.
  package static let bytesMax = 262_144
  /// Of one field, in bytes: 500 characters, whatever the script.
  static let textMax = 2000

  package let fields: Fields
  /// The whole object, where it came as JSON.
  package let json: JSON?
  /// Idempotency key: a lower-case UUID.
  package let command: String
  /// Hidden fields for the same form shown again: the same key, so that it still counts once.
  package var hidden: String

  /// The first value of that name, without the spaces around it; nil where it is absent or blank.
  package subscript(_ name: String) -> String? {
    guard let value = fields[name] else { return nil }
    let trimmed = value.trimmed
    return trimmed.isEmpty ? nil : trimmed
  }

  /// Every value of that name that is not blank.
  package func all(_ name: String) -> [String] { fields.all(name).map(\.trimmed).filter { !$0.isEmpty } }

  /// What was typed, as it was typed, for showing the form again.
  package func typed(_ name: String) -> String { fields[name] ?? "" }

  /// Present and not refused: checkboxes, and JSON's `true`.
  package func isSet(_ name: String) -> Bool { self[name].map { !["no", "false", "0", "off"].contains($0) } ?? false }
}

extension Form {
  /// Members of an object as fields: `true` is `yes`, `false` and `null` are absent, an array is several values.
  static func fields(of object: JSONObject) -> Fields {
    var pairs: [(name: String, value: String)] = []
    for (name, value) in object.members {
      for one in value.array ?? [value] {
        if let text = text(of: one) { pairs.append((name, text)) }
      }
    }
    return Fields(pairs)
  }

  private static func text(of value: JSON) -> String? {
    switch value {
    case .string(let text): text
    case .integer(let number): String(number)
    case .bool(let flag): flag ? "yes" : nil
    case .null, .array, .object: nil
    }
  }
}

extension WebApp {
  /// Reads a form and makes sure that one of our own pages sent it.
  /// - Throws: `Problem` (400, 403, 413), and `SignInNeeded`, which keeps what was typed, where nobody is signed in.
  func form(_ request: Request, _ context: PageContext) async throws -> Form {
    let sent = try await sent(request, context)
    guard let session = context.session else { throw SignInNeeded(request, typed: sent.fields) }
    guard context.isBearer || isOurs(sent.fields, request, session) else {
      throw Problem(.forbidden, "problem.csrf", typed: sent.fields)
    }
    let command = try key(sent.fields["command"])
    context.sent.keep(sent.fields, sentTo: request.uri.path)
    return Form(fields: sent.fields, json: sent.json, command: command, hidden: hidden(session, command))
  }

  /// The same before sign-in, where there is no token yet: the browser's own word for where it comes from must do.
  func openForm(_ request: Request, _ context: PageContext) async throws -> Form {
    guard isSameOrigin(request) else { throw Problem(.forbidden, "problem.csrf") }
    let sent = try await sent(request, context)
    return Form(fields: sent.fields, json: sent.json, command: try key(sent.fields["command"]), hidden: "")
  }

  /// Hidden fields for a fresh form: the session's token and a new idempotency key. Empty without a session.
  func hidden(_ context: PageContext) -> String {
    context.session.map { hidden($0, environment.newID()) } ?? ""
  }

  private func hidden(_ session: Session, _ command: String) -> String {
    #"<input type="hidden" name="csrf" value="\#(session.csrf)"><input type="hidden" name="command" value="\#(command)">"#
  }

  private func sent(_ request: Request, _ context: PageContext) async throws -> (fields: Fields, json: JSON?) {
    let body = try await request.body.collect(upTo: Form.bytesMax)
    let bytes = body.readableBytesView
    if isJSON(request) {
      guard let json = try? JSON(parsing: Array(bytes)), let object = json.object else {
        throw Problem(.badRequest, "problem.json")
      }
      return (Form.fields(of: object), json)
    }
    guard let fields = Fields(urlencoded: bytes) else { throw Problem(.badRequest, "problem.form") }
    return (fields, nil)
  }

  /// For a form that is read as it comes.
  /// - Throws: `SignInNeeded`; `Problem` 403 unless one of our own pages sent it.
  func requireOurs(_ fields: Fields, _ request: Request, _ context: PageContext) throws {
    let session = try requireSession(request, context)
    guard context.isBearer || isOurs(fields, request, session) else { throw Problem(.forbidden, "problem.csrf") }
  }

  private func isOurs(_ fields: Fields, _ request: Request, _ session: Session) -> Bool {
    guard isSameOrigin(request) else { return false }
    guard let token = request.headers[.csrfToken] ?? fields["csrf"] else { return false }
    return Secret.equal(token, session.csrf)
  }

  /// Browsers say where a form comes from (Fetch, "Origin" and "Sec-Fetch-Site"); other programs say nothing.
  private func isSameOrigin(_ request: Request) -> Bool {
    if let site = request.headers[.secFetchSite] { return site == "same-origin" || site == "none" }
    guard let origin = request.headers[.origin], let host = request.head.authority else { return true }
    return origin == "http://\(host)" || origin == "https://\(host)"
  }

  private func key(_ text: String?) throws -> String {
    guard let text, !text.isEmpty else { return environment.newID() }
    let lower = text.lowercased()
    guard lower.isUUID else { throw Problem(.badRequest, "problem.command") }
    return lower
  }
}

extension String {
  /// Eight, four, four, four and twelve hex digits.
  var isUUID: Bool {
    guard utf8.count == 36 else { return false }
    return utf8.enumerated().allSatisfy { place, byte in
      switch place {
      case 8, 13, 18, 23: byte == UInt8(ascii: "-")
      default: (48...57).contains(byte) || (97...102).contains(byte) || (65...70).contains(byte)
      }
    }
  }
}
