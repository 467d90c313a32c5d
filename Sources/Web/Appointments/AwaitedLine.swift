import Hospital
import Ledger
import Register

/// Somebody who is to come, as lists show them: every cell with what is known, or that nobody asked.
struct AwaitedLine {
  let at: Instant
  let hour: String
  let unit: String?
  let place: UnitListCell
  let identity: UnitListCell
  let phone: UnitListCell
  let what: UnitListCell
  let practitioner: UnitListCell
  let number: UnitListCell
  /// `présent(e) : 4 Est, lit 412-1`; nil where they are still to come.
  let present: String?
  /// `venu(e) à 09:02, reparti(e) à 09:40`; nil where they did not come to that unit that day, or are here.
  let came: String?
  /// UUIDs; nil where this list does not name them.
  let patient: String?
  let stay: String?
  /// The form that admits them, with what is known; nil for whom nobody can admit from here.
  let admission: String?
  let appointments: [Appointment]
  let isNamed: Bool

  init(_ awaited: Awaited, _ session: Session, _ names: Names, _ wording: Wording, withDay: Bool = false) {
    at = awaited.at
    hour = withDay ? wording.time(awaited.at) : wording.hours.time(awaited.at)
    unit = awaited.unit
    let first = awaited.appointments.first
    let stay = awaited.stay
    place = UnitListCell(names.place(awaited.place, wording))
    isNamed = session.mayName(awaited.patient, in: awaited.unit)
    appointments = awaited.appointments
    practitioner = UnitListCell(stay?.attending ?? first?.practitioner)
    guard isNamed else {
      (identity, phone, what, number) = (.withheld, .withheld, .withheld, .withheld)
      (present, came, patient, self.stay, admission) = (nil, nil, nil, nil, nil)
      return
    }
    identity = UnitListCell(
      awaited.patient.map { PatientLine($0, wording, ippAuthority: names.structure?.ippAuthority).plain })
    phone = AwaitedLine.phone(of: awaited.patient, wording)
    number = UnitListCell(stay?.number ?? first?.number)
    what = UnitListCell(AwaitedLine.what(awaited, wording))
    present = awaited.present.map { stay in
      wording("awaited.present", ["place": names.place(stay.place, wording) ?? "–"])
    }
    came = awaited.came.map { presence in
      let until = presence.until.map(wording.hours.time) ?? "–"
      return wording("awaited.came", ["from": wording.hours.time(presence.from), "until": until])
    }
    patient = awaited.patient?.id.afterSlash
    self.stay = stay?.id.afterSlash
    admission = awaited.present == nil ? AwaitedLine.admission(awaited) : nil
  }

  /// Their own, else that of whom to tell, with who that is.
  private static func phone(of patient: Patient?, _ wording: Wording) -> UnitListCell {
    guard let patient else { return .notAsked }
    if !patient.phones.isEmpty { return UnitListCell(patient.phones.joined(separator: ", ")) }
    guard let contact = patient.contacts.first(where: { $0.phone != nil }) else { return .notAsked }
    return UnitListCell(contact.phone, said: contact.name)
  }

  private static func what(_ awaited: Awaited, _ wording: Wording) -> String? {
    var parts: [String] = []
    if let stay = awaited.stay {
      if let stayClass = stay.stayClass { parts.append(wording.word("class", stayClass.rawValue)) }
      if let reason = stay.reason { parts.append(reason) }
    }
    for appointment in awaited.appointments {
      var words = [
        appointment.kind.map { wording("appointment.kind.\($0.rawValue)") }, appointment.type, appointment.reason,
      ]
      .compactMap { $0 }
      words = words.enumerated().filter { place, word in
        !words.prefix(place).contains { $0.lowercased() == word.lowercased() }
      }.map(\.element)
      // On a pre-admission's line its appointments have hours and units of their own.
      if awaited.stay != nil, let at = appointment.startsAt { words.insert(wording.time(at), at: 0) }
      if let minutes = appointment.minutes { words.append(wording("awaited.minutes", ["minutes": String(minutes)])) }
      parts.append(words.joined(separator: " "))
    }
    return parts.isEmpty ? nil : parts.joined(separator: " · ")
  }

