import Synchronization
import Testing
import Web

@Suite struct LiveBoardTests {
  private final class Ward: Sendable {
    let units = Mutex([
      BoardUnit(code: "A", name: "A", beds: [BoardBed(id: "a1", code: "1", face: .free)]),
      BoardUnit(code: "B", name: "B", beds: [BoardBed(id: "b1", code: "1", face: .free)]),
    ])
    var board: LiveBoard {
      LiveBoard(words: ["fr": BoardWords { $0 }, "en": BoardWords { $0 }], epoch: "e") { self.units.withLock { $0 } }
    }
    func say(_ face: BedFace, occupant: String = "") {
      units.withLock {
        $0[0].beds[0].face = face
        $0[0].beds[0].occupant = occupant
      }
    }
  }

  @Test func onlyWhatChangedIsSent() async throws {
    let ward = Ward()
    let board = ward.board
    let stream = try #require(board.listen(.init(.staff, "fr"), after: nil))
    ward.say(.toClean)
    #expect(try board.refresh() == ["A"])
    #expect(try board.refresh() == [])
    board.close()
    var heard = ""
    for await frame in stream { heard += String(decoding: frame, as: UTF8.self) }
    #expect(heard.contains("unit-A") && heard.contains("bed-clean") && !heard.contains("unit-B"))
    #expect(heard.contains("event: counts"))
  }

  @Test func theWallNeverHearsAName() async throws {
    let ward = Ward()
    let board = ward.board
    let wall = try #require(board.listen(.init(.wall, "fr"), after: nil))
    let staff = try #require(board.listen(.init(.staff, "en"), after: nil))
    ward.say(.occupied(.female), occupant: "MARTIN Louise")
    try board.refresh()
    board.close()
    var onWall = ""
    var toStaff = ""
    for await frame in wall { onWall += String(decoding: frame, as: UTF8.self) }
    for await frame in staff { toStaff += String(decoding: frame, as: UTF8.self) }
    #expect(!onWall.contains("MARTIN") && onWall.contains("bed-occupied"))
    #expect(toStaff.contains("MARTIN"))
  }

  /// What a page shows and what a change sends must be the same bytes, or a browser would see changes where none are.
  @Test func aPageIsMadeOfTheSameFragments() throws {
    let ward = Ward()
    let board = ward.board
    let first = try board.page(for: .init(.staff, "fr")).html
    ward.say(.closed)
    let second = try board.page(for: .init(.staff, "fr")).html
    #expect(first[1] == second[1] && first[0] != second[0])
  }

  /// A browser renders its page, and connects only later.
  @Test func whatChangesBeforeTheConnectionIsNotLost() async throws {
    let ward = Ward()
    let board = ward.board
    let quiet = try board.page(for: .init(.staff, "fr")).lastEventID
    ward.say(.closed)
    try board.refresh()
    var frames = try #require(board.listen(.init(.staff, "fr"), after: quiet)).makeAsyncIterator()
    _ = await frames.next()
    let told = await frames.next().map { String(decoding: $0, as: UTF8.self) }
    #expect(told?.contains("event: reload") == true)
    let busy = try board.page(for: .init(.staff, "fr")).lastEventID
    ward.say(.free)
    try board.refresh()
    var later = try #require(board.listen(.init(.staff, "fr"), after: busy)).makeAsyncIterator()
    _ = await later.next()
    let missed = await later.next().map { String(decoding: $0, as: UTF8.self) }
    #expect(missed?.contains("bed-free") == true)
  }
}
