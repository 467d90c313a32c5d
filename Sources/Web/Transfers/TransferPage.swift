import Hospital
import Interop
import Ledger
import Register

/// Transfers as a person reads them.
struct TransferPage {
  private let reading: Reading
  private let wording: Wording
  private let names: Names

  init(_ reading: Reading, _ wording: Wording) throws {
    self.reading = reading
    self.wording = wording
    names = try reading.names(of: [], wording)
  }

  typealias ToAsk = (one: EmergencyPatient, step: OnwardStep)

  /// Whom emergency sends elsewhere, and of whom nobody is asked at the moment.
  func toAsk() throws -> [ToAsk] {
    let since = wording.now.adding(seconds: -EmergencyBoard.shownSeconds)
    return try reading.emergencyPresent(at: wording.now, since: since).compactMap { one in
      guard one.visit.orientation?.way == .transfer else { return nil }
      let steps = try OnwardStep.all(
        of: one.visit, nil, try reading.transfers(ofStay: one.stay.id), reading, names.structure)
      return steps.first { $0.onward.isToAsk }.map { (one, $0) }
    }
  }

  func list(
    _ toAsk: [ToAsk], _ transfers: [PatientTransfer], _ partners: [Partner], mayEdit: Bool
  ) throws -> [String: any Sendable] {
    let waiting = toAsk.map { one, step -> [String: any Sendable] in
      // Where somebody lies, what they need and who refused them may say why they are here.
      let isWithheld = one.patient?.isRestricted ?? false
      let withheld = wording("unit.withheld")
      return [
        "href": "/stays/\(one.stay.id.afterSlash)/send", "who": who(one.patient),
        "place": isWithheld ? withheld : names.place(one.place, wording) ?? "–",
        "state": (isWithheld ? step.withheld : step).line(wording),
        "why": isWithheld ? withheld : one.visit.orientation?.reason.map(wording.transferReason) ?? "",
      ]
    }
    let rows = try transfers.map { transfer -> [String: any Sendable] in
      let asked = transfer.steps[.asked]
      let patient = try patient(transfer)
      let isWithheld = patient?.isRestricted ?? false
      return [
        "href": "/transfers/\(transfer.id.afterSlash)", "who": who(patient),
        "where": isWithheld ? wording("unit.withheld") : try partner(transfer),
        "kind": wording("transfer.kind.\(transfer.kind.rawValue)"), "state": state(transfer),
        "means": means(transfer), "since": (transfer.changedAt ?? asked?.at).map(wording.when) ?? "",
        "needs": isWithheld
          ? wording("unit.withheld") : transfer.needs.map { CarePage.name($0, wording) }.joined(separator: ", "),
        "late": transfer.isLate(at: wording.now), "doubled": transfer.isDoubled(among: transfers),
        "toWithdraw": transfer.isToWithdraw(among: transfers, isHere: try isHere(transfer)),
      ].adding("until", transfer.until.map { wording.time($0) })
    }
    let directory = partners.map { partner -> [String: any Sendable] in
      let said = partner.said.filter { partner.capacity($0.key, at: wording.now) != nil }
        .sorted { $0.key.precedesInBytes($1.key) }
      let words = said.map { key, capacity in
        let places = capacity.places.map { " \($0)" } ?? ""
        return "\(CarePage.mark(capacity.state)) \(CarePage.name(key, wording))\(places)"
      }
      return [
        "href": "/partners/\(partner.id.afterSlash)", "name": partner.name, "phone": partner.phone ?? "–",
        "distance": PartnerText.distance(partner, wording).joined(separator: " · "),
        "can": partner.capabilities.map { CarePage.name($0, wording) }.joined(separator: ", "),
        "said": words.joined(separator: ", "),
      ].adding("at", said.map(\.value.at).max().map { wording.time($0) })
    }
    return [
      "rows": rows, "any": !rows.isEmpty, "none": rows.isEmpty && waiting.isEmpty, "partners": directory,
      "toAsk": waiting, "anyToAsk": !waiting.isEmpty,
      "anyPartner": !directory.isEmpty, "mayEdit": mayEdit,
    ]
  }

  /// Whether the stay goes on.
  func isHere(_ transfer: PatientTransfer) throws -> Bool {
    try reading.stay(transfer.stay)?.isPresent(at: wording.now) ?? false
  }

  func patient(_ transfer: PatientTransfer) throws -> Patient? {
    let owner = try reading.stay(transfer.stay)?.patient
    return try owner.flatMap { try reading.patient(try reading.survivor(of: $0)) }
  }

  /// Whose it is, as HTML; nothing of a restricted file.
  private func who(_ patient: Patient?) -> String {
    guard let patient else { return escaped(wording("stay.no-number")) }
    if patient.isRestricted { return escaped(wording("glass.title")) }
    return PatientLine(patient, wording, ippAuthority: names.structure?.ippAuthority).html(wording, link: nil)
  }

