/// How far one spelling is from another.
public enum EditDistance {
  /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) between two words, or nil
  /// if there are more than `max`.
  public static func between(_ left: [UInt8], _ right: [UInt8], max: Int) -> Int? {
    left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { right in distance(left[...], right[...], max) }
    }
  }

  public static func between(_ left: String, _ right: String, max: Int) -> Int? {
    if left == right { return 0 }
    return between(Array(left.utf8), Array(right.utf8), max: max)
  }

  private static func distance(
    _ left: Slice<UnsafeBufferPointer<UInt8>>, _ right: Slice<UnsafeBufferPointer<UInt8>>, _ max: Int
  ) -> Int? {
    guard abs(left.count - right.count) <= max else { return nil }
    // What both begin and end with changes nothing.
    var left = left
    var right = right
    while let first = left.first, first == right.first {
      left.removeFirst()
      right.removeFirst()
    }
    while let last = left.last, last == right.last {
      left.removeLast()
      right.removeLast()
    }
    if left.isEmpty || right.isEmpty { return Swift.max(left.count, right.count) }
    if max == 1 { return isOneEdit(left, right) ? 1 : nil }
    return matrix(left, right, max)
  }

  /// Both differ at their first and at their last byte.
  private static func isOneEdit(
    _ left: Slice<UnsafeBufferPointer<UInt8>>, _ right: Slice<UnsafeBufferPointer<UInt8>>
  ) -> Bool {
    if left.count == 1, right.count == 1 { return true }
    guard left.count == 2, right.count == 2 else { return false }
    return left[left.startIndex] == right[right.startIndex + 1] && left[left.startIndex + 1] == right[right.startIndex]
  }

  private static func matrix(
    _ left: Slice<UnsafeBufferPointer<UInt8>>, _ right: Slice<UnsafeBufferPointer<UInt8>>, _ max: Int
  ) -> Int? {
    let width = right.count + 1
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: width * 3) { cells in
      var before = 0
      var above = width
      var here = width * 2
      for column in 0..<width { cells[above + column] = Int32(column) }
      for row in 1...left.count {
        let letter = left[left.startIndex + row - 1]
        cells[here] = Int32(row)
        var least = Int32(row)
        for column in 1..<width {
          let other = right[right.startIndex + column - 1]
          var cost = Swift.min(cells[above + column], cells[here + column - 1]) + 1
          cost = Swift.min(cost, cells[above + column - 1] + (letter == other ? 0 : 1))
          if row > 1, column > 1, letter == right[right.startIndex + column - 2],
            left[left.startIndex + row - 2] == other
          {
            cost = Swift.min(cost, cells[before + column - 2] + 1)
          }
          cells[here + column] = cost
          least = Swift.min(least, cost)
        }
        if least > max { return nil }
        (before, above, here) = (above, here, before)
      }
      let distance = Int(cells[above + width - 1])
      return distance <= max ? distance : nil
    }
  }
}
