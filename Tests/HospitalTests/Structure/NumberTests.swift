import Hospital
import Testing

struct NumberTests {
  static let plain = NumberFormat(prefix: "90", length: 9, check: "none", first: 1, last: 9_999_999)
  static let luhn = NumberFormat(prefix: "8", length: 10, check: "luhn", first: 1, last: 99_999_999)
  static let mod97 = NumberFormat(prefix: "P7", length: 12, check: "mod97", first: 1, last: 99_999_999)

  /// Check digits reckoned by hand.
  @Test(arguments: [
    (plain, 1, "900000001"), (plain, 34_000, "900034000"), (plain, 9_999_999, "909999999"), (plain, 0, "900000000"),
    (luhn, 1, "8000000011"), (luhn, 12_345, "8000123458"), (luhn, 99_999_999, "8999999991"),
    (mod97, 1, "P70000000114"), (mod97, 42, "P70000004270"), (mod97, 59, "P70000005953"),
    (mod97, 12_345, "P70001234586"),
  ])
  func thereAndBack(format: NumberFormat, serial: Int, text: String) {
    #expect(format.text(serial) == text)
    #expect(format.serial(of: text) == serial)
  }

  @Test(arguments: [(plain, 10_000_000), (luhn, 100_000_000), (plain, -1), (plain, Int.max), (plain, Int.min)])
  func whatDoesNotFit(format: NumberFormat, serial: Int) {
    #expect(format.text(serial) == nil)
  }

  @Test(arguments: [
    (plain, "90000001"), (plain, "9000000011"), (plain, "910000001"), (plain, "90000000A"), (plain, "90 000001"),
    (luhn, "8000000012"), (mod97, "P70000000115"), (mod97, "p70000000114"), (plain, ""), (plain, "90００００1"),
  ])
  func notOurs(format: NumberFormat, text: String) {
    #expect(format.serial(of: text) == nil)
  }

  @Test func aFormatTooShortGivesNothing() {
    let format = NumberFormat(prefix: "ABC", length: 3, check: "luhn", first: 1, last: 9)
    #expect(format.text(1) == nil)
    #expect(format.serial(of: "ABC") == nil)
  }
}