  private static func admission(_ awaited: Awaited) -> String? {
    guard let patient = awaited.patient, !patient.isDead else { return nil }
    var query = "patient=\(patient.id.afterSlash)"
    if let stay = awaited.stay {
      // Whose admission is said already, for a later hour, is here by that alone.
      return stay.status == .preadmitted ? "/admissions/stay?\(query)&preadmission=\(stay.id.afterSlash)" : nil
    }
    guard let appointment = awaited.appointments.first else { return nil }
    let stayClass: StayClass =
      switch appointment.kind {
      case .operation, .inpatient: .inpatient
      case .daycase: .daycase
      case .session: .recurring
      case .consultation, .examination, nil: .outpatient
      }
    query += "&stayClass=\(stayClass.rawValue)"
    let known = [("unit", appointment.unit), ("attending", appointment.practitioner), ("reason", appointment.reason)]
    for (name, value) in known {
      if let value { query += "&\(name)=\(pathSafe(value))" }
    }
    return "/admissions/stay?\(query)"
  }

  func json(_ wording: Wording) -> JSON {
    [
      "at": .string(wording.hours.iso(at)), "unit": unit.json, "place": place.json, "identity": identity.json,
      "phone": phone.json, "what": what.json, "practitioner": practitioner.json, "number": number.json,
      "present": present.json, "came": came.json, "patient": patient.json, "stay": stay.json,
      "appointments": .array(isNamed ? appointments.map(\.summary) : []),
    ]
  }
}

extension Appointment {
  fileprivate var summary: JSON {
    [
      "id": .string(id.afterSlash), "number": number.json, "startsAt": startsAt.map { .string($0.text) } ?? .null,
      "minutes": minutes.map { .integer($0) } ?? .null, "unit": unit.json, "room": room.json,
      "kind": (kind?.rawValue).json, "type": type.json, "reason": reason.json, "status": .string(status.rawValue),
    ]
  }
}

/// Lines as a table. No cell is ever blank.
struct AwaitedTable {
  let lines: [AwaitedLine]
  /// Each line leads to the form that admits.
  let admits: Bool

  func html(_ text: (String) -> String) -> String {
    let columns = ["hour", "identity", "phone", "place", "what", "practitioner", "number"] + (admits ? ["act"] : [])
    var out = "<table class=\"unit-list\"><thead><tr>"
    for column in columns { out += "<th scope=\"col\">\(escaped(text("awaited.column.\(column)")))</th>" }
    out += "</tr></thead><tbody>"
    for line in lines { out += row(line, text) }
    return out + "</tbody></table>"
  }

  private func row(_ line: AwaitedLine, _ text: (String) -> String) -> String {
    var out = "<tr><th scope=\"row\">\(escaped(line.hour))</th><td>"
    let identity = line.identity.html(text)
    if admits, let patient = line.patient {
      out += "<a href=\"\(line.stay.map { "/stays/\($0)" } ?? "/patients/\(patient)")\">\(identity)</a>"
    } else {
      out += identity
    }
    if let here = line.present ?? line.came {
      out += " <span class=\"tag\" data-means=\"fine\">\(escaped(here))</span>"
    }
    out += "</td>"
    out += "<td class=\"phone\">\(line.phone.html(text))</td>"
    for cell in [line.place, line.what, line.practitioner, line.number] {
      out += "<td>\(cell.html(text))</td>"
    }
    if admits {
      let act = line.admission.map { address in
        "<a class=\"button plain\" href=\"\(escaped(address))\">\(escaped(text("act.admit")))"
          + "<span class=\"unseen\"> \(escaped(line.identity.plain.value ?? ""))</span></a>"
      }
      out += "<td>\(act ?? "–")</td>"
    }
    return out + "</tr>"
  }
}
