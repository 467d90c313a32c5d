import Hospital
import Ledger
import Register

/// The paper for when even the stations are off: who lies where and what must not be forgotten, forms to fill in by
/// hand, telephone numbers, what to do. Documents are whole HTML pages, of which a station makes PDFs.
public struct Pack: Sendable {
  public struct Document: Sendable, Equatable {
    /// Of its file, without ending, in the order in which the files are to be read: `2-unite-1010`.
    public var name: String
    /// Nothing in it is fetched from anywhere.
    public var html: String
  }

  /// Eight hexadecimal digits; with a unit's code, the number of that unit's sheet; so with the names of `SheetNumber`.
  let id: String
  let wording: Wording
  let structure: Structure?
  let settings: EmergencySettings
  private let register: Register
  private let templates: Templates

  public init(
    _ register: Register, id: String, emergency: EmergencySettings, language: Language, at now: Instant,
    texts: Texts = .builtIn
  ) throws {
    let templates = try Templates(AllTemplates.sources, texts: texts)
    try self.init(
      register, id: id, emergency: emergency, language: language, at: now, texts: texts, templates: templates)
  }

  init(
    _ register: Register, id: String, emergency: EmergencySettings, language: Language, at now: Instant, texts: Texts,
    templates: Templates
  ) throws {
    let structure = try register.read { try $0.structure }
    wording = Wording(texts: texts, language: language, hours: Hours(of: structure), now: now)
    (self.id, self.structure, self.register, self.templates, settings) = (id, structure, register, templates, emergency)
  }

  /// The hour that is on every sheet.
  public var at: Instant { wording.now }

  /// All but the blank forms, as the register is now.
  public func lists() throws -> [Document] {
    try register.read { reading in
      [procedures, try PackEmergency(self, reading).document] + (try PackUnit.all(self, reading))
        + [PackPhones(self, try reading.partners()).document, byHand]
    }
  }

  /// The blank forms of a block, always the same: it is printed once, and a number is one person's.
  public func forms(_ block: SheetBlock) -> Document { PackForm(self, block).document }

  /// The number of a sheet, of a unit or not: `7F3A09C1-1010`.
  func number(_ code: String) -> String { SheetNumber.text(id, code) }

  /// - Parameter template: what is inside.
  func document(
    _ name: String, _ template: String, isWide: Bool = false, _ model: [String: any Sendable]
  ) -> Document {
    let state = wording(
      "unit.state", ["time": "\(wording.hours.date(wording.now)) \(wording.hours.time(wording.now))"])
    let station = StationName.shown(register.station)
    let hospital = structure?.name ?? ""
    let head: [String: any Sendable] = [
      "state": state, "station": station, "hospital": hospital, "fictive": structure?.fictive ?? false,
    ]
    let inside = templates.render(template, model.merging(head) { own, _ in own }, wording.language)
    let frame: [String: any Sendable] = [
      "language": wording.language.rawValue, "wide": isWide, "body": inside,
      "style": String(decoding: PackageResources.pack_css, as: UTF8.self), "title": wording("pack.title"),
      "foot": "\(hospital) · \(station) · \(state)",
    ]
    return Document(name: name, html: templates.render("pack", frame, wording.language))
  }

  /// What a scanner reads, twice: the bar code for those that read nothing else, the QR code for telephones.
  static func codes(_ number: String) -> String {
    [Barcode.Kind.code128, .qr].compactMap { try? Barcode($0, number).svg() }.joined()
  }

  /// Lines to write on.
  static func lines(_ count: Int) -> [[String: any Sendable]] { Array(repeating: [:], count: count) }

  private var procedures: Document {
    let steps = PackProcedure.allCases.map { procedure -> [String: any Sendable] in
      [
        "title": wording("pack.procedure.\(procedure.rawValue).title"),
        "steps": wording("pack.procedure.\(procedure.rawValue)").split(separator: "\n").map(String.init),
      ]
    }
    let number = number(SheetNumber.procedures)
    return document(
      "0-lisez-moi", "pack-procedures", ["procedures": steps, "number": number, "codes": Self.codes(number)])
  }

  /// Stickers: without a number, for each is cut off and stuck on something else.
  private var byHand: Document {
    let captions = ["birthName", "birthGivenName", "birthDate", "number"].map { ["caption": wording("trait.\($0)")] }
    return document(
      "4-etiquettes-a-la-main", "by-hand", ["labels": Array(repeating: ["captions": captions], count: 24)])
  }
}

/// What whoever has nothing but paper needs to know, in the order of its need.
enum PackProcedure: String, CaseIterable {
  case begin, admit, move, wristband, transfer, back
}
