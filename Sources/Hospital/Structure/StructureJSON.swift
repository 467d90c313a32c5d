import Ledger

// What `structure.declared` and `unit.declared` hold. Reading is lenient: what is missing has the usual value.

extension Structure {
  /// Everything but the units, which are facts of their own.
  public var json: JSON {
    var numbers = StateWriter()
    for kind in NumberKind.allCases { numbers.put(kind.rawValue, self.numbers[kind]?.json) }
    var out = StateWriter()
    out.put("name", name)
    out.put("finess", finess)
    out.put("fictive", .bool(fictive))
    out.put("timeZone", timeZone)
    out.put("ippAuthority", ippAuthority)
    out.put("ndaAuthority", ndaAuthority)
    out.put("emergencyKeepsNumber", .bool(emergencyKeepsNumber))
    out.put("lateEntryHoursMax", lateEntryHoursMax)
    out.put("numbers", .object(numbers.object))
    if !appointmentKinds.isEmpty {
      let codes = appointmentKinds.sorted { $0.key.precedesInBytes($1.key) }
      out.put("appointmentKinds", .object(JSONObject(codes.map { ($0.key, .string($0.value.rawValue)) })))
    }
    out.put("sites", .array(sites.map { ["finess": .string($0.finess), "name": .string($0.name)] }))
    return .object(out.object)
  }

  init?(json: JSON) {
    guard let finess = json["finess"]?.string, !finess.isEmpty else { return nil }
    var numbers: [NumberKind: NumberFormat] = [:]
    for kind in NumberKind.allCases {
      numbers[kind] = json["numbers"]?[kind.rawValue].flatMap(NumberFormat.init(json:))
    }
    self.init(
      name: json["name"]?.string ?? "", finess: finess, fictive: json["fictive"]?.bool ?? false,
      timeZone: json["timeZone"]?.string ?? Structure.usualTimeZone,
      sites: (json["sites"]?.array ?? []).compactMap { site in
        site["finess"]?.string.map { Site(finess: $0, name: site["name"]?.string ?? "", units: []) }
      },
      numbers: numbers, ippAuthority: json["ippAuthority"]?.string ?? finess,
      ndaAuthority: json["ndaAuthority"]?.string ?? finess,
      emergencyKeepsNumber: json["emergencyKeepsNumber"]?.bool ?? true,
      lateEntryHoursMax: json["lateEntryHoursMax"]?.integer ?? Structure.usualLateEntryHoursMax)
    for (code, kind) in json["appointmentKinds"]?.object?.members ?? [] {
      appointmentKinds[code] = kind.string.flatMap(AppointmentKind.init)
    }
  }

  public static let usualTimeZone = "Europe/Paris"
  static let usualLateEntryHoursMax = 72
}

extension NumberFormat {
  var json: JSON {
    [
      "prefix": .string(prefix), "length": .integer(length), "check": .string(check), "first": .integer(first),
      "last": .integer(last),
    ]
  }

  init?(json: JSON) {
    guard let length = json["length"]?.integer, let first = json["first"]?.integer, let last = json["last"]?.integer
    else { return nil }
    self.init(
      prefix: json["prefix"]?.string ?? "", length: length, check: json["check"]?.string ?? "none", first: first,
      last: last)
  }
}

extension CareUnit {
  /// - Parameters:
  ///   - order: place on the boards, from 0.
  ///   - site: FINESS of the site.
  public func json(order: Int, site: String) -> JSON {
    var out = StateWriter()
    out.put("order", order)
    out.put("site", site)
    out.put("code", code)
    out.put("name", name)
    out.put("division", division)
    out.put("responsibilities", responsibilities)
    out.put("specialty", specialty)
    out.put("phone", phone)
    out.put("discreet", discreet)
    out.put("rooms", rooms.map(\.json))
    return .object(out.object)
  }

  init?(json: JSON) {
    guard let code = json["code"]?.string, !code.isEmpty else { return nil }
    self.init(
      code: code, name: json["name"]?.string ?? code, division: json["division"]?.string,
      responsibilities: json["responsibilities"]?.strings ?? [], specialty: json["specialty"]?.string ?? "",
      phone: json["phone"]?.string, rooms: (json["rooms"]?.array ?? []).compactMap(Room.init(json:)),
      discreet: json["discreet"]?.bool ?? false)
  }
}

extension Room {
  var json: JSON { ["code": .string(code), "beds": .array(beds.map(\.json))] }

  init?(json: JSON) {
    guard let code = json["code"]?.string else { return nil }
    self.init(code: code, beds: (json["beds"]?.array ?? []).compactMap(Place.init(json:)))
  }
}

extension Room.Place {
  var json: JSON {
    var out = StateWriter()
    out.put("code", code)
    out.put("kind", kind.rawValue)
    out.put("isolation", isolation)
    return .object(out.object)
  }

  init?(json: JSON) {
    guard let code = json["code"]?.string, !code.isEmpty else { return nil }
    self.init(
      code: code, kind: json["kind"]?.string.flatMap(BedKind.init) ?? .bed, isolation: json["isolation"]?.bool ?? false)
  }
}
