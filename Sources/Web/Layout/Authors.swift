import Hospital
import Register

extension WebApp {
  /// Who said it, as shown: a name, a login where none is known, or that it came by itself.
  func name(ofAuthor id: String, _ reading: Reading, _ language: Language) throws -> String {
    if id == "system" { return texts("author.system", language) }
    guard let account = try reading.account(id) else { return texts("author.unknown", language) }
    return account.name ?? account.login ?? texts("author.unknown", language)
  }
}
