import Foundation
import Ledger
import Testing

/// Bytes that some hospital holds. They must be read, and read alike, for ever: never change `Tests/Golden/Ledger`;
/// add to it.
struct GoldenTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden/Ledger").path

  func commits() throws -> [Commit] {
    var file = try LedgerFile(path: "\(Self.folder)/urg-1-aa1cb7d9.ledger")
    let lines = try #require(try file.next())
    return try lines.map { try Commit(reading: $0) }
  }

  @Test func theyVerify() throws {
    let report = try LedgerFolder.verify(Self.folder)
    #expect(report.failures == [])
    #expect(report.commits == 5)
    #expect(report.facts == 5)
    #expect(report.root == "134ba2aa08052078bdb992c8cf2479d935f985d2b6d58dd716201ebf66478a51")
  }

  /// As `sha256sum` gives them.
  @Test func theirHashes() throws {
    #expect(
      try commits().map(\.hash.hex) == [
        "de179bcee6584ec10e1c3061d2ac0fba3c62dcf3344bf8cd719f32b8f3c40d91",
        "aff247ab825ce11735f94e419df553b939f9e0344fd0223eb1cf34ba941732f8",
        "3914adee37005541c9fac3c1175bd31440d4edf16c5495f63eaaf51a42b2ae86",
        "368222bd9acb92ed2697d2d6a07c5e48754d8306959e4dfb47fd042993c5156e",
      ])
  }

  @Test func theBeginningOfAHash() throws {
    #expect(try commits().map(\.hash.hexPrefix) == ["de179bce", "aff247ab", "3914adee", "368222bd"])
  }

  @Test func aMessagesCommit() throws {
    let commit = try commits()[1]
    #expect(commit.version == 1)
    #expect(commit.station == "urg-1-aa1cb7d9")
    #expect(commit.sequence == 2)
    #expect(commit.previous.hex == "de179bcee6584ec10e1c3061d2ac0fba3c62dcf3344bf8cd719f32b8f3c40d91")
    #expect(commit.time.text == "2022-08-21T01:00:00.000Z/0002")
    #expect(commit.author == "system")
    #expect(commit.command == "0c866adc-bb0e-515e-9359-543f1149b76b")
    let instant = try #require(Instant("2022-08-21T01:00:00.000Z"))
    let source = Source(sender: "GAM|CH", control: "000042", text: "20220821030000+0200", instant: instant)
    #expect(commit.source == source)
    #expect(commit.witnessed.map(\.station) == ["lits-2-fb928193"])
    #expect(commit.witnessed[0].sequence == 1)
    #expect(commit.witnessed[0].hash.hex == "e9e0428154d48e2a0c54c7ab06df548cf398becf8479d4c3cebf631cfebd0c98")
    #expect(commit.facts.map(\.kind) == ["patient.registered", "stay.admitted"])
    #expect(commit.facts[0].subject == "patient/\(Name.subject("patient", "1.2.250.1.999.1", "000059284275"))")
    #expect(commit.facts[1].at.text == "2022-08-20T22:40:00.000Z")
    let data: JSON = [
      "birthName": "LÉVÊQUE", "birthGivenName": "Zoé \"Zo\"\n\\", "usedName": nil, "protected": true,
      "identifiers": [["value": "000059284275", "authority": "1.2.250.1.999.1", "type": "PI"]],
    ]
    #expect(commit.facts[0].data == data)
  }

  /// Keys in another order, white space, escapes, keys and kinds that nobody knows yet.
  @Test func aLineFromElsewhere() throws {
    let commit = try commits()[2]
    #expect(commit.author == "système")
    #expect(commit.time.counter == .max)
    #expect(commit.witnessed == [])
    #expect(commit.facts.map(\.kind) == ["unheard.of"])
    #expect(commit.facts[0].data == ["nom": "LÉVÊQUE 🚑"])
  }

  /// Kept, verified and passed on; what its facts mean is not known yet.
  @Test func aLaterVersion() throws {
    let commit = try commits()[3]
    #expect(commit.version == 2)
    #expect(commit.facts == [])
  }

  /// The same key, place and words still give the same bytes.
  @Test func weStillWriteThem() throws {
    let first = try commits()[0]
    let random = SampleChain(people: "urg-1", seed: 2022)
    #expect(random.lines[0] == first.line)
  }
}
