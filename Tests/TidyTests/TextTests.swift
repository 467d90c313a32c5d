import Ledger
import Testing

/// French first, English complete: each text is in both.
struct TextTests {
  static let folder = "Sources/Web/Layout/Texts"

  @Test func theSameKeysInBothLanguages() throws {
    let french = try texts("fr")
    let english = try texts("en")
    for key in Set(french.keys).symmetricDifference(english.keys).sorted() {
      let lacking = french[key] == nil ? "fr" : "en"
      Issue.record("\(key) is not in \(lacking).json: write it there, or take it out of the other")
    }
  }

  @Test func theSamePlaceholdersInBothLanguages() throws {
    let english = try texts("en")
    for (key, text) in try texts("fr") {
      guard let other = english[key] else { continue }
      #expect(
        placeholders(text) == placeholders(other), "\(key): use the same placeholders in fr.json and en.json")
    }
  }

  /// A refusal or a warning that no sentence says would be shown as its code.
  @Test(arguments: ["Refusal", "Warning"])
  func everyCodeHasItsSentence(type: String) throws {
    let french = try texts("fr")
    let code = try Regex(#"\b\#(type)\(\s*"([a-z0-9.-]+)""#, as: (Substring, Substring).self)
    for floor in ["Hospital", "Interop", "Register"] {
      for path in try Repository.files(in: "Sources/\(floor)", "swift") {
        for match in try Repository.text(path).matches(of: code) {
          let key = "\(type.lowercased()).\(match.output.1)"
          #expect(french[key] != nil, "\(path): write the sentence \(key) in fr.json and en.json")
        }
      }
    }
  }

  /// Read strictly, so that a key written twice is found too.
  private func texts(_ language: String) throws -> [String: String] {
    let path = "\(Self.folder)/\(language).json"
    try #require(Repository.isThere(path), "write the texts of the screens in \(path)")
    let json = try JSON(parsing: Repository.text(path))
    var texts: [String: String] = [:]
    for (key, value) in try #require(json.object).members {
      let text: String = try #require(value.string, "\(language).json: make \(key) a string")
      texts[key] = text
    }
    return texts
  }

  private func placeholders(_ text: String) -> Set<Substring> {
    Set(text.matches(of: /\{[A-Za-z][A-Za-z0-9]*\}/).map(\.output))
  }
}
