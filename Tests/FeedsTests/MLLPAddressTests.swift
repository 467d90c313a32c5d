import Feeds
import Testing

struct MLLPAddressTests {
  @Test(arguments: [
    ("10.0.3.7:2575", "10.0.3.7", 2575), ("[::1]:2575", "::1", 2575), ("gam.hopital.fr:1", "gam.hopital.fr", 1),
  ])
  func whatIsOne(_ text: String, _ host: String, _ port: Int) {
    #expect(MLLPAddress(text) == MLLPAddress(host: host, port: port))
    #expect(MLLPAddress(text)?.description == text)
  }

  @Test(arguments: ["", "10.0.3.7", "10.0.3.7:", ":2575", "a:0", "a:65536", "a:-1", "a b:2575", "a:2575:"])
  func whatIsNone(_ text: String) {
    #expect(MLLPAddress(text) == nil)
  }
}
