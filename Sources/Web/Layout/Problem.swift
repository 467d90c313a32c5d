import Hummingbird

/// An answer other than the page asked for, in the reader's language and without a patient's data.
package struct Problem: Error, Sendable {
  package var status: HTTPResponse.Status
  /// Key of the sentence that says what happened and what to do; the status's own where it is nil.
  var key: String?
  var arguments: [String: String]
  /// Shown again, so that nothing typed is lost.
  var typed: Fields?
  var retryAfterSeconds: Int?
  /// The methods that the address knows.
  var allow: String?

  init(
    _ status: HTTPResponse.Status, _ key: String? = nil, _ arguments: [String: String] = [:], typed: Fields? = nil,
    retryAfterSeconds: Int? = nil, allow: String? = nil
  ) {
    self.status = status
    self.key = key
    self.arguments = arguments
    self.typed = typed
    self.retryAfterSeconds = retryAfterSeconds
    self.allow = allow
  }

  static let notFound = Problem(.notFound)

  /// `problem.<code>` where that sentence is there, else the one for any other status.
  func sentence(_ texts: Texts, _ language: Language) -> String {
    if let key { return texts(key, language, arguments) }
    let key = "problem.\(status.code)"
    return texts(texts.has(key) ? key : "problem.other", language, arguments)
  }
}

/// Nobody is signed in. After sign-in the browser goes on to where it was, with what it had typed.
package struct SignInNeeded: Error, Sendable {
  /// Address to go on to.
  var next: String
  /// Where what was typed was sent to; nil for a page that was only asked for.
  var action: String?
  var typed: Fields?

  init(_ request: Request, typed: Fields? = nil) {
    // Going back to what a form was sent to would ask for a page that only takes forms.
    next = request.method == .post ? "/" : request.uri.string
    action = typed == nil ? nil : request.uri.string
    self.typed = typed
  }
}

/// An envelope was opened, and nobody has said by whom.
struct FirstUseNeeded: Error {
  var next: String
}

extension String {
  /// An address on this site, or the first page: nobody is led elsewhere by a link they were sent.
  package var asLocalAddress: String {
    let bytes = Array(utf8)
    guard bytes.first == UInt8(ascii: "/"), bytes.count < 2000,
      bytes.count < 2 || (bytes[1] != UInt8(ascii: "/") && bytes[1] != UInt8(ascii: "\\")),
      bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
    else { return "/" }
    return self
  }
}
