import Hospital
import Ledger

/// One part of the emergency board as HTML. A row of the staff's version is one link, beside those to other hospitals
/// for what is not given here: what is done is on the patient's page, or one letter away.
struct EmergencyFragment {
  private let sheet: EmergencySheet
  private let version: BoardVersion
  private let words: EmergencyWords
  private let wording: Wording

  init(_ sheet: EmergencySheet, _ version: BoardVersion, _ words: EmergencyWords) {
    self.sheet = sheet
    self.version = version
    self.words = words
    wording = words.wording(sheet.hours, at: sheet.at)
  }

  var html: String {
    var out = ""
    out.reserveCapacity(600 + sheet.rows.count * 900)
    out += "<section id=\"emergency-\(sheet.code)\" class=\"emergency-part\" aria-label=\""
    out += "\(escaped(wording("emergency.part.\(sheet.code)")))\">"
    switch sheet.part {
    case .announced: if !sheet.announced.isEmpty { writeAnnounced(into: &out) }
    case .present: writePresent(into: &out)
    }
    out += "</section>"
    return out
  }

  private func writeHead(_ columns: [String], into out: inout String) {
    out += "<table><thead><tr>"
    for column in columns { out += "<th scope=\"col\">\(escaped(wording("emergency.column.\(column)")))</th>" }
    out += "</tr></thead><tbody data-rows>"
  }

  // MARK: Announced

  private func writeAnnounced(into out: inout String) {
    writeHead(
      version == .wall ? ["expected", "source"] : ["expected", "source", "whom", "reason", "sector"], into: &out)
    for one in sheet.announced {
      let uuid = one.id.afterSlash
      out += "<tr id=\"a-\(uuid)\"><td>\(one.expectedAt.map { escaped(wording.time($0)) } ?? "–")</td>"
      let source = escaped(one.source.map { wording("emergency.source.\($0.rawValue)") } ?? "–")
      if version == .wall {
        out += "<td>\(source)</td></tr>"
        continue
      }
      out += "<td><a href=\"/emergency/announcements/\(uuid)\" data-announced=\"\(uuid)\">\(source)</a></td>"
      let age = one.age.map { wording.age(Age($0, .years, isApproximate: true)) }
      let whom = [one.sex.map { wording.word("sex.short", $0.rawValue) }, age].compactMap { $0 }
      out += "<td>\(escaped(whom.joined(separator: " · ")))</td><td>\(escaped(one.reason ?? ""))</td>"
      out += "<td>\(escaped(one.sector ?? ""))</td></tr>"
    }
    out += "</tbody></table>"
  }

  // MARK: Present

  private func writePresent(into out: inout String) {
    if sheet.rows.isEmpty {
      out += "<p class=\"sheet\">\(escaped(wording("emergency.none")))</p>"
      return
    }
    writeHead(
      version == .wall ? ["triage", "since", "place"] : ["triage", "since", "place", "patient", "complaint", "next"],
      into: &out)
    for row in sheet.rows { write(row, into: &out) }
    out += "</tbody></table>"
  }

  private func write(_ row: EmergencyRow, into out: inout String) {
    // An id that a wall may show says nothing of whom.
    out += version == .wall ? "<tr" : "<tr id=\"s-\(row.stay)\""
    if row.isOver { out += " data-over" }
    out += "><td>"
    write(row.visit.triage, into: &out)
    if row.isContested {
      out += " <span class=\"tag\" data-means=\"unsure\">? \(escaped(wording("emergency.contested")))</span>"
    }
    out += "</td><td><span class=\"waited\" data-waited=\"\(row.from.text)\">\(clock(row.minutes))</span>"
    if row.isOver { out += " <span title=\"\(escaped(wording("emergency.over")))\">▲</span>" }
    out += "</td><td>\(escaped(place(row)))</td>"
    if version == .staff { writeDetails(of: row, into: &out) }
    out += "</tr>"
  }

