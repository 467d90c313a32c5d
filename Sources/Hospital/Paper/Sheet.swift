import Ledger

/// A blank form of which sheets are made, as they lie ready for when even the stations are off.
public enum SheetForm: String, Sendable, CaseIterable {
  case admission
  /// Arrival in emergency and triage, on one sheet.
  case arrival

  /// What the forms of an admission propose; nil where the sheet says it.
  public var stayClass: StayClass? { self == .arrival ? .emergency : nil }
}

/// One sheet of a block: its number, the numbers that whoever is written on it will bear, and what became of it.
public struct Sheet: Sendable, Equatable {
  /// `sheets/<uuid>`.
  public let block: String
  public let form: SheetForm
  /// From 1, in the order in which sheets are used.
  public let serial: Int
  /// Reserved for the file that it opens; nil where none was left.
  public let ipp: String?
  /// Reserved for the stay that it opens.
  public let stayNumber: String?
  /// Who was said to have it.
  public internal(set) var to: String?
  public internal(set) var issued: Attribution?
  public internal(set) var returned: Attribution?
  public internal(set) var voided: Voided?
  /// More than one where stations that could not hear each other typed it in.
  public internal(set) var entries: [Entry] = []
  /// A later one of its block was written on: sheets are used in order, so this one was used too.
  public internal(set) var isInferred = false

  public struct Entry: Sendable, Equatable {
    /// `stay/<uuid>`.
    public var stay: String
    /// The hour that is written on the sheet.
    public var at: Instant
    /// Who typed it in, and when.
    public var said: Attribution
    /// The admission was: what is on the sheet is to be typed in still.
    public internal(set) var isCancelled = false
  }

  public struct Voided: Sendable, Equatable {
    public var why: VoidReason
    public var note: String?
    public var said: Attribution
  }

  public enum VoidReason: String, Sendable, CaseIterable {
    /// Spoilt while writing.
    case spoilt
    /// Came back blank.
    case unused
    /// Looked for, and not found.
    case lost
  }

  public enum Status: String, Sendable, CaseIterable {
    /// Nobody has it yet.
    case blank
    /// Issued, or taken without anybody having been able to say so; not back.
    case missing
    /// Back, to be typed in.
    case returned
    case entered, void
  }

  init(block: String, form: SheetForm, serial: Int, ipp: String?, stayNumber: String?) {
    (self.block, self.form, self.serial, self.ipp, self.stayNumber) = (block, form, serial, ipp, stayNumber)
  }

  /// `0B7A1F2E-007`, as its barcode has it.
  public var number: String { Self.number(block, serial) }

  public static func number(_ block: String, _ serial: Int) -> String { SheetNumber.text(block, text(serial)) }

  public var status: Status {
    if entries.contains(where: { !$0.isCancelled }) { return .entered }
    if voided != nil { return .void }
    // Whoever typed it in had it before them.
    if returned != nil || !entries.isEmpty { return .returned }
    return issued != nil || isInferred ? .missing : .blank
  }

  /// Somebody must settle which of two stays it is.
  public var isTwice: Bool { entries.count { !$0.isCancelled } > 1 }

  /// That stay has a number of its own: the sheet was matched with it, and did not open it.
  public func isApart(from stay: Stay?) -> Bool {
    guard let stay, let number = stay.number, let stayNumber else { return false }
    return !number.sameBytes(as: stayNumber)
  }

  /// `007`.
  static func text(_ serial: Int) -> String {
    let digits = String(serial)
    return String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
  }

  mutating func take(_ statement: SheetBlock.Statement, isCancelled: Bool) {
    switch statement.kind {
    case .issued: (issued, to) = (statement.said, statement.to)
    // One that was given up may be found.
    case .returned: (returned, voided) = (statement.said, nil)
    case .voided:
      voided = statement.why.map { Voided(why: $0, note: statement.note, said: statement.said) }
    case .entered:
      guard let stay = statement.stay else { return }
      voided = nil
      entries.append(Entry(stay: stay, at: statement.at, said: statement.said, isCancelled: isCancelled))
    case .parted:
      entries.removeAll { entry in statement.stay.map(entry.stay.sameBytes(as:)) ?? false }
      // Whoever looked it up holds it.
      returned = returned ?? statement.said
    }
  }
}
