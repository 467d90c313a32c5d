import Hospital

/// Blank forms, one for each person who comes, with the numbers that were kept for them: an admission, or an arrival in
/// emergency with its triage. They are typed in later by their number, in order.
struct PackForm {
  let document: Pack.Document

  init(_ pack: Pack, _ block: SheetBlock) {
    let wording = pack.wording
    let form = block.form ?? .admission
    let sheets = block.sheets.map { sheet -> [String: any Sendable] in
      ["number": sheet.number, "codes": Pack.codes(sheet.number)]
        .adding("stayNumber", sheet.stayNumber).adding("ipp", sheet.ipp)
        .adding("stayCode", sheet.stayNumber.flatMap { try? Barcode(.code128, $0).svg() })
    }
    document = pack.document(
      Pack.name(of: block), "pack-form",
      [
        "sheets": sheets, "title": wording("pack.form.\(form.rawValue)"), "isArrival": form == .arrival,
        "levels": pack.settings.levels.map(\.level),
        "signs": VitalSign.allCases.map { wording("field.\($0.rawValue)") },
        "transports": EmergencyTransport.allCases.map { wording("transport.\($0.rawValue)") },
        "ways": Orientation.Way.allCases.map { wording("emergency.way.\($0.rawValue)") },
      ])
  }
}

extension Pack {
  /// Whether that file is one of blank forms.
  public static func isStack(_ file: String) -> Bool {
    file.wholeMatch(of: /(5-admissions|6-arrivees)-[0-9a-f]{8}\.(pdf|html)/) != nil
  }

  /// Whether that file is of this block's.
  public static func isStack(_ file: String, of block: SheetBlock) -> Bool {
    isStack(file) && file.hasPrefix("\(name(of: block)).")
  }

  /// Whether a file in a pack's folder has a name that a pack gives.
  public static func isName(_ file: String) -> Bool {
    let lists = /(0-lisez-moi|1-urgences|2-unite-[A-Za-z0-9-]+|3-telephones|4-etiquettes-a-la-main)\.(pdf|html)/
    return isStack(file) || file.wholeMatch(of: lists) != nil || file.wholeMatch(of: /7-[^\/]+\.pdf/) != nil
  }

  /// Of its file, without ending: a block is a stack of paper, and has one of its own.
  public static func name(of block: SheetBlock) -> String {
    "\(block.form == .arrival ? "6-arrivees" : "5-admissions")-\(block.id.suffix(8))"
  }
}
