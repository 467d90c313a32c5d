/// Jaro's similarity of two words with Winkler's weight on a common beginning, from 0 to 1. Made for names.
public enum JaroWinkler {
  public static func similarity(_ left: [UInt8], _ right: [UInt8]) -> Double {
    if left == right { return left.isEmpty ? 0 : 1 }
    if left.isEmpty || right.isEmpty { return 0 }
    let jaro = left.withUnsafeBufferPointer { left in right.withUnsafeBufferPointer { right in plain(left, right) } }
    guard jaro > 0.7 else { return jaro }
    var prefix = 0
    while prefix < 4, prefix < left.count, prefix < right.count, left[prefix] == right[prefix] { prefix += 1 }
    return jaro + Double(prefix) * 0.1 * (1 - jaro)
  }

  private static func plain(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Double {
    let window = max(0, max(left.count, right.count) / 2 - 1)
    return withUnsafeTemporaryAllocation(of: Bool.self, capacity: left.count + right.count) { taken in
      taken.initialize(repeating: false)
      var matches = 0
      for position in left.indices {
        let low = max(0, position - window)
        let high = min(right.count - 1, position + window)
        guard low <= high else { continue }
        for other in low...high where !taken[left.count + other] && left[position] == right[other] {
          taken[position] = true
          taken[left.count + other] = true
          matches += 1
          break
        }
      }
      guard matches > 0 else { return 0 }
      var displaced = 0
      var other = 0
      for position in left.indices where taken[position] {
        while !taken[left.count + other] { other += 1 }
        if left[position] != right[other] { displaced += 1 }
        other += 1
      }
      let common = Double(matches)
      return
        (common / Double(left.count) + common / Double(right.count) + (common - Double(displaced) / 2) / common) / 3
    }
  }
}
