import Hospital
import Hummingbird

/// The pages named after jobs, in the order in which they stand on every page.
enum Nav: String, CaseIterable {
  case home, admissions, beds, mode, staff, audit

  var address: String {
    switch self {
    case .home: "/"
    case .admissions: "/admissions"
    case .beds: "/beds"
    case .mode: "/mode"
    case .staff: "/staff"
    case .audit: "/audit"
    }
  }

  /// With Alt (Alt and Shift in Firefox). Letters: digits are behind Shift on a French keyboard.
  var key: String {
    switch self {
    case .home: "h"
    case .admissions: "a"
    case .beds: "l"
    case .mode: "m"
    case .staff: "p"
    case .audit: "j"
    }
  }
}

extension WebApp {
  func writeNavigation(_ current: Nav?, _ request: Request, _ context: PageContext, into out: inout String) {
    let language = context.language
    out += "<nav aria-label=\"\(escaped(texts("layout.pages", language)))\">"
    if context.session != nil {
      for entry in Nav.allCases {
        out += "<a href=\"\(entry.address)\" accesskey=\"\(entry.key)\""
        if entry == current { out += " aria-current=\"page\"" }
        out += ">"
        out += escaped(texts("nav.\(entry.rawValue)", language))
        out += " <kbd>\(entry.key.uppercased())</kbd></a>"
      }
    }
    out += "<span class=\"who\">"
    let back = pathSafe(request.method == .get ? request.uri.string : "/")
    let other: Language = language == .fr ? .en : .fr
    out += "<a href=\"/language?set=\(other.rawValue)&amp;next=\(back)\" hreflang=\"\(other.rawValue)\" "
    out += "lang=\"\(other.rawValue)\">\(other == .fr ? "Français" : "English")</a> "
    let dark = context.theme == .dark
    out += "<a href=\"/theme?set=\(dark ? "light" : "dark")&amp;next=\(back)\" data-theme-set>"
    out += escaped(texts(dark ? "layout.light" : "layout.dark", language))
    out += "</a>"
    if let session = context.session {
      out += " <b>\(escaped(session.name))</b>"
      if let function = session.function { out += " · \(escaped(function))" }
      out += " <a href=\"/account\">\(escaped(texts("layout.account", language)))</a>"
      out +=
        "<form method=\"post\" action=\"/sign-out\"><input type=\"hidden\" name=\"csrf\" value=\"\(session.csrf)\">"
      out += "<button class=\"link\">\(escaped(texts("layout.sign-out", language)))</button></form>"
    }
    out += "</span></nav>"
  }
}