  private func partner(_ transfer: PatientTransfer) throws -> String {
    try reading.partner(transfer.partner)?.name ?? wording("partner.unknown")
  }

  private func state(_ transfer: PatientTransfer) -> String { wording("transfer.step.\(transfer.status.rawValue)") }

  private func means(_ transfer: PatientTransfer) -> String {
    switch transfer.status {
    case .asked, .left: "waiting"
    case .accepted, .arrived, .returned: "fine"
    case .refused: "alert"
    case .withdrawn, .ended: "quiet"
    }
  }

  // MARK: One

  func whole(_ found: FoundTransfer, _ filling: Filling, may: Bool) throws -> [String: any Sendable] {
    let transfer = found.transfer
    let isHere = found.file.stay.isPresent(at: wording.now)
    let others = try reading.transfers(ofStay: transfer.stay)
    let toWithdraw = transfer.isToWithdraw(among: others, isHere: isHere)
    let next = Self.next(transfer, isHere: isHere, toWithdraw: toWithdraw)
    let authors = transfer.steps.values.map(\.by)
    let names = try reading.names(of: authors, wording)
    let steps = PatientTransfer.Step.allCases.compactMap { step -> [String: any Sendable]? in
      guard let said = transfer.steps[step] else { return nil }
      return [
        "name": wording("transfer.step.\(step.rawValue)"), "when": wording.when(said.at),
        "who": names.account(said.by),
      ].adding("spokenTo", said.spokenTo).adding("note", said.note)
    }
    var model: [String: any Sendable] = [
      "repeated": found.file.repeated, "partner": found.partner?.name ?? wording("partner.unknown"),
      "phone": found.partner?.phone ?? "", "hasPhone": found.partner?.phone != nil, "state": state(transfer),
      "means": means(transfer), "kind": wording("transfer.kind.\(transfer.kind.rawValue)"), "steps": steps,
      "needs": transfer.needs.map { CarePage.name($0, wording) }.joined(separator: ", "),
      "address": "/transfers/\(transfer.id.afterSlash)", "hidden": filling.hidden,
      "problems": [filling.problem].compactMap(\.self), "late": transfer.isLate(at: wording.now),
      "doubled": transfer.isDoubled(among: others), "toWithdraw": toWithdraw,
      "isEnded": transfer.kind == .roundTrip && [.left, .arrived].contains(transfer.status) && !isHere,
      "mayStep": may && !next.isEmpty,
      "again": may && transfer.status == .refused && !others.contains(where: \.isOpen),
      "sendHref": "/stays/\(found.file.uuid)/send?"
        + transfer.needs.map { "need=\(pathSafe($0))" }.joined(separator: "&"),
      "buttons": next.enumerated().map { index, step in
        [
          "step": step.rawValue, "text": wording("transfer.act.\(step.rawValue)"), "plain": index > 0,
        ] as [String: any Sendable]
      },
    ]
    model["reason"] = transfer.reason
    model["until"] = transfer.until.map { wording.time($0) }
    model["transport"] = transfer.transport.map { wording.word("transport", $0) }
    model["escort"] = transfer.escort
    if may { model["sections"] = form(transfer, next, filling) }
    return model
  }

  /// What can be done now, the likeliest first.
  private static func next(
    _ transfer: PatientTransfer, isHere: Bool, toWithdraw: Bool
  ) -> [PatientTransfer.Step] {
    if toWithdraw { return [.withdrawn, .refused] }
    let isRoundTrip = transfer.kind == .roundTrip
    return switch transfer.status {
    case .asked: [.accepted, .refused, .withdrawn]
    case .accepted: [.left, .refused, .withdrawn]
    case .left: isRoundTrip && !isHere ? [.ended, .returned] : [.arrived, .returned]
    case .arrived: isRoundTrip ? isHere ? [.returned] : [.ended, .returned] : []
    case .refused: [.accepted]
    case .ended: isHere ? [.returned] : []
    case .withdrawn, .returned: []
    }
  }

  private func form(
    _ transfer: PatientTransfer, _ next: [PatientTransfer.Step], _ filling: Filling
  ) -> String {
    let make = FieldMaker(wording: wording, filling: filling)
    func named(_ name: String, _ label: String, wide: Bool = false) -> FormField {
      var field = make.field(name, wide: wide)
      field.label = wording(label)
      return field
    }
    var fields = [named("spokenTo", "transfer.spoken-to"), make.field("at")]
    if next.contains(.left) {
      var transport = make.choice("transport", "transport", StepTransfer.transports.map(\.rawValue), empty: true)
      transport.label = wording("transfer.transport")
      fields += [transport, named("escort", "transfer.escort")]
      if transfer.kind == .roundTrip { fields.append(named("until", "transfer.until")) }
    }
    if next.contains(.refused) { fields.append(named("note", "transfer.note", wide: true)) }
    var html = ""
    FormSection(wording("transfer.next"), fields).write(into: &html)
    return html
  }

  // MARK: The liaison sheet

