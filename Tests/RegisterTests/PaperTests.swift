import Hospital
import Ledger
import Register
import Seeded
import Testing

/// Numbers on paper are nobody else's, whatever happens to the station that gave them.
struct PaperTests {
  /// Somebody nobody can name, admitted now or by a sheet.
  private static func admission(at: Instant? = nil) -> any Command {
    InOneCommit(RegisterUnknown()) { said throws(Refusal) in
      Admit(patient: said.subject("patient") ?? "", stayClass: .inpatient, unit: "4EST", at: at)
    }
  }

  private static func enter(_ sheet: Sheet) -> EnterSheet {
    EnterSheet(block: sheet.block, serial: sheet.serial, at: .night, admission: admission(at: .night))
  }

  /// IPP and stay number of whoever was admitted.
  private static func numbers(_ receipt: Receipt) -> [String?] {
    let facts = receipt.facts
    return [
      facts.lazy.compactMap { $0.data["identifiers"]?.array?.first?["value"]?.string }.first,
      facts.lazy.compactMap { $0.data["number"]?.string }.first,
    ]
  }

  /// Admissions, refusals, sheets, restarts and rebuilds in any order.
  @Test(arguments: 0..<12)
  func noReservedNumberIsGivenByAnAdmission(seed: Int) async throws {
    var dice = Seeded(seed: UInt64(seed))
    var station = try TestStation(seed: UInt64(seed))
    var given: [String] = []
    var reserved: [String: [String?]] = [:]
    for _ in 0..<30 {
      switch Int.random(in: 0..<10, using: &dice) {
      case 0...1:
        let form: SheetForm = Bool.random(using: &dice) ? .admission : .arrival
        try await station.submit(ReserveSheets(form: form, count: Int.random(in: 1...4, using: &dice)))
        for sheet in try station.register.read({ try $0.sheetBlocks().flatMap(\.sheets) }) {
          // What was reserved once is read the same ever after.
          let before = reserved.updateValue([sheet.ipp, sheet.stayNumber], forKey: sheet.number)
          if let before { #expect(before == [sheet.ipp, sheet.stayNumber], "seed \(seed)") }
        }
      case 2...5: given += Self.numbers(try await station.submit(Self.admission())).compactMap(\.self)
      case 6: _ = try? await station.submit(Number(kind: .ipp, refuses: true))
      case 7...8:
        let sheets = try station.register.read { try $0.sheetBlocks().flatMap(\.sheets) }
        guard let sheet = sheets.filter({ $0.status != .entered }).randomElement(using: &dice) else { continue }
        let receipt = try await station.submit(Self.enter(sheet))
        #expect(Self.numbers(receipt) == [sheet.ipp, sheet.stayNumber], "seed \(seed)")
      default: station = try TestStation(after: station, rebuilding: Bool.random(using: &dice))
      }
    }
    let all = given + reserved.values.flatMap { $0.compactMap(\.self) }
    #expect(Set(all).count == all.count, "seed \(seed)")
  }

  /// A hundred IPPs: the last thirty are for whoever stands at the desk.
  @Test func paperLeavesTheLastNumbersToTheDesk() async throws {
    let station = try TestStation()
    try await station.submit(ReserveSheets(form: .admission, count: 120))
    let sheets = try station.register.read { try $0.sheetBlocks() }[0].sheets
    #expect(sheets.count == 120 && sheets.filter { $0.ipp != nil }.count == 71)
    #expect(sheets.allSatisfy { $0.stayNumber != nil })
    #expect(try station.register.read { try $0.numbersLeft(.ipp) }.left == 29)
    #expect(Self.numbers(try await station.submit(Self.admission())).first == "900171")
    // One without an IPP of its own takes the next.
    let receipt = try await station.submit(Self.enter(sheets[119]))
    #expect(Self.numbers(receipt) == ["900172", sheets[119].stayNumber])
  }

  /// Both stays are kept, on the sheet's line and as conflicts of the numbers that they share.
  @Test func aSheetTypedInAtTwoStations() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    for slice in [
      NumberSlices.Slice(kind: .ipp, first: 500, last: 599), NumberSlices.Slice(kind: .nda, first: 500, last: 599),
      NumberSlices.Slice(kind: .unknown, first: 1, last: 99),
    ] {
      try await second.say(slice.granted(to: second.register.station, at: .night))
    }
    try await first.submit(ReserveSheets(form: .arrival, count: 2))
    try await second.submit(ReserveSheets(form: .arrival, count: 2))
    func meet() async throws {
      try await second.take(from: first)
      try await first.take(from: second)
      #expect(try first.digest() == second.digest())
    }
    try await meet()
    let sheets = try first.register.read { try $0.sheetBlocks() }.flatMap(\.sheets)
    #expect(try second.register.read { try $0.sheetBlocks() }.flatMap(\.sheets) == sheets)
    let numbers = sheets.flatMap { [$0.ipp, $0.stayNumber] }.compactMap(\.self)
    #expect(numbers.count == 8 && Set(numbers).count == 8)
    for station in [first, second] { try await station.submit(Self.enter(sheets[0])) }
    try await meet()
    for station in [first, second] {
      let sheet = try #require(try station.register.read { try $0.sheet(sheets[0].number) })
      #expect(Set(sheet.entries.map(\.said.station)) == [first.register.station, second.register.station])
      let kinds = try station.register.read { try $0.conflicts() }.map(\.kind)
      #expect(Set(kinds) == [.identifier, .number])
      await #expect(throws: Refusal.self) { try await station.submit(Self.enter(sheets[0])) }
    }
  }

