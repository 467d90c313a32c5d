import Hospital
import Hummingbird
import Ledger

extension WebApp {
  /// One line on every page: mode, since when and by whom, station, copies elsewhere, vault, what waits for a person,
  /// the hour. In degraded mode a solid band.
  func writeBanner(_ request: Request, _ context: PageContext, into out: inout String) {
    let now = environment.now()
    let situation = situation.now()
    let hours = Hours(situation.timeZone)
    let language = context.language
    func text(_ key: String, _ arguments: [String: String] = [:]) -> String {
      escaped(texts(key, language, arguments))
    }
    let own = "mode/hospital mode/\(situation.station)"
    out += "<header class=\"banner\" id=\"banner\" data-mode=\"\(situation.mode.mode.rawValue)\" data-live=\"\(own)\">"
    out += "<strong>\(text("banner.mode.\(situation.mode.mode.rawValue).\(situation.mode.scope)"))</strong>"
    if let since = situation.mode.since {
      out += "<span>\(text("banner.since", ["time": hours.dayAndTime(since, now: now, language)]))"
      if let by = situation.modeBy { out += " \(text("banner.by", ["name": by]))" }
      out += "</span>"
    }
    if !situation.hospital.isEmpty {
      out += "<span>\(escaped(situation.hospital))"
      if situation.fictive { out += " <b>\(text("banner.fictive"))</b>" }
      out += "</span>"
    }
    out += "<span>\(text("banner.station")) <b>\(escaped(shortStation(situation.station)))</b></span>"
    out += "<span>\(text("banner.alone"))</span><span>\(text("banner.no-vault"))</span>"
    out += conflicts(situation, context)
    for kind in situation.numbersLow.keys.sorted() {
      let arguments = ["kind": kind.uppercased(), "percent": String(situation.numbersLow[kind] ?? 0)]
      out += "<span><b>\(text("banner.numbers", arguments))</b></span>"
    }
    if situation.readsPending > 0 {
      out += "<span>\(text("banner.reads", ["count": String(situation.readsPending)]))</span>"
    }
    if context.session != nil, situation.mode.mode == .standby {
      out += "<a href=\"/mode/local\">\(text("banner.local"))</a>"
    }
    out += "<time class=\"clock\" datetime=\"\(now.text)\" data-zone=\"\(escaped(situation.timeZone))\">"
    out += "\(hours.time(now))</time></header>"
  }

  private func conflicts(_ situation: Situation, _ context: PageContext) -> String {
    guard situation.conflicts > 0 else {
      return "<span>\(escaped(texts("banner.no-conflict", context.language)))</span>"
    }
    let key = situation.conflicts == 1 ? "banner.conflict" : "banner.conflicts"
    let words = escaped(texts(key, context.language, ["count": String(situation.conflicts)]))
    return context.session == nil ? "<span><b>\(words)</b></span>" : "<span><a href=\"/conflicts\">\(words)</a></span>"
  }

  /// `urg-1` of `urg-1-3fa9c2d1`.
  func shortStation(_ name: String) -> String {
    guard let dash = name.lastIndex(of: "-"), name[dash...].utf8.count == 9 else { return name }
    return String(name[..<dash])
  }
}
