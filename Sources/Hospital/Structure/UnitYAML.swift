import Yams

extension YAMLReading {
  static let specialties = [
    "medicine", "surgery", "obstetrics", "intensive", "emergency", "short-stay", "rehabilitation", "psychiatry",
    "long-term", "theatre", "outpatient", "dialysis", "neonatology",
  ]
  static let responsibilities = ["medical", "lodging", "care"]
  /// Of one series of rooms, or of one room.
  private static let countMax = 500

  func units(_ fields: YAMLFields) -> [CareUnit] {
    fields.list("units", "its units").compactMap { unit($0) }
  }

  private func unit(_ node: Node) -> CareUnit? {
    let keys = ["code", "name", "division", "responsibilities", "specialty", "phone", "discreet", "rooms"]
    guard let fields = fields(of: node, "a unit", keys) else { return nil }
    let code = code(fields, "code", "the UF's code")
    let name = fields.text("name", "the unit's name")
    let specialty = fields.choice("specialty", Self.specialties, "one of \(Self.specialties.joined(separator: ", "))")
    let rooms = rooms(fields)
    let responsibilities = responsibilities(fields)
    let discreet = fields.flag("discreet") ?? false
    guard let code, let name, let specialty else { return nil }
    unitCodes.add(code, fields.line("code"), "unit", self)
    // Numbers on paper are read without regard to capitals.
    if SheetNumber.isTaken(code) {
      fields.report("code", "code: \(code) is what paper calls a sheet of no unit: give the unit another code")
    }
    return CareUnit(
      code: code, name: name, division: fields.text("division"), responsibilities: responsibilities,
      specialty: specialty, phone: fields.text("phone"), rooms: rooms, discreet: discreet)
  }

  private func responsibilities(_ fields: YAMLFields) -> [String] {
    guard fields.node("responsibilities") != nil else { return Self.responsibilities }
    return fields.list("responsibilities").compactMap { node in
      guard let text = node.scalar?.string, Self.responsibilities.contains(text) else {
        report(node.line, "a responsibility is one of \(Self.responsibilities.joined(separator: ", "))")
        return nil
      }
      return text
    }
  }

  /// Codes stand in names of subjects, between bars.
  private func code(_ fields: YAMLFields, _ key: String, _ expected: String) -> String? {
    guard let text = fields.text(key, expected) else { return nil }
    guard isCode(text) else {
      fields.report(key, "\(key): \(text) is no code: at most 20 characters, no space at its ends, no |")
      return nil
    }
    return text
  }

  private func isCode(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 20 && !text.contains { $0 == "|" || $0.isNewline }
  }

  // MARK: Rooms

  private func rooms(_ fields: YAMLFields) -> [Room] {
    var roomCodes = Seen()
    return fields.list("rooms").flatMap { node -> [Room] in
      let keys = ["code", "codes", "beds", "kind", "isolation"]
      guard let fields = self.fields(of: node, "a room", keys) else { return [] }
      let rooms = self.codes(ofRooms: fields).map { Room(code: $0, beds: places(fields, room: $0)) }
      for room in rooms { roomCodes.add(room.code, fields.line, "room", self) }
      return rooms
    }
  }

  /// `code: 412`, or `codes: 401..412` for a series.
  private func codes(ofRooms fields: YAMLFields) -> [String] {
    guard fields.node("codes") != nil else { return self.code(fields, "code", "the room's code").map { [$0] } ?? [] }
    guard fields.node("code") == nil else {
      fields.report("code", "a room has code, or codes for a series, not both")
      return []
    }
    guard let text = fields.text("codes") else { return [] }
    guard let series = CodeSeries(text), series.codes.count <= Self.countMax else {
      fields.report("codes", "codes: \(text) is no series: write it as 401..412 or B01..B24")
      return []
    }
    return series.codes
  }

  /// `beds: 2` gives 412-1 and 412-2, `beds: 1` the room's own code; a list gives its codes.
  private func places(_ fields: YAMLFields, room: String) -> [Room.Place] {
    let kind = fields.choice("kind", BedKind.allCases.map(\.rawValue)).flatMap(BedKind.init) ?? .bed
    let isolation = fields.flag("isolation") ?? false
    guard let node = fields.node("beds", "how many beds, or their codes") else { return [] }
    if case .sequence(let list) = node {
      var codes = Seen()
      return list.compactMap { node in
        guard let place = place(node, kind: kind, isolation: isolation) else { return nil }
        codes.add(place.code, node.line, "bed", self)
        return place
      }
    }
    guard let count = fields.integer("beds", 0...Self.countMax) else { return [] }
    if count == 1 { return [Room.Place(code: room, kind: kind, isolation: isolation)] }
    return (1...max(1, count)).prefix(count).map {
      Room.Place(code: "\(room)-\($0)", kind: kind, isolation: isolation)
    }
  }

  private func place(_ node: Node, kind: BedKind, isolation: Bool) -> Room.Place? {
    if let text = node.scalar?.string {
      guard isCode(text) else {
        report(node.line, "\(text) is no bed's code: at most 20 characters, no |")
        return nil
      }
      return Room.Place(code: text, kind: kind, isolation: isolation)
    }
    guard let fields = fields(of: node, "a bed", ["code", "kind", "isolation"]),
      let code = code(fields, "code", "the bed's code")
    else { return nil }
    let own = fields.choice("kind", BedKind.allCases.map(\.rawValue)).flatMap(BedKind.init)
    return Room.Place(code: code, kind: own ?? kind, isolation: fields.flag("isolation") ?? isolation)
  }
}
