import Ledger
import Seeded
import Testing

struct Base64Tests {
  /// RFC 4648 section 10.
  @Test(arguments: [
    ("", "", ""), ("f", "Zg", "Zg=="), ("fo", "Zm8", "Zm8="), ("foo", "Zm9v", "Zm9v"), ("foob", "Zm9vYg", "Zm9vYg=="),
    ("fooba", "Zm9vYmE", "Zm9vYmE="), ("foobar", "Zm9vYmFy", "Zm9vYmFy"),
  ])
  func known(text: String, url: String, standard: String) {
    #expect(Base64.url(text.utf8) == url)
    #expect(Base64.standard(text.utf8) == standard)
    #expect(Base64.bytes(url: url.utf8) == Array(text.utf8))
    #expect(Base64.bytes(standard: standard.utf8) == Array(text.utf8))
  }

  /// Padding, spare bits, a letter too many, the other alphabet, white space.
  @Test(arguments: ["Zg==", "Zh", "Z", "Zm9vY", "+/8", "Zm9v\n", " Zm9v", "Zm8="])
  func onlyTheCanonicalSpelling(text: String) {
    #expect(Base64.bytes(url: text.utf8) == nil)
  }

  @Test(arguments: ["Zg", "Zh==", "Zg=", "Z===", "====", "-_8="])
  func onlyTheCanonicalStandardSpelling(text: String) {
    #expect(Base64.bytes(standard: text.utf8) == nil)
  }

  @Test func everySignatureHasOneSpelling() {
    var random = Seeded(seed: 1)
    let signature = random.bytes(64)
    let text = Array(Base64.url(signature).utf8)
    #expect(text.count == 86)
    let taken = (UInt8.min ... .max).filter { Base64.bytes(url: text.dropLast() + [$0]) != nil }
    #expect(taken == Array("AQgw".utf8))
  }
}
