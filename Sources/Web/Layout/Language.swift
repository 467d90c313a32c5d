/// French first, English complete; the choice is the reader's and lies in a cookie.
public enum Language: String, Sendable, CaseIterable {
  case fr, en
}

/// Light, dark, or as the browser's system says.
enum Theme: String, Sendable {
  case light, dark
}
