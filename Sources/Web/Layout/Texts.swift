import Ledger

/// The sentences of the screens, by key, in each language.
public struct Texts: Sendable {
  private let sentences: [Language: [String: String]]

  /// What is built in. `Tests/TidyTests` holds that both languages have the same keys and placeholders.
  public static let builtIn = Texts(fr: PackageResources.fr_json, en: PackageResources.en_json)

  /// - Parameters: one flat JSON object of strings for each language; what is no string is left out.
  init(fr: [UInt8], en: [UInt8]) {
    sentences = [.fr: Texts.read(fr), .en: Texts.read(en)]
  }

  private static func read(_ bytes: [UInt8]) -> [String: String] {
    guard let members = (try? JSON(parsing: bytes))?.object?.members else { return [:] }
    var sentences: [String: String] = [:]
    sentences.reserveCapacity(members.count)
    for (key, value) in members { sentences[key] = value.string }
    return sentences
  }

  /// The sentence of a key, `{name}` replaced by the argument of that name; the key itself where there is none.
  /// Not escaped: whoever writes HTML escapes.
  public func callAsFunction(_ key: String, _ language: Language, _ arguments: [String: String] = [:]) -> String {
    guard let sentence = sentences[language]?[key] else { return key }
    return arguments.isEmpty ? sentence : Texts.filled(sentence, arguments)
  }

  func has(_ key: String) -> Bool { sentences[.fr]?[key] != nil }

  /// One pass: what an argument holds is never read as a placeholder.
  private static func filled(_ sentence: String, _ arguments: [String: String]) -> String {
    var out = ""
    var rest = Substring(sentence)
    while let open = rest.firstIndex(of: "{") {
      out += rest[..<open]
      rest = rest[open...]
      guard let close = rest.firstIndex(of: "}"),
        let argument = arguments[String(rest[rest.index(after: open)..<close])]
      else {
        out.append("{")
        rest = rest.dropFirst()
        continue
      }
      out += argument
      rest = rest[rest.index(after: close)...]
    }
    return out + rest
  }
}
