import Testing

/// The same facts give the same state on every station: Ledger and Hospital read no clock and roll no dice.
struct PurityTests {
  static let forbidden: [(word: String, instead: String)] = [
    ("Date()", "take an Instant as an argument"),
    ("Date.now", "take an Instant as an argument"),
    ("ContinuousClock", "take an Instant as an argument"),
    ("clock_gettime", "take an Instant as an argument"),
    ("gettimeofday", "take an Instant as an argument"),
    ("UUID()", "take an identifier, or Moment.newID, as an argument"),
    (".random(", "take a source of random bytes as an argument"),
    ("SystemRandomNumberGenerator", "take a source of random bytes as an argument"),
    (".shuffled()", "take a RandomNumberGenerator as an argument"),
    (".randomElement()", "take a RandomNumberGenerator as an argument"),
    ("Hasher()", "hash with SHA-256: Swift's hashes differ from one run to the next"),
  ]

  @Test(arguments: ["Ledger", "Hospital"])
  func pureFloors(floor: String) throws {
    for path in try Repository.files(in: "Sources/\(floor)", "swift") {
      for (number, line) in try Repository.code(path) {
        // With a generator passed in, it is the caller's dice.
        for (word, instead) in Self.forbidden where line.contains(word) && !line.contains("using: &") {
          Issue.record("\(path):\(number) says \(word): \(instead)")
        }
      }
    }
  }

  /// Two that reckon hours differ in the one that comes twice.
  @Test func oneClockOfTheHospital() throws {
    let place = "Sources/Hospital/Structure/LocalTime.swift"
    for path in try Repository.files(in: "Sources", "swift") where path != place {
      for (number, line) in try Repository.code(path) {
        for word in ["TimeZone(", "secondsFromGMT", "Calendar(", "localtime"] {
          #expect(!line.contains(word), "\(path):\(number) says \(word): reckon hours with LocalTime")
        }
      }
    }
  }

  @Test func theHospitalTouchesNoDisk() throws {
    for path in try Repository.files(in: "Sources/Hospital", "swift") {
      for (number, line) in try Repository.code(path) {
        for word in ["FileManager", "FileHandle", "contentsOfFile", "fopen(", "getenv(", "URLSession", " print("] {
          #expect(
            !line.contains(word), "\(path):\(number) says \(word): take the content as an argument, and read it above")
        }
      }
    }
  }
}
