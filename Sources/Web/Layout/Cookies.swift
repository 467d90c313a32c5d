import Hummingbird

/// The cookies of a request, read without allocating for those that are not ours.
struct Cookies {
  private let header: Substring

  init(_ request: Request) { header = request.headers[.cookie].map { $0[...] } ?? "" }

  subscript(_ name: String) -> String? {
    for part in header.utf8.split(separator: UInt8(ascii: ";")) {
      let cookie = part.drop { $0 == UInt8(ascii: " ") }
      guard cookie.starts(with: name.utf8) else { continue }
      let rest = cookie.dropFirst(name.utf8.count)
      guard rest.first == UInt8(ascii: "=") else { continue }
      return String(Substring(rest.dropFirst()))
    }
    return nil
  }
}

extension PageContext {
  mutating func read(_ cookies: Cookies) {
    sessionToken = cookies["session"]
    if let chosen = cookies["language"].flatMap(Language.init) { language = chosen }
    theme = cookies["theme"].flatMap(Theme.init)
  }
}

extension WebApp {
  /// `HttpOnly` and `SameSite=Strict`: no script reads it and no other site makes it come. It ends with the browser.
  func sessionCookie(_ token: String) -> String {
    "session=\(token); Path=/; HttpOnly; SameSite=Strict\(isSecure ? "; Secure" : "")"
  }

  var endedSessionCookie: String { sessionCookie("") + "; Max-Age=0" }

  /// A choice of looks: a year, and readable by our own script.
  func choiceCookie(_ name: String, _ value: String) -> String {
    "\(name)=\(value); Path=/; Max-Age=31536000; SameSite=Strict\(isSecure ? "; Secure" : "")"
  }
}
