import Hospital
import Testing

struct EditDistanceTests {
  @Test(arguments: [
    ("MARTIN", "MARTIN", 0), ("MARTIN", "MARTN", 1), ("MARTIN", "MRATIN", 1), ("MARTIN", "MARTINE", 1),
    ("MARTIN", "NARTIN", 1), ("MARTIN", "MRATN", 2), ("KITTEN", "SITTING", 3), ("A", "", 1), ("", "", 0),
    ("AB", "BA", 1), ("ABCD", "BADC", 2),
  ])
  func counts(left: String, right: String, distance: Int) {
    #expect(EditDistance.between(left, right, max: 5) == distance)
    #expect(EditDistance.between(right, left, max: 5) == distance)
    #expect(EditDistance.between(left, right, max: 1) == (distance <= 1 ? distance : nil))
  }

  @Test(arguments: [
    ("MARTHA", "MARHTA", 0.9611), ("DWAYNE", "DUANE", 0.84), ("DIXON", "DICKSONX", 0.8133), ("ABC", "XYZ", 0),
    ("MARTIN", "MARTIN", 1), ("", "MARTIN", 0),
  ])
  func jaroWinkler(left: String, right: String, similarity: Double) {
    let found = JaroWinkler.similarity(Array(left.utf8), Array(right.utf8))
    #expect(abs(found - similarity) < 0.0001)
  }
}