  @Test func aNumberOnPaperIsFound() async throws {
    let station = try TestStation()
    func found(_ typed: String) throws -> PaperFound { try station.register.read { try $0.paper(typed) } }
    #expect(try found("001") == .nothing)
    try await station.submit(ReserveSheets(form: .arrival, count: 3))
    let block = try #require(try station.register.read { try $0.sheetBlocks() }.first)
    let sheet = block.sheets[1]
    for typed in [sheet.number, sheet.number.lowercased(), " \(sheet.number) ", "002", "2"] {
      #expect(try found(typed) == .sheet(sheet), "\(typed)")
    }
    for number in [sheet.ipp, sheet.stayNumber] { #expect(try found(number ?? "") == .sheet(sheet)) }
    for typed in ["", "4", "000", "0-002", "\(sheet.number)2"] { #expect(try found(typed) == .nothing, "\(typed)") }
    try await station.submit(ReserveSheets(form: .admission, count: 2))
    #expect(try found("002") == .several)
    #expect(try found("003") == .sheet(block.sheets[2]))
    // Nobody may have been able to say that those of the other were taken.
    try await station.submit(IssueSheets(SheetRange(block: block.id, first: 1, last: 3), to: "Urgences"))
    #expect(try found("002") == .several)
    // Void, it is no more to be typed in: the serial of the other is enough.
    let other = try #require(try station.register.read { try $0.sheetBlocks() }.first { $0.id != block.id })
    try await station.submit(VoidSheets(SheetRange(other.sheets[1]), why: .unused, note: nil))
    guard case .sheet(let out) = try found("002") else { throw Refusal("sheet-unknown") }
    #expect(out.number == sheet.number && out.to == "Urgences")
    try await station.submit(VoidSheets(SheetRange(sheet), why: .unused, note: nil))
    #expect(try found("002") == .several)
    try await station.submit(StartRound(units: ["4EST"]))
    let round = try #require(try station.register.read { try $0.rounds() }.first)
    #expect(try found(round.sheet("4EST").lowercased()) == .round(round, unit: "4EST"))
    // A pack's lists are known by their unit; another unit's, or what is no number, leads nowhere.
    #expect(try found("0a1b2c3d-4est") == .list(pack: "0A1B2C3D", unit: "4EST"))
    #expect(try found("0A1B2C3D-URGENCES") == .list(pack: "0A1B2C3D", unit: "URGENCES"))
    try await station.submit(StartRound(units: ["URGENCES", "4EST"], pack: "0A1B2C3D"))
    let lists = try #require(try station.register.read { try $0.rounds() }.first { $0.pack != nil })
    #expect(try found("0a1b2c3d-4est") == .round(lists, unit: "4EST"))
    #expect(try found("0A1B2C3D-URGENCES") == .round(lists, unit: "URGENCES"))
    #expect(try found("1A1B2C3D-4EST") == .list(pack: "1A1B2C3D", unit: "4EST"))
    for typed in ["0A1B2C3D-9NORD", "0A1B2C3X-4EST", "0A1B2C3D-", "4EST"] {
      #expect(try found(typed) == .nothing, "\(typed)")
    }
  }
}
