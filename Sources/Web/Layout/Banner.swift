import Hospital
import Hummingbird
import Ledger
import Synchronization

/// Banners as HTML, up to their clocks: one for each language and minute, made again when the situation changes.
final class Banners: Sendable {
  private struct Key: Hashable {
    var language: Language
    var isSignedIn: Bool
  }

  private struct Made {
    var situation: Situation
    var minute: Int64
    var html: String
  }

  private let made = Mutex<[Key: Made]>([:])

  func html(
    _ situation: Situation, at now: Instant, _ language: Language, isSignedIn: Bool, make: () -> String
  ) -> String {
    let key = Key(language: language, isSignedIn: isSignedIn)
    let minute = now.milliseconds / 60_000
    return made.withLock { made in
      if let known = made[key], known.minute == minute, known.situation == situation { return known.html }
      let html = make()
      made[key] = Made(situation: situation, minute: minute, html: html)
      return html
    }
  }
}

extension WebApp {
  /// One line on every page: mode, since when and by whom, station, copies elsewhere, vault, what waits for a person,
  /// the hour. In degraded mode a solid band.
  func writeBanner(_ request: Request, _ context: PageContext, into out: inout String) {
    let now = environment.now()
    let situation = situation.now()
    let isSignedIn = context.session != nil
    out += banners.html(situation, at: now, context.language, isSignedIn: isSignedIn) {
      banner(situation, at: now, context.language, isSignedIn: isSignedIn)
    }
    out += "<time class=\"clock\" datetime=\"\(now.text)\" data-zone=\"\(escaped(situation.timeZone))\">"
    out += "\(Hours(situation.timeZone).time(now))</time></header>"
  }

  private func banner(_ situation: Situation, at now: Instant, _ language: Language, isSignedIn: Bool) -> String {
    let hours = Hours(situation.timeZone)
    var out = ""
    func text(_ key: String, _ arguments: [String: String] = [:]) -> String {
      escaped(texts(key, language, arguments))
    }
    let own = "\(Situation.name) mode/hospital mode/\(situation.station)"
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
    out += others(situation.others, Wording(texts: texts, language: language, hours: hours, now: now), isSignedIn)
    out += vault(situation, at: now, language, isSignedIn: isSignedIn)
    if let paper = situation.paper {
      let isOld = now > paper.until
      let time = paper.at.map { hours.dayAndTime($0, now: now, language) } ?? text("banner.pack.none")
      let words = text(isOld ? "banner.pack.old" : "banner.pack", ["time": time])
      let said = isOld ? "<b>\(words)</b>" : words
      out += isSignedIn ? "<span><a href=\"/paper\">\(said)</a></span>" : "<span>\(said)</span>"
    }
    if situation.holdsRootKey { out += "<span>\(text("banner.root-key"))</span>" }
    out += conflicts(situation, language, isSignedIn: isSignedIn)
    for (key, feeds) in [("banner.silent", situation.silentFeeds), ("banner.refused-feeds", situation.refusedFeeds)]
    where !feeds.isEmpty {
      let words = text(key, ["feeds": feeds.joined(separator: ", ")])
      out += isSignedIn ? "<span><a href=\"/coverage\"><b>\(words)</b></a></span>" : "<span><b>\(words)</b></span>"
    }
    out += numbers(situation, language)
    if situation.isClockInDoubt { out += "<span><b>\(text("banner.clock"))</b></span>" }
    if situation.readsPending > 0 {
      out += "<span>\(text("banner.reads", ["count": String(situation.readsPending)]))</span>"
    }
    if isSignedIn, situation.mode.mode == .standby {
      out += "<a href=\"/mode/local\">\(text("banner.local"))</a>"
    }
    return out
  }

  private func numbers(_ situation: Situation, _ language: Language) -> String {
    if situation.isDrill { return "<span><b>\(escaped(texts("banner.drill", language)))</b></span>" }
    return situation.numbersLow.sorted { $0.key < $1.key }.map { kind, percent in
      let key = percent == 0 ? "banner.numbers.none" : "banner.numbers"
      let words = texts(key, language, ["kind": kind.uppercased(), "percent": String(percent)])
      return "<span><b>\(escaped(words))</b></span>"
    }.joined()
  }

  private func others(_ others: OtherStandings, _ wording: Wording, _ isSignedIn: Bool) -> String {
    var said = others.html(wording)
    if others.upToDate < others.count { said = "<b>\(said)</b>" }
    return isSignedIn && others.count > 0
      ? "<span><a href=\"/#stations\">\(said)</a></span>" : "<span>\(said)</span>"
  }

  /// A proof of an earlier night says nothing of tonight.
  private static let proofFreshSeconds = 36 * 3600

  private func vault(_ situation: Situation, at now: Instant, _ language: Language, isSignedIn: Bool) -> String {
    var out = ""
    func add(_ words: String, isLoud: Bool = false) {
      let said = isLoud ? "<b>\(escaped(words))</b>" : escaped(words)
      out += isSignedIn ? "<span><a href=\"/vault\">\(said)</a></span>" : "<span>\(said)</span>"
    }
    if situation.isOtherwise {
      add(texts("banner.otherwise", language), isLoud: true)
    } else if let percent = situation.unverifiedPercent {
      let key = situation.isVerifyingStopped ? "banner.unverified.stopped" : "banner.unverified"
      add(texts(key, language, ["percent": String(percent)]), isLoud: true)
    }
    let hours = Hours(situation.timeZone)
    for (key, since) in [("unsealed", situation.unsealedSince), ("unrenewed", situation.unrenewedSince)] {
      guard let since else { continue }
      add(texts("banner.vault.\(key)", language, ["time": hours.dayAndTime(since, now: now, language)]), isLoud: true)
    }
    let sealed = situation.sealedAt.map { hours.dayAndTime($0, now: now, language) }
    if situation.proofFailed {
      add(texts("banner.vault.failed", language), isLoud: true)
    } else if let proof = situation.proof, proof.at > now.adding(seconds: -Self.proofFreshSeconds) {
      add(
        texts(
          "banner.vault.proved", language,
          [
            "time": hours.dayAndTime(proof.sealedAt, now: now, language),
            "patients": grouped(proof.counts["patients"] ?? 0), "beds": grouped(proof.counts["beds"] ?? 0),
          ]))
      // Lines are sealed every minute, and proved every night.
      if let sealed { add(texts("banner.vault.newest", language, ["time": sealed])) }
    } else if let sealed {
      add(texts("banner.vault", language, ["time": sealed]))
    } else if !situation.isClockInDoubt {
      add(texts("banner.no-vault", language))
    }
    return out
  }

  private func conflicts(_ situation: Situation, _ language: Language, isSignedIn: Bool) -> String {
    guard situation.conflicts > 0 else {
      return "<span>\(escaped(texts("banner.no-conflict", language)))</span>"
    }
    let key = situation.conflicts == 1 ? "banner.conflict" : "banner.conflicts"
    let words = escaped(texts(key, language, ["count": String(situation.conflicts)]))
    return !isSignedIn ? "<span><b>\(words)</b></span>" : "<span><a href=\"/conflicts\">\(words)</a></span>"
  }

  /// `urg-1` of `urg-1-3fa9c2d1`.
  func shortStation(_ name: String) -> String { StationName.shown(name) }
}
