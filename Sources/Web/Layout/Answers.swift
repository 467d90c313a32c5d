import Hummingbird
import Ledger
import NIOCore

extension WebApp {
  /// Asked by a program rather than by a person.
  func wantsJSON(_ request: Request) -> Bool {
    let accepted = request.headers[.accept] ?? ""
    if accepted.contains("text/html") { return false }
    return accepted.contains("application/json") || isJSON(request)
  }

  func isJSON(_ request: Request) -> Bool {
    request.headers[.contentType]?.hasPrefix("application/json") ?? false
  }

  func json(_ value: JSON, status: HTTPResponse.Status = .ok) -> Response {
    answer(value.bytes, "application/json", status)
  }

  /// See Other: what was done is not done again by a reload.
  func redirect(_ address: String) -> Response {
    Response(status: .seeOther, headers: [.location: address, .cacheControl: "no-store"])
  }

  func answer(_ bytes: [UInt8], _ type: String, _ status: HTTPResponse.Status) -> Response {
    Response(
      status: status, headers: [.contentType: type, .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// Pages hold patients' data: no browser and no proxy keeps them.
  func answer(html: String, _ status: HTTPResponse.Status) -> Response {
    Response(
      status: status, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
  }

  /// RFC 9457, or a page with the same sentence.
  func answer(_ problem: Problem, _ request: Request, _ context: PageContext) -> Response {
    let sentence = problem.sentence(texts, context.language)
    var response: Response
    if wantsJSON(request) || request.method == .get && request.uri.path.hasPrefix("/assets/") {
      let document: JSON = [
        "type": "about:blank", "title": .string(texts("problem.title", context.language)),
        "status": .integer(Int(problem.status.code)), "detail": .string(sentence),
      ]
      response = answer(document.bytes, "application/problem+json", problem.status)
    } else {
      let model: [String: any Sendable] = [
        "sentence": sentence, "back": context.session == nil ? "/sign-in" : "/",
        "typed": (problem.typed?.pairs ?? []).filter { !Form.secrets.contains($0.name) && !$0.value.isEmpty }
          .map { ["name": $0.name, "value": $0.value] },
      ]
      response = html(
        Page("problem", title: texts("problem.title", context.language), model: model, status: problem.status),
        request, context)
    }
    if let seconds = problem.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
    if let allow = problem.allow { response.headers[.allow] = allow }
    return response
  }
}

extension Form {
  /// Never shown again, never kept.
  static let secrets: Set<String> = ["csrf", "command", "pin", "new", "again", "badge", "secondPin"]
}

extension Fields {
  var withoutSecrets: Fields { Fields(pairs.filter { !Form.secrets.contains($0.name) }) }

  /// What may wait on a page: with its key, so that it still counts once.
  var waiting: Fields { Fields(pairs.filter { !Form.secrets.contains($0.name) || $0.name == "command" }) }
}
