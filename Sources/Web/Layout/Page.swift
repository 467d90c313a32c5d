import Hummingbird

/// One page: its template and what it is rendered with. Layout, banner and navigation come around it by themselves.
struct Page {
  var template: String
  /// In the reader's language, not escaped.
  var title: String
  /// Structs read by name; dictionaries and `MustacheParent`s are faster.
  var model: any Sendable
  var status: HTTPResponse.Status
  /// The entry of the navigation that is current.
  var nav: Nav?
  /// Subjects and units (`stay/<uuid>`, `unit:4EST`) whose changes this page shows; it loads again when one changes.
  var live: Set<String>
  /// For a class on `body`: `wall`.
  var look: String?

  init(
    _ template: String, title: String, model: any Sendable = [String: String](), status: HTTPResponse.Status = .ok,
    nav: Nav? = nil, live: Set<String> = [], look: String? = nil
  ) {
    self.template = template
    self.title = title
    self.model = model
    self.status = status
    self.nav = nav
    self.live = live
    self.look = look
  }
}

extension WebApp {
  /// The whole page. With the header `X-Fragment`, what stands in `main` alone, for scripts that replace a part of it.
  func html(_ page: Page, _ request: Request, _ context: PageContext) -> Response {
    let main = templates.render(page.template, page.model, context.language)
    if request.headers[.fragment] != nil { return answer(html: main, page.status) }
    var out = ""
    out.reserveCapacity(main.utf8.count + 6000)
    writeHead(page, context, into: &out)
    writeBanner(request, context, into: &out)
    writeNavigation(page.nav, request, context, into: &out)
    out += "<main id=\"main\""
    if !page.live.isEmpty { out += " data-live=\"\(escaped(page.live.sorted().joined(separator: " ")))\"" }
    out += ">"
    out += main
    out += "</main></body></html>"
    return answer(html: out, page.status)
  }

  private func writeHead(_ page: Page, _ context: PageContext, into out: inout String) {
    let language = context.language
    out += "<!doctype html><html lang=\"\(language.rawValue)\""
    if let theme = context.theme { out += " data-theme=\"\(theme.rawValue)\"" }
    out += "><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>"
    out += escaped(page.title)
    out += " · Permanence</title>"
    out += assets.links
    out += "</head><body"
    if let look = page.look { out += " class=\"\(look)\"" }
    if let session = context.session {
      out += " data-user=\"\(session.person)\" data-events=\"/live\" data-events-after=\"\(pages.lastEventID)\""
    }
    out += "><a class=\"skip\" href=\"#main\">\(escaped(texts("layout.skip", language)))</a>"
  }
}
