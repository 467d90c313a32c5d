/// SplitMix64: the same seed throws the same dice on every machine and with every version of Swift.
struct SampleDice {
  private var state: UInt64

  init(seed: UInt64, index: Int) {
    state = seed &* 0xD134_2543_DE82_EF95 &+ UInt64(truncatingIfNeeded: index) &* 0x2545_F491_4F6C_DD1D
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// From 0 to `count - 1`.
  mutating func below(_ count: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// From 0 up to but not including 1.
  mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func happens(_ probability: Double) -> Bool { fraction() < probability }

  mutating func one<Element>(of list: [Element]) -> Element { list[below(list.count)] }

  /// A place in a list sorted by how common things are: the first ones often, the last ones seldom.
  mutating func skewed(below count: Int, power: Double) -> Int {
    let spread = fraction()
    var place = spread
    for _ in 1..<Int(power) { place *= spread }
    return min(count - 1, Int(place * Double(count)))
  }
}
