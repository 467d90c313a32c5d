import Hospital
import Ledger
import Register

/// The sheet that an admission's pages carry along, from the search to the form that types it in.
struct CarriedSheet {
  let sheet: Sheet

  init(_ sheet: Sheet) { self.sheet = sheet }

  /// nil where the form carries none.
  init?(_ filling: Filling, _ reading: Reading) throws {
    guard let sheet = try reading.sheet(filling.value("sheet", proposed: nil)) else { return nil }
    self.sheet = sheet
  }

  /// HTML: which sheet, and the numbers to compare with the paper.
  func note(_ wording: Wording) -> String {
    let none = wording("paper.no-number")
    let numbers = wording(
      "paper.carried.numbers", ["ipp": sheet.ipp ?? none, "number": sheet.stayNumber ?? none])
    return "<p class=\"sheet note\"><span class=\"tag\" data-means=\"waiting\">\(escaped(wording("paper.sheet"))) "
      + "\(escaped(sheet.number))</span> \(escaped(numbers)) <a href=\"\(PaperRoutes.address(sheet.number))\">"
      + "\(escaped(wording("paper.carried.look")))</a></p>"
  }
}

extension SectionedForm {
  /// The form types this sheet in.
  mutating func carry(_ carried: CarriedSheet?, _ wording: Wording) {
    guard let carried else { return }
    above = carried.note(wording) + above
    before += "<input type=\"hidden\" name=\"sheet\" value=\"\(escaped(carried.sheet.number))\">"
    draft = "sheet-\(carried.sheet.number)"
    others = others.filter { $0.name != "only" }
  }
}

extension WebApp {
  /// The sheet that a form types in; nil where it is none.
  /// - Throws: `Refusal` `sheet-unknown`.
  func sheet(_ form: Form) throws -> Sheet? {
    guard let number = form["sheet"] else { return nil }
    guard let sheet = try register.read({ try $0.sheet(number) }) else {
      throw Refusal("sheet-unknown", field: "sheet")
    }
    return sheet
  }
}
