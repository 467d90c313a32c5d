import Ledger
import Replication
import Testing

/// Who took a paper's numbers is said by whoever holds the paper, and by nobody else.
struct ReserveMarkTests {
  private static let paper = "paper-3fa9c2d1"
  private static let station = "secours-1-0123abcd"

  @Test func thePapersHolderIsBelieved() throws {
    let root = Sealer().key
    let mark = ReserveMark(paper: Self.paper, station: Self.station)
    let path = try mark.path(signedBy: root)
    #expect(path.hasPrefix("reserve/paper-3fa9c2d1-secours-1-0123abcd-"))
    #expect(ReserveMark(path: path, of: Self.paper, root: root.publicKey) == mark)
    #expect(ReserveMark(path: path, root: root.publicKey) == mark)
    #expect(ReserveMark(path: path, of: "paper-00000000", root: root.publicKey) == nil)
    #expect(ReserveMark(path: path, of: Self.paper, root: Sealer(seed: 2).key.publicKey) == nil)
  }

  /// The digits stand in clear in every sealed header.
  @Test(arguments: [
    "reserve/paper-3fa9c2d1-x", "reserve/paper-3fa9c2d1-secours-1-0123abcd",
    "reserve/paper-3fa9c2d1-secours-1-0123abcd-", "reserve/paper-3fa9c2d1-",
    "reserve/paper-3fa9c2d1-secours-1-0123abcd-\(String(repeating: "0", count: 128))",
  ])
  func aThiefIsNot(path: String) {
    #expect(ReserveMark(path: path, of: Self.paper, root: Sealer().key.publicKey) == nil)
    #expect(ReserveMark(path: path, root: Sealer().key.publicKey) == nil)
  }

  /// Another station's mark cannot be turned into one of a station that is restored now.
  @Test func aSignatureIsOfOneStation() throws {
    let root = Sealer().key
    let path = try ReserveMark(paper: Self.paper, station: Self.station).path(signedBy: root)
    #expect(
      ReserveMark(path: path.replacing("secours-1", with: "secours-2"), of: Self.paper, root: root.publicKey) == nil)
  }
}
