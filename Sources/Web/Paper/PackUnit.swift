import Hospital
import Ledger
import Register

/// A unit's sheet: who lies in which bed, what must not be forgotten, room for what happens next.
struct PackUnit {
  private let pack: Pack
  private let name: String
  private let list: UnitListReading
  private let awaited: [Awaited]
  private let transfers: [(PatientTransfer, Occupant, Partner?)]
  private var code: String { list.row.code }
  private var wording: Wording { pack.wording }

  /// Who was to come since yesterday morning, and is until tomorrow night, is on their unit's sheet.
  static func all(_ pack: Pack, _ reading: Reading) throws -> [Pack.Document] {
    let now = pack.wording.now
    let today = pack.wording.today.daysSince1970
    let awaited = try reading.awaited(on: today - 1...today + 1, pack.wording)
    let board = try reading.board(at: now).units
    // Those that only somebody to come names, and the one that nobody said.
    let others = Set(awaited.map { $0.unit ?? "" }).subtracting(board.map(\.code)).sorted()
    let open = try reading.transfers(since: now).filter(\.isOpen)
    var names: Set<String> = []
    return try (board + others.map { BoardUnitRow($0) }).map { row in
      let transfers = try open.compactMap { transfer in
        try row.occupants.first { $0.stay.id == transfer.stay }.map {
          (transfer, $0, try reading.partner(transfer.partner))
        }
      }
      // Two codes may make one name, on a key that knows no capitals too.
      var name = "2-unite-\(row.code.isEmpty ? "non-dite" : Pack.fileName(row.code))"
      while !names.insert(name.lowercased()).inserted { name += "-bis" }
      return PackUnit(
        pack: pack, name: name, list: try UnitListReading(row, reading, pack.wording),
        // Whoever lies here already is in the table; whoever lies elsewhere still comes.
        awaited: awaited.filter {
          $0.unit ?? "" == row.code && $0.present?.presence(at: now)?.place.unit != row.code
        }, transfers: transfers
      ).document
    }
  }

  private var document: Pack.Document {
    let table = UnitListTable(
      entries: list.entries(wording, .team(of: code)), version: .ward, links: false)
    let remember = untold + leaving + away + leavingFor + coming + kept
    let number = code.isEmpty ? "" : pack.number(code)
    let model: [String: any Sendable] = [
      "name": code.isEmpty ? wording("awaited.no-unit") : list.name, "number": number,
      "codes": code.isEmpty ? "" : Pack.codes(number),
      "counts": counts, "table": table.html { wording($0) }, "remember": remember, "any": !remember.isEmpty,
      "lines": Pack.lines(10),
    ].adding("phone", list.row.unit?.phone)
    return pack.document(name, "pack-unit", isWide: true, model)
  }

  private var counts: String {
    let unit = list.figures
    return wording(
      "unit.counts",
      ["occupied": grouped(unit.occupied), "staffed": grouped(unit.staffed), "free": grouped(unit.free)])
  }

  private func who(_ patient: Patient?, _ stay: Stay?) -> String {
    Session.team(of: code).name(patient, stay, in: code, wording, ippAuthority: list.ippAuthority)
  }

  private func line(_ key: String, _ who: String, _ arguments: [String: String] = [:]) -> String {
    wording("pack.remember.\(key)", arguments.merging(["who": who]) { $1 })
  }

  /// Whoever asks for them is told nothing: the sheet names them to their own unit, and lies on a desk.
  private var untold: [String] {
    list.row.occupants.filter(list.isWithheld).map { line("untold", who($0.patient, $0.stay)) }
  }

  private var leaving: [String] {
    list.row.occupants.compactMap { occupant in
      occupant.stay.expectedDischargeAt.map { at in
        line("leaving", who(occupant.patient, occupant.stay), ["time": wording.time(at)])
      }
    }
  }

  private var away: [String] {
    list.row.occupants.compactMap { occupant in
      list.awaySince(occupant).map { line("away", who(occupant.patient, occupant.stay), ["time": wording.time($0)]) }
    }
  }

  private var leavingFor: [String] {
    transfers.map { transfer, occupant, partner in
      let state = wording("transfer.step.\(transfer.status.rawValue)")
      let place = [partner?.name ?? "?", partner?.phone].compactMap { $0 }.joined(separator: " · ")
      return line("transfer", who(occupant.patient, occupant.stay), ["where": place, "state": state])
    }
  }

  private var coming: [String] {
    awaited.map { line("coming", who($0.patient, $0.stay), ["time": wording.time($0.at)]) }
  }

  private var kept: [String] {
    list.row.places.filter { $0.bed.condition == .reserved && $0.occupants.isEmpty }.map { place in
      line("kept", place.bed.code ?? "?")
    }
  }
}

extension Pack {
  /// A code as part of a file's name.
  static func fileName(_ code: String) -> String {
    String(code.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
  }
}

extension Session {
  /// A unit's own team, for paper that lies there: it names whom they may name, and opens nothing. Nobody is of a unit
  /// that nobody said.
  static func team(of unit: String) -> Session {
    var account = Account(id: "system")
    account.units = unit.isEmpty ? [] : [unit]
    let never = Instant(milliseconds: 0)
    return Session(who: account, csrf: "", began: never, until: never)
  }
}
