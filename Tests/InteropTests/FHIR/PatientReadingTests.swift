import Hospital
import Interop
import Ledger
import Testing

/// A Patient that a program sent, as far as it can be read.
@Suite struct PatientReadingTests {
  /// What has not R4's shape would be lost without a word.
  @Test(
    arguments: [
      ("name", "MARTIN"), ("name", ["family": "MARTIN"]), ("name", ["MARTIN"]), ("name", [["family": 7]]),
      ("name", [["given": "LOUISE"]]), ("telecom", ["system": "phone", "value": "06"]),
      ("telecom", [["system": "phone", "value": 601_020_304]]), ("address", [["line": "1 RUE"]]),
      ("address", [["postalCode": 29000]]), ("identifier", ["system": "urn:x", "value": "7"]), ("identifier", nil),
      ("meta.security", ["code": "R"]),
    ] as [(String, JSON)])
  func whatHasAnotherShape(key: String, value: JSON) {
    let sent: JSONObject =
      key == "meta.security" ? JSONObject([("meta", ["security": value])]) : JSONObject([(key, value)])
    let fault = #expect(throws: PatientReading.Fault.self) {
      try PatientReading(
        .object(JSONObject([("resourceType", "Patient")] + sent.members)), at: .earliest, LocalTime(offsetSeconds: 0))
    }
    #expect(fault?.place == "Patient.\(key)")
  }
}