  /// What the partner needs to know, each with who said it; never an empty cell.
  private func sections(
    _ found: FoundTransfer, _ settings: EmergencySettings
  ) throws -> [LiaisonDocument.Section] {
    let (file, transfer) = (found.file, found.transfer)
    let asked = AskedCells(file.names, wording)
    func cell(_ cell: UnitListCell) -> String {
      switch cell {
      case .value(let value, let said): "\(value)\(said.map { " (\($0))" } ?? "")"
      case .none(let said): "\(wording("unit.none")) (\(said))"
      case .notAsked, .withheld: wording("unit.not-asked")
      }
    }
    var care: [String] = ["\(wording("stay.allergies")) : \(cell(asked.allergies(file.allergies)))"]
    care.append("\(wording("stay.diet")) : \(cell(asked.diet(file.stay)))")
    care.append("\(wording("liaison.isolation")) : \(cell(asked.isolation(nil, file.stay)))")
    if let person = file.person { care.append("\(wording("stay.situation")) : \(cell(asked.situation(person)))") }
    let contacts = (file.person?.contacts ?? []).map { contact in
      [contact.name, contact.relationship, contact.phone].compactMap(\.self).joined(separator: ", ")
    }
    let visit = try visit(file.stay, settings)
    func said(_ key: String, _ value: String?) -> String? { value.map { "\(wording(key)) : \($0)" } }
    let complaint = visit?.complaintLine(settings, wording.language)
    let why =
      [transfer.reason, file.stay.reason, said("field.complaint", complaint)].compactMap(\.self)
      + transfer.needs.map { CarePage.name($0, wording) }
    let stay = [
      "\(wording("trait.number")) : \(file.number)", "\(wording("trait.place")) : \(file.place)",
      file.outline.admittedAt.map { "\(wording("stay.admitted")) : \(wording.hours.full($0))" },
      file.outline.attending.map { "\(wording("stay.attending")) : \($0)" },
      said("field.level", visit?.triage.map { $0.line(wording, at: wording.hours.full($0.at)) }),
      said("field.ccmu", visit?.ccmu.map { wording.word("ccmu", $0) }),
      said("field.accompaniedBy", visit?.orientation?.accompaniedBy ?? visit?.accompaniedBy),
    ].compactMap(\.self)
    var journey = [found.partner.map { "\(wording("liaison.to")) : \($0.name)" }].compactMap(\.self)
    for step in PatientTransfer.Step.allCases {
      guard let said = transfer.steps[step] else { continue }
      journey.append(
        [
          "\(wording("transfer.step.\(step.rawValue)")) \(wording.hours.full(said.at))",
          said.spokenTo.map { "\(wording("transfer.spoken-to")) : \($0)" },
        ].compactMap(\.self).joined(separator: ", "))
    }
    if let transport = transfer.transport {
      journey.append("\(wording("transfer.transport")) : \(wording.word("transport", transport))")
    }
    if let escort = transfer.escort { journey.append("\(wording("transfer.escort")) : \(escort)") }
    return [
      .init(wording("liaison.why"), why), .init(wording("liaison.stay"), stay), .init(wording("liaison.care"), care),
      .init(wording("liaison.contacts"), contacts), .init(wording("liaison.journey"), journey),
    ]
  }

  /// What emergency said of the stay, with the level that its own page shows.
  private func visit(_ stay: Stay, _ settings: EmergencySettings) throws -> EmergencyVisit? {
    guard let visit = try reading.emergencyVisit(ofStay: stay.id) else { return nil }
    return visit.showing(contested: try reading.contestedTriages()[visit.id] ?? [], settings)
  }

  func liaison(
    _ found: FoundTransfer, _ settings: EmergencySettings, station: String
  ) throws -> [String: any Sendable] {
    let ins = found.file.person.flatMap { QualifiedINS(of: $0) }
    let printed = "\(wording.hours.date(wording.now)) \(wording.hours.time(wording.now))"
    return [
      "identity": found.file.identity?.html(wording, link: nil) ?? "",
      "back": "/transfers/\(found.transfer.id.afterSlash)", "partner": found.partner?.name ?? "",
      "hospital": names.structure?.name ?? "",
      "printed": wording("unit.printed", ["time": printed, "station": names.station(station)]),
      "sections": try sections(found, settings).map { section -> [String: any Sendable] in
        ["title": section.title, "lines": section.lines, "none": section.lines.isEmpty]
      },
    ].adding("ins", ins.map { $0.ins.matricule }).adding(
      "birth", found.file.identity?.birthAndAge)
  }

  func document(_ found: FoundTransfer, _ settings: EmergencySettings) throws -> JSON? {
    guard let patient = found.file.person, let partner = found.partner, let structure = names.structure else {
      return nil
    }
    return LiaisonDocument(
      found.transfer, stay: found.file.stay, patient: patient, mother: try reading.mother(of: patient),
      underway: try reading.underway(found.file.stay.id), partner: partner, structure: structure,
      title: wording("liaison.title"), sections: try sections(found, settings), at: wording.now
    ).json
  }
}
