import Hospital
import Hummingbird
import Ledger
import Register

/// A question, as somebody put it. The name lives in this request and nowhere else: it may be of somebody who never
/// came.
struct EnquiryAsked {
  private let enquiry: Enquiry
  private let isPolice: Bool
  /// Who asks and how, for the record.
  private let why: String
  private let wording: Wording

  /// - Throws: `Refusal` about a field.
  init(_ form: Form, _ wording: Wording) throws {
    self.wording = wording
    guard let name = form["name"], !NameWords(name).isEmpty else { throw Refusal("enquiry-name", field: "name") }
    guard let asker = form["asker"] else { throw Refusal("enquiry-asker", field: "asker") }
    let caller = EnquiryRoutes.callers.first { $0 == form["caller"] } ?? "relative"
    let channel = EnquiryRoutes.channels.first { $0 == form["channel"] } ?? "telephone"
    isPolice = caller == "police"
    // In the hospital's own language, whoever types.
    let words = [
      wording.texts("enquiry.channel.\(channel)", .fr), wording.texts("enquiry.caller.\(caller)", .fr),
      String(asker.prefix(120)),
    ]
    why = words.joined(separator: " · ")
    enquiry = Enquiry(name: name, birth: try EnquiryAsked.birth(form["birth"], wording.today), today: wording.today)
  }

  /// `12031961`, `12/3/61`, `1961`, or an age: `61`, `61 ans`, `8 mois`.
  private static func birth(_ text: String?, _ today: CivilDate) throws(Refusal) -> Enquiry.Birth {
    guard let text else { throw Refusal("enquiry-birth", field: "birth") }
    let parts = text.lowercased().split { $0.isWhitespace }
    if let first = parts.first, parts.count <= 2, first.count <= 3, let number = Int(first), number <= 130 {
      let unit = parts.count == 2 ? String(parts[1]) : "ans"
      if ["mois", "months", "month", "jours", "jour", "days", "day"].contains(unit) { return .age(number / 12) }
      if ["ans", "an", "a", "years", "year"].contains(unit) { return .age(number) }
    }
    return .date(try PartialDate.typed(text, today: today, field: "birth"))
  }

  /// The same is read and recorded whatever is asked; the police is sent on before anything is looked at.
  func answer(_ app: WebApp, _ session: Session, _ context: PageContext) throws -> EnquiryAnswer {
    let now = wording.now
    let (candidates, structure) =
      try isPolice ? ([], nil) : app.register.read { (try $0.enquiryCandidates(at: now), try $0.structure) }
    let found = enquiry.answer(candidates, in: structure, at: now)
    let place = context.address.isEmpty ? "enquiry" : "enquiry · \(context.address)"
    for patient in found.concerned.isEmpty ? [nil] : found.concerned.map(Optional.some) {
      app.register.recordRead(account: session.account, patient: patient, where: place, why: why)
    }
    if isPolice { return EnquiryAnswer(kind: "duty", sentence: wording("enquiry.answer.duty")) }
    return EnquiryAnswer(found.answer, structure, wording)
  }
}

/// What the desk reads out.
struct EnquiryAnswer: Sendable {
  static let kinds = ["place", "elsewhere", "ward", "nothing", "duty"]

  var kind: String
  var sentence: String
  /// Which unit to put the caller through to, for the desk's eyes.
  var unit: String?
  var phone: String?

  init(kind: String, sentence: String) { (self.kind, self.sentence) = (kind, sentence) }

  init(_ answer: Enquiry.Answer, _ structure: Structure?, _ wording: Wording) {
    let names = Names(structure: structure, system: "")
    switch answer {
    case .nothing: self.init(kind: "nothing", sentence: wording("enquiry.answer.nothing"))
    case .place(let code, let room):
      let key = room == nil ? "enquiry.answer.unit" : "enquiry.answer.place"
      self.init(kind: "place", sentence: wording(key, ["unit": names.unit(code), "room": room ?? ""]))
    case .elsewhere(let hospital, let leftAt, let arrivedAt):
      let key = arrivedAt == nil ? "enquiry.answer.left" : "enquiry.answer.elsewhere"
      let time = wording.time(arrivedAt ?? leftAt)
      self.init(kind: "elsewhere", sentence: wording(key, ["hospital": hospital, "time": time]))
    case .ward(let code):
      self.init(kind: "ward", sentence: wording("enquiry.answer.ward"))
      unit = names.unit(code)
      phone = structure?.unit(code)?.phone
    }
  }

  var model: [String: any Sendable] {
    ["sentence": sentence].adding("unit", unit).adding("phone", phone)
  }

  var json: JSON {
    ["answer": .string(kind), "sentence": .string(sentence), "unit": unit.json, "phone": phone.json]
  }
}
