import Ledger
import Replication
import Seeded
import Testing

struct SealingTests {
  let sealer = Sealer()

  /// Empty, one byte, around the 64 bytes that the opener holds back, and incompressible content whose compressed
  /// length lies on both sides of whole chunks.
  @Test(arguments: [0, 1, 63, 64, 65, 100_000, 1 << 20, 2 << 20, 3_000_001])
  func whatIsSealedOpens(count: Int) throws {
    var random = Seeded(seed: UInt64(count))
    let content = random.bytes(count)
    for piece in [1 << 20, 4099] {
      let sealed = try sealer.seal(content, piece: piece)
      #expect(try open(sealed, with: [sealer.opening], piece: piece) == content)
    }
    #expect(try open(sealer.seal([UInt8](repeating: 0x41, count: count)), with: [sealer.opening]).count == count)
  }

  @Test func oneByteAtATime() throws {
    let sealed = try sealer.seal(Array("one\ntwo\n".utf8), piece: 1)
    #expect(try open(sealed, with: [sealer.opening], piece: 1) == Array("one\ntwo\n".utf8))
  }

  /// The compressed bytes fill one, then two chunks exactly: the last chunk is full, and it is the last. Incompressible
  /// content is stored, so a byte less of it is a byte less of the file.
  @Test(arguments: [1, 2])
  func chunksFilledExactly(chunks: Int) throws {
    var random = Seeded(seed: 5)
    let content = random.bytes(chunks << 20)
    let (header, overhead, full) = (11 + 88 + 32, 4 + 16, 1 << 20)
    let spilled = try sealer.seal(content).count - header - (chunks + 1) * overhead - chunks * full
    let lengths = (-16...16).map { content.count - spilled + $0 }
    let found = try lengths.first {
      try sealer.seal(Array(content.prefix($0))).count == header + chunks * (overhead + full)
    }
    let filling = Array(content.prefix(try #require(found, "no length fills \(chunks) chunks")))
    #expect(try open(sealer.seal(filling), with: [sealer.opening]) == filling)
  }

  @Test func eachRecipientOpensAndNobodyElse() throws {
    let (second, stranger) = (Sealer(seed: 2).opening, Sealer(seed: 3).opening)
    let sealed = try sealer.seal([1, 2, 3], to: [sealer.opening.recipient, second.recipient])
    #expect(try open(sealed, with: [sealer.opening]) == [1, 2, 3])
    #expect(try open(sealed, with: [stranger, second]) == [1, 2, 3])
    let named = [sealer.opening, second].map { String($0.recipient.fingerprint.prefix(16)) }
    #expect(failure(sealed, with: [stranger]) == .foreign(recipients: named))
    #expect(failure(sealed, with: []) == .foreign(recipients: named))
  }

  @Test func theManifestComesBackAndNamesTheFile() throws {
    let sealed = try sealer.seal([1, 2, 3])
    var opening = try Opening(with: [sealer.opening])
    opening.take(sealed)
    while try opening.next() != nil {}
    #expect(try opening.finish() == sealer.manifest())
    var again = try Opening(with: [sealer.opening])
    again.take(try sealer.seal([1, 2, 3]))
    while try again.next() != nil {}
    // The same content sealed twice is two files: one read twice is known by its id.
    #expect(opening.id?.count == 64)
    #expect(opening.id != again.id)
  }

  @Test func whatCannotBeSealed() throws {
    var random = Seeded(seed: 1)
    let (manifest, key) = (sealer.manifest(), sealer.key)
    #expect(throws: SealFailure.self) { _ = try Sealing(manifest, to: [], key: key, random: { random.bytes($0) }) }
    #expect(throws: SealFailure.self) {
      let many = [RecipientKey](repeating: sealer.opening.recipient, count: 17)
      _ = try Sealing(manifest, to: many, key: key, random: { random.bytes($0) })
    }
    // Nobody seals in another's name.
    #expect(throws: SealFailure.self) {
      let other = Sealer(seed: 2).key
      _ = try Sealing(manifest, to: [sealer.opening.recipient], key: other, random: { random.bytes($0) })
    }
  }
}
