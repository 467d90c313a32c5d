import Hospital
import Hummingbird
import Synchronization

/// The pages named after jobs, in the order in which they stand on every page.
enum Nav: String, CaseIterable {
  case home, admissions, emergency, beds, transfers, enquiries, conflicts, care, mode, staff, audit, carrier, exchanges
  case handback

  var address: String {
    switch self {
    case .home: "/"
    case .admissions: "/admissions"
    case .emergency: "/emergency"
    case .beds: "/beds"
    case .transfers: "/transfers"
    case .enquiries: "/enquiries"
    case .conflicts: "/conflicts"
    case .care: "/care"
    case .mode: "/mode"
    case .staff: "/staff"
    case .audit: "/audit"
    case .carrier: "/carrier"
    case .exchanges: "/exchanges"
    case .handback: "/handback"
    }
  }

  /// With Alt (Alt and Shift in Firefox). Letters: digits are behind Shift on a French keyboard.
  var key: String {
    switch self {
    case .home: "h"
    case .admissions: "a"
    case .emergency: "g"
    case .beds: "l"
    case .transfers: "n"
    case .enquiries: "i"
    case .conflicts: "t"
    case .care: "s"
    case .mode: "m"
    case .staff: "p"
    case .audit: "j"
    case .carrier: "u"
    case .exchanges: "e"
    case .handback: "r"
    }
  }

  /// Of those who run the hospital's stations, behind one entry: on a small screen the others take one line.
  fileprivate var isBehind: Bool {
    switch self {
    case .staff, .audit, .carrier, .exchanges, .handback: true
    default: false
    }
  }

  /// Whoever may do one of these sees it; nil for everybody.
  fileprivate var actions: [Action]? {
    switch self {
    case .home, .care, .mode: nil
    case .admissions, .emergency, .beds, .transfers, .conflicts: [.read]
    case .enquiries: [.inquire]
    case .staff: [.staff, .temporaryStaff]
    case .audit: [.audit]
    case .carrier, .exchanges: [.stations]
    case .handback: [.declareMode, .handBack]
    }
  }
}

/// The links of the navigation as HTML, made once for each language, current page and set of rights.
final class NavLinks: Sendable {
  private struct Key: Hashable {
    var language: Language
    var current: Nav?
    var shown: [Nav]
  }

  private let texts: Texts
  private let made = Mutex<[Key: String]>([:])

  init(_ texts: Texts) { self.texts = texts }

  func html(_ shown: [Nav], current: Nav?, _ language: Language) -> String {
    let key = Key(language: language, current: current, shown: shown)
    return made.withLock { made in
      if let html = made[key] { return html }
      // A door with one room behind it is the room's own.
      var behind = shown.filter(\.isBehind)
      if behind.count == 1 { behind = [] }
      var html = shown.filter { !behind.contains($0) }.map { link($0, isCurrent: $0 == current, language) }.joined()
      if !behind.isEmpty {
        let isCurrent = current.map(behind.contains) ?? false
        html +=
          "<details><summary\(isCurrent ? " data-current" : "")>\(escaped(texts("nav.more", language)))</summary><div>"
        html += behind.map { link($0, isCurrent: $0 == current, language) }.joined() + "</div></details>"
      }
      made[key] = html
      return html
    }
  }

  private func link(_ entry: Nav, isCurrent: Bool, _ language: Language) -> String {
    "<a href=\"\(entry.address)\" accesskey=\"\(entry.key)\"\(isCurrent ? " aria-current=\"page\"" : "")>"
      + "\(escaped(texts("nav.\(entry.rawValue)", language))) <kbd>\(entry.key.uppercased())</kbd></a>"
  }
}

extension WebApp {
  func writeNavigation(_ current: Nav?, _ request: Request, _ context: PageContext, into out: inout String) {
    let language = context.language
    out += "<nav aria-label=\"\(escaped(texts("layout.pages", language)))\">"
    if context.session != nil {
      let shown = Nav.allCases.filter { entry in entry.actions?.contains { allows($0, context) } ?? true }
      out += navLinks.html(shown, current: current, language)
    }
    out += "<span class=\"who\">"
    writeChoices(request, context, into: &out)
    if let session = context.session {
      let who = [session.name, session.function].compactMap(\.self).joined(separator: " · ")
      out += " <a href=\"/account\" title=\"\(escaped(texts("layout.account", language)))\"><b>\(escaped(who))</b></a>"
      out +=
        "<form method=\"post\" action=\"/sign-out\"><input type=\"hidden\" name=\"csrf\" value=\"\(session.csrf)\">"
      out += "<button class=\"link\">\(escaped(texts("layout.sign-out", language)))</button></form>"
    }
    out += "</span></nav>"
  }

  /// The other language, and the other look.
  private func writeChoices(_ request: Request, _ context: PageContext, into out: inout String) {
    let back = pathSafe(request.method == .get ? request.uri.string : "/")
    let other: Language = context.language == .fr ? .en : .fr
    out += "<a href=\"/language?set=\(other.rawValue)&amp;next=\(back)\" hreflang=\"\(other.rawValue)\" "
    out += "lang=\"\(other.rawValue)\">\(other == .fr ? "Français" : "English")</a> "
    let dark = context.theme == .dark
    out += "<a href=\"/theme?set=\(dark ? "light" : "dark")&amp;next=\(back)\" data-theme-set>"
    out += escaped(texts(dark ? "layout.light" : "layout.dark", context.language))
    out += "</a>"
  }
}