  private func write(_ triage: Triage?, into out: inout String) {
    guard let triage else {
      out += "<span class=\"triage\" title=\"\(escaped(wording("emergency.untriaged")))\">–</span>"
      return
    }
    out += "<span class=\"triage t\(pathSafe(triage.level))\">\(escaped(triage.level))</span>"
  }

  /// `01:41`.
  private func clock(_ minutes: Int) -> String {
    let (hours, rest) = minutes.quotientAndRemainder(dividingBy: 60)
    return "\(hours < 10 ? "0" : "")\(hours):\(rest < 10 ? "0" : "")\(rest)"
  }

  private func place(_ row: EmergencyRow) -> String {
    let away = row.isAway ? wording("bed.away") : nil
    return [row.bay ?? away ?? wording("emergency.waiting"), row.unit, row.bay == nil ? nil : away].compactMap { $0 }
      .joined(separator: " · ")
  }

  private func writeDetails(of row: EmergencyRow, into out: inout String) {
    out +=
      "<td><a href=\"/emergency/\(row.stay)\" data-stay=\"\(row.stay)\"\(row.visit.triage == nil ? " data-untriaged" : "")"
    if let patient = row.patient {
      out += " data-labels=\"/patients/\(patient.id.afterSlash)/labels?stay=\(row.stay)\""
    }
    out += ">"
    if let patient = row.patient {
      out += PatientLine(patient, wording, ippAuthority: nil).html(wording)
    } else {
      out += "<b>\(escaped(row.number ?? "?"))</b>"
    }
    out += "</a>"
    writeMarks(of: row, into: &out)
    out += "</td><td>\(escaped(row.visit.complaintLine(words.settings, words.language) ?? ""))</td><td>"
    writeObstacles(of: row, into: &out)
    out += "\(escaped(next(row)))</td>"
  }

  private func writeObstacles(of row: EmergencyRow, into out: inout String) {
    func sentence(_ key: String, _ line: CareKey) -> String {
      let said = ["line": wording.word("care.line", line.rawValue), "name": row.proposed ?? ""]
      return escaped(wording("emergency.\(key)", said))
    }
    let needs = row.lacking.map { "need=\($0.rawValue)&amp;" }.joined()
    for line in row.lacking {
      out += "<a class=\"tag\" data-means=\"alert\" href=\"/stays/\(row.stay)/send?\(needs)next=%2Femergency\">"
      out += "\(sentence(row.proposed == nil ? "lacking" : "lacking-to", line))</a> "
    }
    for line in row.scarce {
      out += "<span class=\"tag\" data-means=\"waiting\">\(sentence("scarce", line))</span> "
    }
  }

  /// What whoever meets them must know: situation, isolation, who is with them.
  private func writeMarks(of row: EmergencyRow, into out: inout String) {
    func tag(_ means: String, _ text: String) {
      out += " <span class=\"tag\" data-means=\"\(means)\">\(escaped(text))</span>"
    }
    for situation in row.patient?.situations ?? [] { tag("waiting", wording.word("situation", situation.kind)) }
    if let patient = row.patient, patient.situation(.minor) == nil, patient.isMinor(on: wording.today) {
      tag("waiting", wording("situation.minor"))
    }
    if let isolation = row.isolation {
      tag("alert", "\(wording("beds.isolation")) \(wording.word("isolation", isolation))")
    }
    if let companion = row.visit.accompaniedBy { tag("quiet", wording("emergency.with", ["name": companion])) }
    if let number = row.visit.victimNumber { tag("quiet", number) }
  }

  private func next(_ row: EmergencyRow) -> String {
    let visit = row.visit
    var parts: [String] = []
    if let orientation = visit.orientation { parts.append(orientation.line(wording)) }
    parts += row.onward.map { $0.line(wording) }
    if let step = visit.nextStep { parts.append(step) }
    if !visit.awaited.isEmpty {
      let awaited = visit.awaited.map { wording.word("awaited-result", $0) }.joined(separator: ", ")
      parts.append(wording("emergency.awaiting", ["what": awaited]))
    }
    if let doctor = visit.doctor ?? row.attending { parts.append(doctor) }
    return parts.joined(separator: " · ")
  }
}
