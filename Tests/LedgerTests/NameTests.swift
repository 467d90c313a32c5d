import Ledger
import Testing

struct NameTests {
  /// RFC 9562 appendix A.4, and Python's documentation of `uuid`.
  @Test func knownVectors() throws {
    let dns = try #require(Name.Namespace("6ba7b810-9dad-11d1-80b4-00c04fd430c8"))
    #expect(Name.uuid5(namespace: dns, of: "www.example.com") == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    #expect(Name.uuid5(namespace: dns, of: "python.org") == "886313e1-3b8a-5372-9b90-0c9aee199e5d")
  }

  /// Fixed for ever: computed once with Python's `uuid.uuid5`.
  @Test(arguments: [
    ("patient", "1.2.250.1.999.1", "000059284275", "af4f8867-46d6-592e-9842-6aca257c0625"),
    ("stay", "HÔPITAL", "é1", "24769d1e-8861-5382-9bb5-10ae44c9ee8d"),
  ])
  func ours(kind: String, authority: String, number: String, uuid: String) {
    #expect(Name.subject(kind, authority, number) == uuid)
    #expect(Name.subject(" \(kind)\t", "\r\n\(authority) ", " \(number)\n") == uuid)
    #expect(Name.uuid5(of: "\(kind)|\(authority)|\(number)") == uuid)
  }

  @Test func aMessageIsNamedBySenderControlAndContent() {
    let segments = Array("MSH|^~\\&|A\rEVN||2022".utf8)
    #expect(
      Name.message(sender: "A|B", control: "7", segmentsJoinedByCR: segments) == "3922a787-05cb-56d7-bb7c-6e8a1b27a874")
  }

  @Test func randomNames() {
    // RFC 9562, appendix A.6.
    let instant = Instant(milliseconds: 0x017F_22E2_79B0)
    let random: [UInt8] = [0x0C, 0xC3, 0x18, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F]
    #expect(Name.uuid7(at: instant, random: random) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    #expect(Name.uuid7(at: instant, random: []) == nil)
    #expect(Name.Namespace("6BA7B810-9dad-11d1-80b4-00c04fd430c8") == nil)
  }

  @Test func stationNames() throws {
    let key = try #require(SigningKey(seed: [UInt8](repeating: 7, count: 32))).publicKey
    let name = try #require(StationName.make(people: "urg-1", key: key))
    #expect(name == "urg-1-\(key.fingerprint.prefix(8))")
    #expect(StationName.isName(name, of: key))
    #expect(StationName.shown(name) == "urg-1")
    let reads = StationName.reads(of: name)
    #expect(StationName.isName(reads, of: key))
    #expect(StationName.station(ofChain: reads) == name)
    #expect(StationName.isValid(StationName.reads(of: "a2345678901234567-12345678")))
    for bad in ["", "Urg", "a_b", "é", "a23456789012345678", "reads-1"] {
      #expect(StationName.make(people: bad, key: key) == nil)
    }
  }

  /// Two stations of one name are told apart by the whole of it.
  @Test(
    arguments: [
      ([], "urg-1"), (["urg-1-3fa9c2d1"], "urg-1"), (["urg-1-1-3fa9c2d1", "urg-2-00000001"], "urg-1"),
      (["urg-1-3fa9c2d1", "urg-1-00000001"], "urg-1-3fa9c2d1"),
    ] as [([String], String)])
  func shownAmongOthers(others: [String], shown: String) {
    #expect(StationName.shown("urg-1-3fa9c2d1", among: others) == shown)
  }
}
