import Ledger
import Replication
import Testing

struct SegmentNameTests {
  static let hash = String(repeating: "0123456789abcdef", count: 4)

  @Test func oneSpelling() throws {
    let path = "segments/reads-urg-1-3fa9c2d1/7-120-\(Self.hash)"
    let name = try #require(SegmentName(path: path))
    #expect(name.chain == "reads-urg-1-3fa9c2d1")
    #expect(name.first == 7)
    #expect(name.last == 120)
    #expect(name.hash.hex == Self.hash)
    #expect(name.path == path)
  }

  @Test(arguments: [
    "segments/urg-1-3fa9c2d1/07-120-HASH", "segments/urg-1-3fa9c2d1/120-7-HASH", "segments/urg-1-3fa9c2d1/0-7-HASH",
    "segments/urg-1-3fa9c2d1/7-120", "segments/../7-120-HASH", "segments/URG/7-120-HASH", "snapshots/urg-1/7-120-HASH",
    "/segments/urg-1-3fa9c2d1/7-120-HASH", "segments/urg-1-3fa9c2d1/+7-120-HASH", "segments/urg-1-3fa9c2d1/7-120-HASH0",
  ])
  func notASegment(path: String) {
    #expect(SegmentName(path: path.replacing("HASH", with: Self.hash)) == nil)
  }
}
