import Ledger

extension Schema {
  /// As JSON Schema (draft 2020-12, which OpenAPI 3.1 uses).
  var json: JSON {
    switch self {
    case .text(let max):
      var object = JSONObject([("type", "string")])
      if let max { object.append("maxLength", .integer(max)) }
      return .object(object)
    case .choice(let values): return ["type": "string", "enum": .array(values.map(JSON.string))]
    case .uuid: return ["type": "string", "format": "uuid"]
    case .instant: return ["type": "string", "format": "date-time"]
    case .date: return ["type": "string", "pattern": "^\\d{4}(-\\d{2}(-\\d{2})?)?$"]
    case .integer(let min, let max):
      var object = JSONObject([("type", "integer")])
      if let min { object.append("minimum", .integer(min)) }
      if let max { object.append("maximum", .integer(max)) }
      return .object(object)
    case .flag: return ["type": "boolean"]
    case .list(let schema): return ["type": "array", "items": schema.json]
    case .object(let fields): return Schema.object(of: fields)
    case .maybe(let schema): return ["anyOf": [schema.json, ["type": "null"]]]
    case .any: return .object(JSONObject())
    }
  }

  static func object(of fields: [Field]) -> JSON {
    var object = JSONObject([("type", "object")])
    object.append(
      "properties",
      .object(
        JSONObject(
          fields.map { field in
            guard let about = field.about, case .object(var schema) = field.schema.json else {
              return (key: field.name, value: field.schema.json)
            }
            schema.append("description", .string(about))
            return (key: field.name, value: .object(schema))
          })))
    let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
    if !required.isEmpty { object.append("required", .array(required)) }
    return .object(object)
  }
}
