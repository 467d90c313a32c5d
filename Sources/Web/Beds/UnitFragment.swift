/// A unit's sheet on the board, as HTML. The page and the live updates send the same bytes, so a browser can replace
/// one by the other. Written straight into a string: a thousand beds are a thousand small appends.
public struct UnitFragment {
  public typealias Version = BoardVersion

  let unit: BoardUnit
  let version: Version
  let words: BoardWords

  public init(_ unit: BoardUnit, version: Version, words: BoardWords) {
    self.unit = unit
    self.version = version
    self.words = words
  }

  public func write(into out: inout String) {
    let code = escaped(unit.code)
    out += "<section class=\"unit\" id=\"unit-\(code)\" data-unit=\"\(code)\"><header>"
    if version == .wall {
      out += "<span>\(escaped(unit.name))</span>"
    } else {
      out += "<a href=\"/units/\(pathSafe(unit.code))\">\(escaped(unit.name))</a>"
    }
    out += "<span class=\"count\"><b>\(unit.occupied)</b>/\(unit.staffed)</span></header>"
    writeLoad(into: &out)
    out += "<ul class=\"beds\">"
    for bed in unit.beds { write(bed, into: &out) }
    out += "</ul>"
    if unit.unplaced > 0 {
      out += "<p class=\"unplaced\"><b>+\(unit.unplaced)</b> \(escaped(words.withoutBed))</p>"
    }
    if version == .wall {
      out += "<p class=\"spare\"\(unit.free == 0 ? " data-none" : "")><b>\(unit.free)</b> \(escaped(words.free))</p>"
    }
    out += "</section>"
  }

  /// Occupied, then what may still be used, then closed: three lengths and a sentence.
  private func writeLoad(into out: inout String) {
    let all = max(unit.beds.count, 1)
    let occupied = unit.occupied
    let closed = unit.closed + max(0, all - unit.closed - unit.staffed)
    out += "<svg class=\"load\" viewBox=\"0 0 \(all) 1\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\""
    out += "\(occupied) \(escaped(words.occupied)), \(unit.free) \(escaped(words.free)), "
    out += "\(unit.toClean) \(escaped(words.toClean)), \(unit.closed) \(escaped(words.closed))\">"
    out += "<rect class=\"load-staffed\" width=\"\(all)\" height=\"1\"/>"
    out += "<rect class=\"load-occupied\" width=\"\(occupied)\" height=\"1\"/>"
    if closed > 0 { out += "<rect class=\"load-closed\" x=\"\(all - closed)\" width=\"\(closed)\" height=\"1\"/>" }
    out += "</svg>"
  }

  private func write(_ bed: BoardBed, into out: inout String) {
    let face = bed.face(on: version)
    out += "<li id=\"bed-"
    out += bed.id
    out += "\">"
    if version == .wall {
      out += "<span class=\"bed "
    } else {
      out += "<a href=\"/beds/"
      out += bed.id
      out += "\" class=\"bed "
    }
    out += face.cssClass
    if bed.isolation != nil { out += " bed-isolated" }
    if bed.extra { out += " bed-extra" }
    if !bed.staffed { out += " bed-unstaffed" }
    if version == .staff, bed.leaves != nil { out += " bed-leaving" }
    switch face {
    case .occupied(.female): out += " sex-f"
    case .occupied(.male): out += " sex-m"
    default: break
    }
    if version == .staff, let stay = bed.stay {
      out += "\" data-patient=\""
      out += stay
    }
    out += "\" title=\""
    writeTitle(of: bed, into: &out)
    out += "\">"
    out += face.letter
    // A letter alone means nothing to a screen reader.
    if version == .staff {
      out += "<span class=\"unseen\"> "
      out += escaped(bed.code)
      out += " "
      out += escaped(words.face(bed.face))
      out += "</span></a></li>"
    } else {
      out += "</span></li>"
    }
  }

  private func writeTitle(of bed: BoardBed, into out: inout String) {
    out += words.bed
    out += " "
    out += escaped(bed.code)
    out += " · "
    out += escaped(words.face(bed.face(on: version)))
    if let isolation = bed.isolation { out += " · \(escaped(words.isolation)) \(escaped(words.kind(of: isolation)))" }
    if bed.extra { out += " · \(escaped(words.extra))" }
    if !bed.staffed { out += " · \(escaped(words.unstaffed))" }
    guard version == .staff else { return }
    if !bed.occupant.isEmpty { out += " · \(escaped(bed.occupant))" }
    if let leaves = bed.leaves { out += " · \(escaped(words.leaves)) \(leaves)" }
    if let note = bed.note, !note.isEmpty { out += " · \(escaped(note))" }
  }
}

extension BoardUnit: BoardSheet {
  public func html(_ version: BoardVersion, _ words: BoardWords) -> String {
    var html = ""
    html.reserveCapacity(beds.count * 260 + 800)
    UnitFragment(self, version: version, words: words).write(into: &html)
    return html
  }

  public static func counts(of units: [BoardUnit], _ words: BoardWords) -> String { words.counts(of: units) }
}

/// A code as one segment of an address.
func pathSafe(_ text: String) -> String {
  var out = ""
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      out.unicodeScalars.append(Unicode.Scalar(byte))
    default: out += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
  return out
}
