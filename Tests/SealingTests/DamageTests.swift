import Ledger
import Replication
import Seeded
import Testing

/// Every kind of damage is told apart from the others.
struct DamageTests {
  static let headerBytes = 11 + 88 + 32
  /// Prefix, 1 MiB, tag.
  static let fullChunkBytes = 4 + (1 << 20) + 16

  let sealer = Sealer()
  var keys: [OpeningKey] { [sealer.opening] }

  /// Of four chunks, the last partly filled.
  func long() throws -> [UInt8] {
    var random = Seeded(seed: 9)
    return try sealer.seal(random.bytes(3_300_000))
  }

  @Test func cutAnywhereIsTruncated() throws {
    let short = try sealer.seal(Array("one\ntwo\n".utf8))
    for count in short.indices {
      #expect(failure(Array(short.prefix(count)), with: keys) == .truncated, "cut to \(count)")
    }
    let long = try long()
    var random = Seeded(seed: 11)
    let ends = (0...3).map { Self.headerBytes + $0 * Self.fullChunkBytes }
    let cuts =
      ends.flatMap { [$0, $0 + 1, $0 + 4, $0 + 5, $0 + 20] }
      + (0..<20).map { _ in
        Int.random(in: 0..<long.count, using: &random)
      }
    for count in cuts where count < long.count {
      #expect(failure(Array(long.prefix(count)), with: keys) == .truncated, "cut to \(count)")
    }
  }

  /// What the altered byte must be called, by where it lies.
  func expected(_ index: Int) -> SealFailure? {
    switch index {
    case 0..<8: .notSealed
    case 8: nil
    case 9..<Self.headerBytes: .alteredHeader
    default: .altered(chunk: (index - Self.headerBytes) / Self.fullChunkBytes)
    }
  }

  @Test func everyAlteredByteIsNamed() throws {
    let short = try sealer.seal(Array("one\ntwo\n".utf8))
    for index in short.indices {
      for bit in [UInt8(1), 0x80] {
        var altered = short
        altered[index] ^= bit
        let expected = expected(index) ?? .version(Int(altered[8]))
        #expect(failure(altered, with: keys) == expected, "byte \(index), bit \(bit)")
      }
    }
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func alteredBytesOfALongFileAreNamed(seed: UInt64) throws {
    var random = Seeded(seed: seed)
    var altered = try long()
    let chunk = Int(seed % 4)
    let start = Self.headerBytes + chunk * Self.fullChunkBytes
    // Each of the prefix's bytes, then anywhere.
    let index =
      seed < 4
      ? start + Int(seed) : Int.random(in: start..<min(start + Self.fullChunkBytes, altered.count), using: &random)
    altered[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    #expect(failure(altered, with: keys) == .altered(chunk: chunk), "seed \(seed), byte \(index)")
  }

  @Test func chunksMovedRepeatedOrLeftOut() throws {
    let long = try long()
    func chunk(_ number: Int) -> ArraySlice<UInt8> {
      long[
        Self.headerBytes + number
          * Self.fullChunkBytes..<min(Self.headerBytes + (number + 1) * Self.fullChunkBytes, long.count)]
    }
    let header = long.prefix(Self.headerBytes)
    let orders: [(order: [Int], chunk: Int)] = [
      ([1, 0, 2, 3], 0), ([0, 2, 1, 3], 1), ([0, 0, 1, 2, 3], 1), ([0, 1, 3], 2), ([3], 0), ([0, 1, 2, 2, 3], 3),
    ]
    for (order, number) in orders {
      let moved = Array(header) + order.flatMap { chunk($0) }
      #expect(failure(moved, with: keys) == .altered(chunk: number), "\(order)")
    }
    #expect(failure(Array(header) + [0, 1, 2, 3, 3].flatMap { chunk($0) }, with: keys) == .extended)
    #expect(failure(Array(header) + [0, 1, 2].flatMap { chunk($0) }, with: keys) == .truncated)
  }

  @Test func chunksOfAnotherFile() throws {
    let (one, other) = (try sealer.seal([1, 2, 3]), try sealer.seal([1, 2, 3]))
    // The same content key, even: the header differs, and binds.
    #expect(
      failure(Array(one.prefix(Self.headerBytes) + other.dropFirst(Self.headerBytes)), with: keys) == .altered(chunk: 0)
    )
  }

  @Test(arguments: [1, 4, 20, 2_000_000])
  func whatFollowsTheEnd(count: Int) throws {
    for sealed in [try sealer.seal([]), try long()] {
      #expect(failure(sealed + [UInt8](repeating: 0, count: count), with: keys) == .extended)
    }
  }

  @Test func whatIsNoSealedFile() throws {
    #expect(failure(Array("%PDF-1.7 a report".utf8), with: keys) == .notSealed)
    #expect(failure(Array("P".utf8), with: keys) == .truncated)
    #expect(failure([], with: keys) == .truncated)
    #expect(failure(Array("PERMSEAL".utf8) + [9, 1, 254], with: keys) == .version(9))
  }
}
