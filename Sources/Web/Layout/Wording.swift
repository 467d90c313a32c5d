import Ledger

/// What it takes to say something on a page: a language, the hospital's clocks, and the hour it is.
package struct Wording: Sendable {
  package let texts: Texts
  package let language: Language
  package let hours: Hours
  package let now: Instant

  package init(texts: Texts, language: Language, hours: Hours, now: Instant) {
    self.texts = texts
    self.language = language
    self.hours = hours
    self.now = now
  }

  package var today: CivilDate { hours.day(now) }

  /// The sentence of a key. Not escaped.
  package func callAsFunction(_ key: String, _ arguments: [String: String] = [:]) -> String {
    texts(key, language, arguments)
  }

  /// The word for a coded value: `<prefix>.<code>`, or the code itself where there is none.
  package func word(_ prefix: String, _ code: String) -> String {
    let key = "\(prefix).\(code)"
    let word = texts(key, language)
    return word == key ? code : word
  }

  /// `02:14 · il y a 23 min`, as HTML; `clock.js` keeps the second half true.
  package func when(_ instant: Instant) -> String {
    let machine = instant.text
    let absolute = "<time datetime=\"\(machine)\">\(escaped(hours.dayAndTime(instant, now: now, language)))</time>"
    guard instant <= now else { return absolute }
    return absolute + " · <time datetime=\"\(machine)\" data-ago>\(escaped(ago(instant)))</time>"
  }

  /// `02:14`, `20/08 23:50` on another day, with its year in another year.
  package func time(_ instant: Instant) -> String { hours.dayAndTime(instant, now: now, language) }

  /// `12 min`, `3 h 05`.
  func duration(_ minutes: Int) -> String {
    if minutes < 60 { return self("duration.minutes", ["minutes": String(minutes)]) }
    let rest = minutes % 60
    return self("duration.hours", ["hours": String(minutes / 60), "minutes": rest < 10 ? "0\(rest)" : String(rest)])
  }

  package func ago(_ instant: Instant) -> String {
    let minutes = Int((now.milliseconds - instant.milliseconds) / 60_000)
    switch minutes {
    case ..<1: return self("ago.now")
    case ..<60: return self("ago.minutes", ["minutes": String(minutes)])
    case ..<2880:
      let rest = minutes % 60
      guard rest != 0 else { return self("ago.hours", ["hours": String(minutes / 60)]) }
      return self(
        "ago.hours-minutes", ["hours": String(minutes / 60), "minutes": rest < 10 ? "0\(rest)" : String(rest)])
    default: return self("ago.days", ["days": String(minutes / 1440)])
    }
  }
}
