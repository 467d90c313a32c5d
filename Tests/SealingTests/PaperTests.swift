import Ledger
import Replication
import Seeded
import Testing

struct PaperTests {
  let paper: RecoveryPaper

  init() throws {
    var random = Seeded(seed: 3)
    let root = try #require(SigningKey(seed: random.bytes(32)))
    var again = Seeded(seed: 3)
    paper = try #require(
      RecoveryPaper(
        hospital: "Centre hospitalier de Saint-Élie", rootFingerprint: root.publicKey.fingerprint,
        root: again.bytes(32), recovery: random.bytes(32), reserve: ["ipp 9000000 9099999", "nda 1 2"]))
  }

  @Test func whatIsPrintedIsRead() throws {
    let text = paper.text(qr: nil)
    #expect(try RecoveryPaper(reading: text) == paper)
    #expect(try RecoveryPaper(reading: text.replacing("\n", with: "\r\n")) == paper)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
  }

  /// Of 32 zero bytes, worked out with Python's hashlib and integers.
  @Test func linesOfAKnownSecret() throws {
    let secret = try #require(PaperSecret(.recovery, [UInt8](repeating: 0, count: 32)))
    #expect(
      secret.lines == [
        "R1 00000 00000 00000 00000 F",
        "R2 00000 00000 00000 00000 V",
        "R3 00000 00000 04R3C Y38 M",
      ])
    #expect(secret.compact == "PERMANENCE:R:0000000000000000000000000000000000000000000000000004R3CY38")
  }

  /// The lines alone, as somebody types them.
  @Test func typedFromPaper() throws {
    let lines = try #require(paper.root).lines + paper.recovery.lines
    let typed = lines.reversed().map { line in
      let label = line.prefix(2)
      let rest = line.dropFirst(2).lowercased().replacing("0", with: "o").replacing("1", with: "l")
      return label.lowercased() + " " + rest.filter { $0 != " " }.map { "\($0) " }.joined()
    }
    let read = try RecoveryPaper(reading: typed.joined(separator: "\n"))
    #expect(read.recovery == paper.recovery)
    #expect(read.root == paper.root)
    #expect(read.rootFingerprint == paper.rootFingerprint)
    // The QR's line alone.
    #expect(try RecoveryPaper(reading: paper.recovery.compact).recovery == paper.recovery)
  }

  /// Any one character typed wrong, in any line, and any two neighbours exchanged, are found and the line named.
  @Test func everyWrongCharacterIsFound() throws {
    let lines = paper.recovery.lines
    for (index, line) in lines.enumerated() {
      let characters = Array(line)
      func expectFailure(_ wrong: [Character]) {
        var typed = lines
        typed[index] = String(wrong)
        #expect(throws: PaperFailure.line(.recovery, number: index + 1), "\(String(wrong))") {
          try RecoveryPaper(reading: typed.joined(separator: "\n"))
        }
      }
      for place in 3..<characters.count where characters[place] != " " {
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U" where other != characters[place] {
          var wrong = characters
          wrong[place] = other
          expectFailure(wrong)
        }
        let next = characters[(place + 1)...].firstIndex { $0 != " " }
        if let next, characters[next] != characters[place] {
          var wrong = characters
          wrong.swapAt(place, next)
          expectFailure(wrong)
        }
      }
    }
  }

  @Test func linesInAnothersPlace() throws {
    let lines = paper.recovery.lines
    let exchanged = ["R1" + lines[1].dropFirst(2), "R2" + lines[0].dropFirst(2), lines[2]]
    #expect(throws: PaperFailure.line(.recovery, number: 1)) {
      try RecoveryPaper(reading: exchanged.joined(separator: "\n"))
    }
    #expect(throws: PaperFailure.missingLine(.recovery, number: 2)) {
      try RecoveryPaper(reading: [lines[0], lines[2]].joined(separator: "\n"))
    }
    var random = Seeded(seed: 77)
    let other = try #require(PaperSecret(.recovery, random.bytes(32))).lines
    #expect(throws: PaperFailure.mixed(.recovery)) {
      try RecoveryPaper(reading: [lines[0], other[1], lines[2]].joined(separator: "\n"))
    }
    #expect(throws: PaperFailure.noRecoveryKey) { try RecoveryPaper(reading: "Rien\nA1 bientôt") }
  }

  @Test func theRootMustBeTheOneNamed() throws {
    var other = paper
    other.rootFingerprint = String(repeating: "0", count: 64)
    #expect(throws: PaperFailure.fingerprint) { try RecoveryPaper(reading: other.text(qr: nil)) }
  }

  @Test func aPaperWithoutARoot() throws {
    var other = paper
    other.root = nil
    #expect(try RecoveryPaper(reading: other.text(qr: nil)) == other)
  }

  @Test func theQRIsInTheText() throws {
    let text = paper.text { content in
      #expect(content.hasPrefix("PERMANENCE:"))
      return [[true, false, true], [true, true, false], [false, true, false]]
    }
    #expect(text.contains("\n    █▄▀\n     ▀ \n"))
    #expect(try RecoveryPaper(reading: text) == paper)
  }
}
