import Hospital
import Ledger
import Testing

/// The names from here that a feed gives with its stay.
struct StayNamesTests {
  /// A movement's key and other numbers as the feed says them, one message each, with ours written `*`; PV1-50; and the
  /// names that are found.
  @Test(
    arguments: [
      ([["CH|501"]], "", []), ([["*|k1"]], "", ["k1"]), ([["CH|501", "*|k1"]], "", ["k1"]),
      ([["CH|501", "LABO|9", "*|k1"], ["CH|502"], ["CH|503", "LABO|8"]], "", ["k1"]),
      // A correction under its number alone takes none away; another list replaces the list.
      ([["CH|501", "*|k1"], ["CH|501"]], "", ["k1"]), ([["CH|501", "*|k1"], ["CH|501", "*|k2"]], "", ["k2"]),
      ([["*|k1"], ["CH|501", "*|k1"]], "", ["k1"]), ([["CH|501", "*|k1"]], "N7^^^CH", ["N7", "k1"]),
      ([["CH|501"]], "N\\T\\7^^^CH", ["N&7"]), ([["CH|501"]], "^^^CH", []),
      ([["CH|501", "*0|k1"]], "", []),
    ] as [([[String]], String, [String])])
  func names(messages: [[String]], alternate: String, found: [String]) throws {
    let structure = try #require(MemoryWorld().structure)
    var stay = Stay(id: StayFoldTests.id)
    for (place, numbers) in messages.enumerated() {
      let numbers = numbers.map { $0.replacing("*", with: structure.movementOID) }
      var movement = JSONObject()
      if numbers.count > 1 { movement.append("also", .array(numbers.dropFirst().map { .string($0) })) }
      let beside: JSONObject = alternate.isEmpty ? [:] : ["PV1-50": .string(alternate)]
      stay.fold(StayFoldTests.heard(StayFoldTests.said("admitted", place, numbers[0], movement, beside), place))
    }
    #expect(stay.namesFromHere(structure) == Set(found))
    #expect(try #require(Stay(stored: stay.stored)).namesFromHere(structure) == Set(found))
  }
}
