import Ledger

/// One field of a message, changed by a person for its sending alone: a code that the main system lacks. What is wrong
/// in the file itself is corrected there.
public struct HandbackEdit: Sendable, Equatable {
  /// `PV1`, and which one of that name, from 1.
  public var segment: String
  public var occurrence: Int
  /// By HL7's number, from 1.
  public var field: Int
  /// As HL7 writes it, what it was and what goes: the change holds while the field is still that.
  public var from: String
  public var to: String
  public var reason: String?
  /// Account id.
  public var by: String
  public var at: Instant

  public init(
    segment: String, occurrence: Int, field: Int, from: String, to: String, reason: String? = nil, by: String = "",
    at: Instant = Instant(milliseconds: 0)
  ) {
    (self.segment, self.occurrence, self.field) = (segment, occurrence, field)
    (self.from, self.to, self.reason, self.by, self.at) = (from, to, reason, by, at)
  }

  /// `PV1-3`, or `NK1-2 (2)`.
  public var place: String { "\(segment)-\(field)" + (occurrence > 1 ? " (\(occurrence))" : "") }

  /// A message, its patient, its account and its movement are what they are: whoever changes them speaks of another.
  /// The traits of an identity are corrected in the file, and marks (PD1-12) are those of the hour when it goes.
  public var isOpen: Bool {
    guard field > 0 else { return false }
    return switch segment {
    case "MSH", "EVN", "MRG": false
    case "PID": !(2...8).contains(field) && ![18, 21, 32].contains(field)
    case "PD1": field != 12
    case "PV1": ![5, 19, 50].contains(field)
    case "ZBE": field != 1
    default: true
    }
  }

  /// What the file may say anew: the traits of whose message it is too, and when it happened, but not whose it is.
  public var isOfFile: Bool {
    isOpen || segment == "PID" && ((5...8).contains(field) || field == 32) || segment == "EVN" && field == 6
  }

  /// It keeps the segment whole: no delimiter of fields or segments, and escapes that are closed.
  var isWhole: Bool {
    let scalars = to.unicodeScalars
    return !scalars.contains { $0 == "|" || $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
      && scalars.count { $0 == "\\" }.isMultiple(of: 2)
  }
}

extension HandbackEdit {
  static func said(_ heard: Heard) -> [HandbackEdit] {
    guard heard.fact.kind == "handback.edited" else { return [] }
    return heard.fact.data["changes"]?.array?.compactMap { change in
      var edit = HandbackEdit(json: change)
      edit?.reason = heard.fact.data["reason"]?.string
      edit?.by = heard.author
      edit?.at = heard.fact.at
      return edit
    } ?? []
  }

  /// Of the change alone, without who made it.
  fileprivate var change: StateWriter {
    var out = StateWriter()
    out.put("segment", segment)
    out.put("occurrence", occurrence)
    out.put("field", field)
    out.put("from", from)
    out.put("to", to)
    return out
  }

  var json: JSON {
    var out = change
    out.put("reason", reason)
    out.put("by", by)
    out.put("at", at)
    return .object(out.object)
  }

  init?(json: JSON) {
    guard let segment = json["segment"]?.string, let field = json["field"]?.integer, let to = json["to"]?.string else {
      return nil
    }
    self.init(
      segment: segment, occurrence: json["occurrence"]?.integer ?? 1, field: field, from: json["from"]?.string ?? "",
      to: to, reason: json["reason"]?.string, by: json["by"]?.string ?? "",
      at: json["at"]?.storedInstant ?? Instant(milliseconds: 0))
  }
}

/// A refused message goes again with some fields changed, and why; or as the file has been put right since.
public struct EditHandback: Command {
  public var handback: Handback
  public var control: String
  public var edits: [HandbackEdit]
  public var reason: String?
  /// The changes are what the file says today, typed by nobody.
  public var isOfFile: Bool

  public init(
    _ handback: Handback, control: String, edits: [HandbackEdit], reason: String?, isOfFile: Bool = false
  ) {
    (self.handback, self.control, self.edits, self.reason) = (handback, control, edits, reason)
    self.isOfFile = isOfFile
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.declareMode, moment)
    guard handback.message(control)?.status == .refused else { throw Refusal("handback-not-refused") }
    let changed = edits.filter { !$0.from.sameBytes(as: $0.to) }
    guard !changed.isEmpty else { throw Refusal("handback-edit-nothing", field: "value") }
    for edit in changed {
      guard isOfFile ? edit.isOfFile : edit.isOpen else {
        throw Refusal("handback-edit-closed", field: "value", ["place": edit.place])
      }
      guard edit.isWhole else { throw Refusal("handback-edit-broken", field: "value", ["place": edit.place]) }
    }
    let reason = try FreeText.tidied(reason, field: "reason")
    guard isOfFile || reason != nil else { throw Refusal("handback-edit-reason", field: "reason") }
    var data = StateWriter()
    data.put("control", control)
    data.put("changes", changed.map { .object($0.change.object) })
    data.put("reason", reason)
    return Decision(facts: [
      Fact(kind: "handback.edited", subject: handback.id, at: moment.now, data: .object(data.object))
    ])
  }
}
