import Hospital
import Hummingbird
import Ledger
import Register

extension WebApp {
  /// What was kept, as `/openapi.json` describes it: `{station, sequence, hash, subjects, warnings, repeated}`.
  func json(_ receipt: Receipt, _ context: PageContext) -> Response {
    var subjects: [String] = []
    for fact in receipt.facts where !subjects.contains(where: { $0.sameBytes(as: fact.subject) }) {
      subjects.append(fact.subject)
    }
    let warnings = receipt.warnings.map { warning -> JSON in
      [
        "code": .string(warning.code), "message": .string(sentence(warning, context.language)),
        "field": warning.field.map(JSON.string) ?? .null,
      ]
    }
    return json([
      "station": .string(receipt.station), "sequence": .integer(receipt.sequence), "hash": .string("\(receipt.hash)"),
      "subjects": .array(subjects.map(JSON.string)), "warnings": .array(warnings),
      "repeated": .bool(receipt.isRepeated),
    ])
  }

  /// A refusal as a program reads it (RFC 9457): 422, with its code and the field concerned beside the sentence.
  func json(refused refusal: Refusal, message: String, field: String?, _ context: PageContext) -> Response {
    let document: JSON = [
      "type": "about:blank", "title": .string(texts("problem.title", context.language)), "status": 422,
      "detail": .string(message), "code": .string(refusal.code), "field": field.map(JSON.string) ?? .null,
    ]
    return answer(document.bytes, "application/problem+json", .unprocessableContent)
  }
}
