import Ledger

/// Blank forms that one station has numbered together (`sheets/<uuid>`), and what became of each. What concerns some of
/// them is kept as it was said: a sheet that was typed in elsewhere may be heard of before its block.
public struct SheetBlock: Sendable, Equatable {
  public let id: String
  public private(set) var form: SheetForm?
  public private(set) var reserved: Attribution?
  /// By serial: the numbers that the sheet gives.
  private var numbers: [Numbers] = []
  private var statements: [Statement] = []
  /// `stay/<uuid>` of those whose admission was cancelled. Known where the block is read, and not stored.
  private var cancelled: Set<String> = []

  /// Three digits of a serial, and a fact of a size that people can read.
  public static let countMax = 200

  struct Numbers: Sendable, Equatable {
    var ipp: String?
    var stay: String?
  }

  struct Statement: Sendable, Equatable {
    enum Kind: String, Sendable { case issued, returned, voided, entered, parted }

    var kind: Kind
    var first: Int
    var last: Int
    var at: Instant
    var said: Attribution
    var to: String?
    var why: Sheet.VoidReason?
    var note: String?
    var stay: String?
  }

  public init(id: String) { self.id = id }

  public var count: Int { numbers.count }

  /// Every sheet of the block, by serial. Empty where only another station's word of it is known yet.
  public var sheets: [Sheet] {
    guard let form else { return [] }
    var sheets = numbers.enumerated().map { index, numbers in
      Sheet(block: id, form: form, serial: index + 1, ipp: numbers.ipp, stayNumber: numbers.stay)
    }
    for statement in statements where statement.first <= sheets.count {
      let isCancelled = statement.stay.map(cancelled.contains) ?? false
      for index in statement.first - 1..<min(statement.last, sheets.count) {
        sheets[index].take(statement, isCancelled: isCancelled)
      }
    }
    let used =
      sheets.last { $0.returned != nil || !$0.entries.isEmpty || $0.voided?.why == .spoilt }?.serial ?? 0
    for index in sheets.indices where index < used - 1 { sheets[index].isInferred = true }
    return sheets
  }

  /// Nobody has any sheet of it.
  public var isBlank: Bool { sheets.allSatisfy { $0.status == .blank } }

  public func sheet(_ serial: Int) -> Sheet? { sheets.first { $0.serial == serial } }

  /// The one that this stay is.
  public func sheet(ofStay id: String) -> Sheet? {
    sheets.first { $0.entries.contains { $0.stay.sameBytes(as: id) } }
  }

  /// Knowing which of its stays were cancelled: as a block is for whoever reads it.
  /// - Parameter stay: of `stay/<uuid>`.
  public func knowing(_ stay: (String) throws -> Stay?) rethrows -> SheetBlock {
    var block = self
    for id in statements.compactMap(\.stay) where try stay(id)?.hasNoAdmission ?? false { block.cancelled.insert(id) }
    return block
  }

  /// `0B7A1F2E`, as each of its sheets begins.
  public var name: String { String(SheetNumber.text(id, "").dropLast()) }
}

extension Stay {
  /// Its admission was cancelled; whoever was expected is expected again. One that goes on as the main system's is
  /// cancelled too, but somebody's all the same.
  fileprivate var hasNoAdmission: Bool { continuedAs == nil && (status == .cancelled || status == .preadmitted) }
}

/// How many sheets are in which state.
public struct SheetCounts: Sendable, Equatable {
  public var reserved: Int
  public var issued: Int
  public private(set) var byStatus: [Sheet.Status: Int] = [:]

  public init(_ sheets: some Sequence<Sheet>) {
    (reserved, issued) = (0, 0)
    for sheet in sheets {
      reserved += 1
      if sheet.status != .blank { issued += 1 }
      byStatus[sheet.status, default: 0] += 1
    }
  }

  public subscript(_ status: Sheet.Status) -> Int { byStatus[status] ?? 0 }
  /// Those that came back, typed in since or not.
  public var returned: Int { self[.returned] + self[.entered] }
}

extension SheetBlock: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    if heard.fact.kind == "sheets.reserved" {
      reserved = Attribution(heard)
      form = data["form"]?.string.flatMap(SheetForm.init(rawValue:))
      numbers = Self.numbers(data["sheets"])
      return
    }
    let parts = heard.fact.kind.split(separator: ".")
    guard parts.count == 2, parts[0] == "sheets", let kind = Statement.Kind(rawValue: String(parts[1])),
      let first = data["first"]?.integer ?? data["serial"]?.integer, first > 0
    else { return }
    statements.append(
      Statement(
        kind: kind, first: first, last: max(first, data["last"]?.integer ?? first), at: heard.fact.at,
        said: Attribution(heard), to: data["to"]?.string,
        why: data["why"]?.string.flatMap(Sheet.VoidReason.init(rawValue:)), note: data["note"]?.string,
        stay: data["stay"]?.string))
  }

  private static func numbers(_ json: JSON?) -> [Numbers] {
    (json?.array ?? []).prefix(999).map { Numbers(ipp: $0["ipp"]?.string, stay: $0["number"]?.string) }
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("form", form?.rawValue)
    out.put("reserved", reserved?.stored)
    out.put("sheets", numbers.map(\.json))
    out.put("statements", statements.map(\.stored))
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string else { return nil }
    self.init(id: id)
    form = stored["form"]?.string.flatMap(SheetForm.init(rawValue:))
    reserved = stored["reserved"].flatMap(Attribution.init(stored:))
    numbers = Self.numbers(stored["sheets"])
    statements = stored["statements"]?.array?.compactMap(Statement.init(stored:)) ?? []
  }
}

extension SheetBlock.Numbers {
  /// As a fact says it and a state keeps it.
  var json: JSON {
    var out = StateWriter()
    out.put("ipp", ipp)
    out.put("number", stay)
    return .object(out.object)
  }
}

extension SheetBlock.Statement {
  fileprivate var stored: JSON {
    var out = StateWriter()
    out.put("kind", kind.rawValue)
    out.put("first", first)
    out.put("last", last == first ? nil : last)
    out.put("at", at)
    out.put("said", said.stored)
    out.put("to", to)
    out.put("why", why?.rawValue)
    out.put("note", note)
    out.put("stay", stay)
    return .object(out.object)
  }

  fileprivate init?(stored: JSON) {
    guard let kind = stored["kind"]?.string.flatMap(Kind.init(rawValue:)), let first = stored["first"]?.integer,
      let at = stored["at"]?.storedInstant, let said = stored["said"].flatMap(Attribution.init(stored:))
    else { return nil }
    self.init(
      kind: kind, first: first, last: stored["last"]?.integer ?? first, at: at, said: said, to: stored["to"]?.string,
      why: stored["why"]?.string.flatMap(Sheet.VoidReason.init(rawValue:)), note: stored["note"]?.string,
      stay: stored["stay"]?.string)
  }
}
