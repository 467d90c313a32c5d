import Hospital
import Ledger
import Register

/// Who is in emergency, as the board has it, and who is announced.
struct PackEmergency {
  let document: Pack.Document

  init(_ pack: Pack, _ reading: Reading) throws {
    let words = EmergencyWords(pack.wording.texts, pack.wording.language, pack.settings)
    let sheets = try EmergencyBoard.sheets(reading, pack.settings, at: pack.wording.now)
    let number = pack.number(SheetNumber.emergency)
    document = pack.document(
      "1-urgences", "pack-emergency", isWide: true,
      [
        "number": number, "codes": Pack.codes(number), "counts": EmergencySheet.counts(of: sheets, words),
        "parts": sheets.map { $0.html(.staff, words) }, "lines": Pack.lines(12),
      ])
  }
}
