/// Which pairs are worth comparing: those that share a block of at least one kind. A block that holds too many is left
/// to the other kinds.
struct LinkBlocks {
  private let file: LinkFile
  /// Records of the first file come first; with one file, all of them.
  private let split: Int
  private let sizeMax: Int

  init(_ file: LinkFile, split: Int, sizeMax: Int = 400) {
    self.file = file
    self.split = split
    self.sizeMax = sizeMax
  }

  /// Pairs of places in the file, the lower one in the upper half, sorted, each once.
  func pairs() -> [UInt64] {
    var all: [UInt64] = []
    for kind in 0..<Self.kinds.count { collect(kind, into: &all) }
    all.sort()
    var unique: [UInt64] = []
    unique.reserveCapacity(all.count)
    for pair in all where unique.last != pair { unique.append(pair) }
    return unique
  }

  private func collect(_ kind: Int, into all: inout [UInt64]) {
    var keyed: [(key: UInt64, place: UInt32)] = []
    for place in file.entries.indices {
      for key in Self.kinds[kind](file, file.entries[place]) where key != 0 { keyed.append((key, UInt32(place))) }
    }
    keyed.sort { ($0.key, $0.place) < ($1.key, $1.place) }
    var start = 0
    while start < keyed.count {
      var end = start + 1
      while end < keyed.count, keyed[end].key == keyed[start].key { end += 1 }
      if end - start > 1, end - start <= sizeMax { emit(keyed[start..<end], &all) }
      start = end
    }
  }

  private func emit(_ block: ArraySlice<(key: UInt64, place: UInt32)>, _ all: inout [UInt64]) {
    for first in block.indices.dropLast() {
      for second in (first + 1)..<block.endIndex where block[first].place != block[second].place {
        let isAcross = split == file.entries.count || (block[first].place < split) != (block[second].place < split)
        if isAcross { all.append(UInt64(block[first].place) << 32 | UInt64(block[second].place)) }
      }
    }
  }

  // MARK: Kinds of blocks

  private typealias Kind = @Sendable (LinkFile, LinkFile.Entry) -> [UInt64]

  private static let kinds: [Kind] = [
    // The birth date.
    { file, entry in date(file, entry).map { [key(1, $0.digits)] } ?? [] },
    // Both names as they sound, in either order, under the birth name and the used name.
    { file, entry in
      guard let given = given(file, entry) else { return [] }
      return surnames(file, entry).map { key(2, min($0, given, by: before), max($0, given, by: before)) }
    },
    // A name and the year of birth, a given name and month and day.
    { file, entry in
      guard let date = date(file, entry) else { return [] }
      return surnames(file, entry).map { key(3, $0, date.digits[..<4]) }
        + (given(file, entry).map { [key(3, $0, date.digits[..<4]), key(4, $0, date.digits[4...])] } ?? [])
    },
    // A name and where they live.
    { file, entry in
      let names = surnames(file, entry) + (given(file, entry).map { [$0] } ?? [])
      return names.flatMap { name in homes(file, entry).map { key(5, name, $0) } }
    },
    // The house.
    { file, entry in
      guard entry.number >= 0 else { return [] }
      let number = file.numbers.values[Int(entry.number)].key
      return homes(file, entry).map { key(6, number, $0) }
        + entry.lines.map { key(7, number, file.lines.values[Int($0)].joined.prefix(5)) }
    },
    // The street, whatever the number, and the town or a name.
    { file, entry in
      let others =
        homes(file, entry).map { Array($0.prefix(4)) } + surnames(file, entry).map { Array($0.prefix(3)) }
        + (given(file, entry).map { [Array($0.prefix(3))] } ?? [])
      return entry.lines.flatMap { line in
        others.map { key(9, file.lines.values[Int(line)].joined.prefix(7), $0) }
      }
    },
    { file, entry in entry.phones.map { key(8, file.phones.values[Int($0)].key) } },
  ]

  private static func date(_ file: LinkFile, _ entry: LinkFile.Entry) -> LinkDate? {
    guard entry.date >= 0 else { return nil }
    let date = file.dates.values[Int(entry.date)]
    return date.isSubstitute ? nil : date
  }

  private static func surnames(_ file: LinkFile, _ entry: LinkFile.Entry) -> [[UInt8]] {
    [entry.birthName, entry.usedName].filter { $0 >= 0 }.map { file.names.values[Int($0)].sound }
  }

  private static func given(_ file: LinkFile, _ entry: LinkFile.Entry) -> [UInt8]? {
    entry.given < 0 ? nil : file.givenNames.values[Int(entry.given)].sound
  }

  private static func homes(_ file: LinkFile, _ entry: LinkFile.Entry) -> [[UInt8]] {
    (entry.postcode >= 0 ? [file.postcodes.values[Int(entry.postcode)].joined] : [])
      + (entry.city >= 0 ? [Array(file.cities.values[Int(entry.city)].joined.prefix(6))] : [])
  }

  private static func before(_ left: [UInt8], _ right: [UInt8]) -> Bool { left.lexicographicallyPrecedes(right) }

  private static func min(_ left: [UInt8], _ right: [UInt8], by before: ([UInt8], [UInt8]) -> Bool) -> [UInt8] {
    before(right, left) ? right : left
  }

  private static func max(_ left: [UInt8], _ right: [UInt8], by before: ([UInt8], [UInt8]) -> Bool) -> [UInt8] {
    before(right, left) ? left : right
  }

  /// FNV-1a, never 0.
  private static func key(_ kind: UInt8, _ parts: any Sequence<UInt8>...) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(kind) &* 0x100_0000_01b3
    for part in parts {
      for byte in part { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01b3
    }
    return hash | 1
  }
}
