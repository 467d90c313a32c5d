import Ledger

/// `/openapi.json`: OpenAPI 3.1, made of what the pages say of themselves.
public enum OpenAPIDocument {
  /// - Parameter version: of the program.
  public static func json(_ operations: [Operation], version: String) -> JSON {
    var paths = JSONObject()
    for operation in operations {
      var item = paths[operation.path]?.object ?? JSONObject()
      item[operation.method.rawValue] = json(of: operation)
      paths[operation.path] = .object(item)
    }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Permanence", "version": .string(version),
        "description":
          "Every list and form of the pages, as JSON: send `Accept: application/json`. Posts take JSON or urlencoded fields.",
      ],
      "paths": .object(paths),
      "components": ["schemas": schemas, "securitySchemes": securitySchemes],
    ]
  }

  private static func json(of operation: Operation) -> JSON {
    var object = JSONObject([
      ("operationId", .string(operation.id)), ("summary", .string(operation.summary)),
      ("tags", [.string(operation.path.split(separator: "/").first.map(String.init) ?? "home")]),
    ])
    let parameters = parameters(of: operation)
    if !parameters.isEmpty { object.append("parameters", .array(parameters)) }
    if operation.method == .post {
      object.append(
        "requestBody",
        [
          "content": content(of: operation),
          "required": .bool((operation.fields + operation.files).contains(where: \.isRequired)),
        ])
    }
    object.append("responses", responses(of: operation))
    if operation.access == .signedIn { object.append("security", [["session": []], ["bearer": []]]) }
    return .object(object)
  }

  private static func content(of operation: Operation) -> JSON {
    guard operation.files.isEmpty else {
      return ["multipart/form-data": ["schema": Schema.object(of: operation.files)]]
    }
    let schema: JSON = Schema.object(of: operation.fields)
    return ["application/json": ["schema": schema], "application/x-www-form-urlencoded": ["schema": schema]]
  }

  private static func parameters(of operation: Operation) -> [JSON] {
    let inPath = operation.path.split(separator: "/").filter { $0.hasPrefix("{") && $0.hasSuffix("}") }
      .map { String($0.dropFirst().dropLast()) }
    let path = inPath.map { name -> JSON in
      let known = operation.parameters.first { $0.name == name }
      return parameter(known ?? Field(name), place: "path", required: true)
    }
    let query = operation.parameters.filter { !inPath.contains($0.name) }
      .map { parameter($0, place: "query", required: $0.isRequired) }
    return path + query
  }

  private static func parameter(_ field: Field, place: String, required: Bool) -> JSON {
    var object = JSONObject([
      ("name", .string(field.name)), ("in", .string(place)), ("required", .bool(required)),
      ("schema", field.schema.json),
    ])
    if let about = field.about { object.append("description", .string(about)) }
    return .object(object)
  }

  private static func responses(of operation: Operation) -> JSON {
    var object = JSONObject([("200", success(of: operation))])
    if operation.method == .post { object.append("303", ["description": "Kept; where a browser goes next"]) }
    if operation.access == .signedIn {
      object.append("401", problem("Nobody is signed in"))
      object.append("403", problem("This account may not do that"))
    }
    if operation.method == .post {
      object.append("400", problem("Not JSON, nor a form"))
      object.append("409", problem("Something changed meanwhile: nothing was done"))
      object.append("422", problem("Refused, with what can be done instead"))
    }
    object.append("default", problem("Any other answer"))
    return .object(object)
  }

  private static func success(of operation: Operation) -> JSON {
    switch operation.answer {
    case .json(let schema):
      [
        "description": "As asked",
        "content": ["application/json": ["schema": schema.json], "text/html": ["schema": text]],
      ]
    case .receipt:
      [
        "description": "Kept, on this station's disk",
        "content": ["application/json": ["schema": reference("Receipt")]],
      ]
    case .page: ["description": "A page", "content": ["text/html": ["schema": text]]]
    case .events: ["description": "Server-sent events", "content": ["text/event-stream": ["schema": text]]]
    case .media(let type): ["description": "As asked", "content": .object(JSONObject([(type, ["schema": text])]))]
    }
  }

  private static let text: JSON = ["type": "string"]

  private static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }

  private static func problem(_ about: String) -> JSON {
    ["description": .string(about), "content": ["application/problem+json": ["schema": reference("Problem")]]]
  }

  private static var schemas: JSON {
    let warning = Schema.object([Field("code"), Field("message"), Field("field", .maybe(.text()))])
    return [
      "Receipt": Schema.object(of: [
        Field("station", required: true), Field("sequence", .integer(min: 1), required: true),
        Field("hash", required: true, "SHA-256 of the line, in hex"),
        Field("subjects", .list(.text()), required: true, "What it is about, `stay/<uuid>` and the like"),
        Field("warnings", .list(warning), required: true),
        Field("repeated", .flag, required: true, "The command was known: this is the first answer again"),
      ]),
      // RFC 9457.
      "Problem": Schema.object(of: [
        Field("type", required: true), Field("title", required: true),
        Field("status", .integer(min: 400, max: 599), required: true),
        Field("detail", required: true, "For a person, in the session's language"),
        Field("code", .text(), "Of a refusal"), Field("field", .maybe(.text()), "The form field concerned"),
      ]),
    ]
  }

  private static let securitySchemes: JSON = [
    "session": [
      "type": "apiKey", "in": "cookie", "name": "session",
      "description": "From POST /sign-in; posts need `X-CSRF-Token`",
    ],
    "bearer": ["type": "http", "scheme": "bearer", "description": "The same token, without a browser's cookies"],
  ]
}
