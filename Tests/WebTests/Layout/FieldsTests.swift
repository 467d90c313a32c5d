import Testing
import Web

@Suite struct FieldsTests {
  @Test(arguments: [
    ("a=1&b=2", ["a": "1", "b": "2"]),
    ("name=MARTIN+Lo%C3%AFs", ["name": "MARTIN Loïs"]),
    ("a", ["a": ""]),
    ("a=", ["a": ""]),
    ("a=b=c", ["a": "b=c"]),
    ("", [:]),
    ("&&", [:]),
  ])
  func formsAreRead(body: String, expected: [String: String]) throws {
    let fields = try #require(Fields(urlencoded: body.utf8))
    #expect(fields.pairs.count == expected.count)
    for (name, value) in expected { #expect(fields[name] == value) }
  }

  /// Half a percent sign, and bytes that are no UTF-8.
  @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%ff", "%c3=1"])
  func whatIsNoTextIsNoForm(body: String) {
    #expect(Fields(urlencoded: body.utf8) == nil)
  }

  @Test func severalValuesOfOneNameKeepTheirOrder() throws {
    let fields = try #require(Fields(urlencoded: "r=b&x=1&r=a".utf8))
    #expect(fields.all("r") == ["b", "a"])
    #expect(Fields(urlencoded: fields.urlencoded.utf8)?.all("r") == ["b", "a"])
  }

  /// Nobody is led to another site after sign-in.
  @Test(arguments: [
    ("/", "/"), ("/beds?q=free", "/beds?q=free"), ("", "/"), ("//evil.example", "/"), ("/\\evil.example", "/"),
    ("https://evil.example", "/"), ("/a\u{0}b", "/"), ("/a\r\nSet-Cookie: x", "/"), ("/é", "/"),
  ])
  func addressesStayOnThisSite(asked: String, expected: String) {
    #expect(asked.asLocalAddress == expected)
  }
}
