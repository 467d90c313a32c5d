/// One thing that the station's pages do, as `/openapi.json` tells integrators. Each page's file contributes its own:
/// `static let operations: [Operation] = [.get(…), .post(…)]`, listed in `Layout/AllRoutes.swift`.
public struct Operation: Sendable {
  public enum Method: String, Sendable { case get, post }

  /// Who may ask. What each role may do beyond signing in is said in the description.
  public enum Access: Sendable { case anyone, signedIn }

  public enum Answer: Sendable {
    /// A page, and the same as JSON.
    case json(Schema)
    /// What was kept: `{station, sequence, hash, subjects, warnings, repeated}`.
    case receipt
    /// HTML alone: a page to print, a form to fill in.
    case page
    /// Server-sent events.
    case events
    /// Another media type: a drawing, a script.
    case media(String)
  }

  public var method: Method
  /// As registered, with parameters in braces: `/beds/{id}/move`.
  public var path: String
  /// One sentence without a full stop.
  public var summary: String
  /// Query parameters; those of the path are added from the path itself, as text unless given here.
  public var parameters: [Field]
  /// What a form sends, as JSON or urlencoded.
  public var fields: [Field]
  /// What is sent with files, as multipart/form-data and in no other way.
  public var files: [Field] = []
  public var answer: Answer
  public var access: Access

  public static func get(
    _ path: String, _ summary: String, query: [Field] = [], answer: Answer = .page, access: Access = .signedIn
  ) -> Operation {
    Operation(
      method: .get, path: path, summary: summary, parameters: query, fields: [], answer: answer, access: access)
  }

  public static func post(
    _ path: String, _ summary: String, query: [Field] = [], fields: [Field] = [], answer: Answer = .receipt,
    access: Access = .signedIn
  ) -> Operation {
    Operation(
      method: .post, path: path, summary: summary, parameters: query, fields: fields, answer: answer, access: access)
  }

  public static func post(_ path: String, _ summary: String, files: [Field], answer: Answer) -> Operation {
    var operation = post(path, summary, answer: answer)
    operation.files = files
    return operation
  }

  /// Stable name for generated clients: `get-beds-id`.
  public var id: String {
    let words = path.split { !$0.isLetter && !$0.isNumber }
    return ([method.rawValue] + (words.isEmpty ? ["home"] : words.map(String.init))).joined(separator: "-")
  }
}

/// One named value: a form's field, a parameter, a member of an answer.
public struct Field: Sendable {
  public var name: String
  public var schema: Schema
  public var isRequired: Bool
  public var about: String?

  public init(_ name: String, _ schema: Schema = .text(), required: Bool = false, _ about: String? = nil) {
    self.name = name
    self.schema = schema
    self.isRequired = required
    self.about = about
  }

  /// Any text, which need not be there.
  public init(_ name: String, _ about: String) { self.init(name, .text(), about) }
}

/// The shape of a value, as much of JSON Schema as pages need.
public indirect enum Schema: Sendable {
  case text(max: Int? = nil)
  case choice([String])
  /// Lower-case UUID, without the subject's type.
  case uuid
  /// `2022-08-21T01:00:00.000Z`.
  case instant
  /// Complete or partly unknown: `1961-03-12`, `1961-03`, `1961`.
  case date
  case integer(min: Int? = nil, max: Int? = nil)
  case flag
  case list(Schema)
  case object([Field])
  /// The value, or null.
  case maybe(Schema)
  /// Any JSON.
  case any
}
