import Hospital
import Testing
import Web

@Suite struct BoardTests {
  private let words = BoardWords { $0 }

  private func drawn(_ bed: BoardBed, _ version: UnitFragment.Version = .staff) -> String {
    var out = ""
    UnitFragment(BoardUnit(code: "4EST", name: "4 Est", beds: [bed]), version: version, words: words).write(into: &out)
    return out
  }

  struct Row: Sendable {
    var condition: BedCondition
    var doubled = false
    var sexes: [Sex?] = []
    var discreet = false
    var face: BedFace
  }

  @Test(arguments: [
    Row(condition: .free, face: .free),
    Row(condition: .toClean, face: .toClean),
    Row(condition: .reserved, face: .reserved),
    Row(condition: .closed, face: .closed),
    Row(condition: .bodyPresent, face: .bodyPresent),
    Row(condition: .free, sexes: [.female], face: .occupied(.female)),
    Row(condition: .closed, sexes: [nil], face: .occupied(nil)),
    Row(condition: .reserved, sexes: [.male], face: .occupied(.male)),
    Row(condition: .free, sexes: [.male], discreet: true, face: .discreet),
    Row(condition: .free, doubled: true, sexes: [.male, .male], face: .doubled),
    Row(condition: .free, doubled: true, sexes: [.male, .male, .male], face: .conflict(3)),
    Row(condition: .free, sexes: [.male, .female], face: .conflict(2)),
    Row(condition: .free, doubled: true, sexes: [.male], face: .occupied(.male)),
  ])
  func aBedHasOneFace(row: Row) {
    let face = BedFace(condition: row.condition, doubled: row.doubled, sexes: row.sexes, discreet: row.discreet)
    #expect(face == row.face)
  }

  @Test func noTwoStatesShareTheirLetter() {
    let faces: [BedFace] = [
      .occupied(.female), .occupied(.male), .occupied(nil), .occupied(.indeterminate), .discreet, .free, .toClean,
      .reserved, .closed, .bodyPresent, .doubled, .conflict(2),
    ]
    #expect(Set(faces.map(\.letter)).count == faces.count)
  }

  @Test func aWallBearsNoNameNoStayAndNoLink() {
    let bed = BoardBed(id: "1", code: "412-1", face: .occupied(.female), stay: "s-9", occupant: "MARTIN", note: "for X")
    let wall = drawn(bed, .wall)
    for secret in ["MARTIN", "s-9", "for X", "href"] { #expect(!wall.contains(secret)) }
    #expect(drawn(bed).contains("MARTIN"))
  }

  @Test func aHostileNameStaysText() {
    let bed = BoardBed(
      id: "1", code: "\"><script>", face: .closed, occupant: "<img src=x onerror=alert(1)>\u{202E}", note: "'\"")
    let html = drawn(bed)
    #expect(!html.contains("<script") && !html.contains("<img") && !html.contains("\u{202E}"))
  }

  @Test func theBarCountsWhatCanBeUsed() {
    let beds = [
      BoardBed(id: "1", code: "1", face: .occupied(.male)), BoardBed(id: "2", code: "2", face: .free),
      BoardBed(id: "3", code: "3", face: .closed), BoardBed(id: "4", code: "4", face: .free, staffed: false),
    ]
    let unit = BoardUnit(code: "U", name: "U", beds: beds)
    #expect((unit.occupied, unit.free, unit.staffed, unit.closed) == (1, 1, 2, 1))
  }
}
