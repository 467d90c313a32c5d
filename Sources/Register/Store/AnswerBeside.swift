import Hospital
import Ledger

/// What lies beside a line of this station, so that a repeated command is known for the same, and hears the same
/// warnings again: a JSON array of the fingerprint, if there is one, and of the warnings. Empty where there is neither.
struct AnswerBeside {
  /// `Submission.asked`.
  let asked: [UInt8]
  let warnings: [Warning]

  init(asked: [UInt8], warnings: [Warning]) {
    self.asked = asked
    self.warnings = warnings
  }

  init(stored bytes: [UInt8]) {
    let elements = bytes.isEmpty ? [] : (try? JSON(parsing: bytes))?.array ?? []
    asked = elements.first?.string.flatMap(Hex.bytes(of:)) ?? []
    warnings = elements.compactMap { element in
      guard let code = element["code"]?.string else { return nil }
      var arguments: [String: String] = [:]
      for (key, value) in element["arguments"]?.object?.members ?? [] { arguments[key] = value.string }
      return Warning(code, field: element["field"]?.string, arguments)
    }
  }

  var bytes: [UInt8] {
    var elements: [JSON] = asked.isEmpty ? [] : [.string(Hex.text(of: asked))]
    elements += warnings.map { warning in
      var object = JSONObject([("code", .string(warning.code))])
      object["field"] = warning.field.map { .string($0) }
      let arguments = warning.arguments.sorted { $0.key < $1.key }
      object["arguments"] = .object(JSONObject(arguments.map { ($0.key, .string($0.value)) }))
      return .object(object)
    }
    return elements.isEmpty ? [] : JSON.array(elements).bytes
  }
}
