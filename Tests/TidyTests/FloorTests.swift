import Testing

/// Lower floors know nothing of higher ones.
struct FloorTests {
  static let below: [String: Set<String>] = [
    "Ledger": [],
    "Hospital": ["Ledger"],
    "Register": ["Hospital", "Ledger"],
    "Interop": ["Hospital", "Ledger"],
    "Replication": ["Hospital", "Ledger", "Register"],
    "Feeds": ["Hospital", "Interop", "Ledger", "Register"],
    "Web": ["Feeds", "Hospital", "Interop", "Ledger", "Register"],
    "permanence": ["Feeds", "Hospital", "Interop", "Ledger", "Register", "Replication", "Web"],
  ]

  @Test(arguments: below.keys.sorted())
  func importsGoDownwards(floor: String) throws {
    let allowed = try #require(Self.below[floor])
    for path in try Repository.files(in: "Sources/\(floor)", "swift") {
      for (number, line) in try Repository.code(path) {
        guard let module = imported(by: line), Self.below[module] != nil else { continue }
        #expect(
          allowed.contains(module),
          "\(path):\(number) imports \(module): move what it needs down to \(floor) or below, or pass it in")
      }
    }
  }

  @Test func everyFloorIsKnownHere() throws {
    let floors = Set(try Repository.files(in: "Sources", "swift").map { String($0.split(separator: "/")[1]) })
    #expect(
      floors == Set(Self.below.keys),
      "a floor is not in this table: say in FloorTests.swift which floors lie below it")
  }

  /// A release build, which is the one that is tested, opens no module's inside.
  @Test func testsSeeWhatThePackageSees() throws {
    for path in try Repository.files(in: "Tests", "swift") {
      for (number, line) in try Repository.code(path) {
        #expect(!line.contains("@" + "testable"), "\(path):\(number): give what it needs package access")
      }
    }
  }

  /// Foundation brings time zones, locales and its own lenient JSON; a ledger needs none of them.
  @Test func theLedgerDoesWithoutFoundation() throws {
    for path in try Repository.files(in: "Sources/Ledger", "swift") {
      for (number, line) in try Repository.code(path) {
        #expect(
          imported(by: line) != "Foundation",
          "\(path):\(number) imports Foundation: write it with the standard library, or FoundationEssentials")
      }
    }
  }

  private func imported(by line: Substring) -> String? {
    var words = line.split(separator: " ").map(String.init)
    while let first = words.first, first.hasPrefix("@") || ["public", "private", "internal"].contains(first) {
      words.removeFirst()
    }
    guard words.count >= 2, words[0] == "import" else { return nil }
    let isOneDeclaration = words.count > 2 && ["struct", "class", "enum", "func", "protocol"].contains(words[1])
    return words[isOneDeclaration ? 2 : 1].split(separator: ".").first.map(String.init)
  }
}
