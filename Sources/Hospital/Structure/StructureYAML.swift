import Ledger
import Yams

extension Structure {
  /// The hospital of one YAML file, as `Examples/hospital.yaml` shows it.
  /// - Throws: every problem of the file, not the first alone.
  public init(yaml: String) throws(StructureFault) {
    let reading = YAMLReading()
    let root: Node?
    do { root = try Yams.compose(yaml: yaml) } catch {
      throw StructureFault(problems: [StructureProblem(unreadable: error)])
    }
    guard let root else {
      throw StructureFault(problems: [StructureProblem(line: 1, reason: "the file is empty: describe the hospital")])
    }
    let structure = reading.structure(root)
    guard reading.problems.isEmpty, let structure else { throw StructureFault(problems: reading.problems) }
    self = structure
  }
}

extension YAMLReading {
  fileprivate func structure(_ root: Node) -> Structure? {
    let keys = [
      "name", "finess", "fictive", "timeZone", "ippAuthority", "ndaAuthority", "emergencyKeepsNumber",
      "lateEntryHoursMax", "numbers", "appointmentKinds", "sites",
    ]
    guard let fields = fields(of: root, "the hospital", keys) else { return nil }
    let name = fields.text("name", "the hospital's name")
    let finess = finess(fields, "the legal entity's FINESS")
    let timeZone = fields.text("timeZone") ?? Structure.usualTimeZone
    if LocalTime(zone: timeZone) == nil {
      fields.report("timeZone", "\(timeZone) is no time zone: write an IANA name such as Europe/Paris")
    }
    let hours = fields.integer("lateEntryHoursMax", 0...24 * 366) ?? Structure.usualLateEntryHoursMax
    let fictive = fields.flag("fictive") ?? false
    let emergencyKeepsNumber = fields.flag("emergencyKeepsNumber") ?? true
    let ippAuthority = fields.text("ippAuthority", "the OID, or the name, of whoever gives IPP numbers")
    let ndaAuthority = fields.text("ndaAuthority", "the OID, or the name, of whoever gives stay numbers")
    let numbers = numberFormats(fields)
    let appointmentKinds = appointmentKinds(fields)
    let sites = sites(fields)
    guard let name, let finess, let ippAuthority, let ndaAuthority else { return nil }
    var structure = Structure(
      name: name, finess: finess, fictive: fictive, timeZone: timeZone, sites: sites, numbers: numbers,
      ippAuthority: ippAuthority, ndaAuthority: ndaAuthority, emergencyKeepsNumber: emergencyKeepsNumber,
      lateEntryHoursMax: hours)
    structure.appointmentKinds = appointmentKinds
    return structure
  }

  /// `operation: [BLO, AMB]`: the diary's own codes, by what they say. Capitals are the same.
  private func appointmentKinds(_ fields: YAMLFields) -> [String: AppointmentKind] {
    guard let node = fields.node("appointmentKinds"),
      let kinds = self.fields(of: node, "appointmentKinds", AppointmentKind.allCases.map(\.rawValue))
    else { return [:] }
    var found: [String: AppointmentKind] = [:]
    var seen = Seen()
    for kind in AppointmentKind.allCases {
      for node in kinds.list(kind.rawValue) {
        guard let code = node.scalar?.string.uppercased(), !code.isEmpty, code.utf8.count <= 200 else {
          report(node.line, "a code of appointmentKinds is one short text")
          continue
        }
        seen.add(code, node.line, "code", self)
        found[code] = kind
      }
    }
    return found
  }

  private func sites(_ fields: YAMLFields) -> [Site] {
    var seen = Seen()
    return fields.list("sites", "at least one site").compactMap { node in
      guard let fields = self.fields(of: node, "a site", ["finess", "name", "units"]) else { return nil }
      let finess = finess(fields, "the site's FINESS")
      let name = fields.text("name", "the site's name")
      let units = units(fields)
      guard let finess, let name else { return nil }
      seen.add(finess, fields.line("finess"), "site", self)
      return Site(finess: finess, name: name, units: units)
    }
  }

  /// 9 characters, digits but for the Corsican departments.
  private func finess(_ fields: YAMLFields, _ what: String) -> String? {
    guard let text = fields.text("finess", what) else { return nil }
    let utf8 = Array(text.utf8)
    let isCorsican = utf8.starts(with: "2A".utf8) || utf8.starts(with: "2B".utf8)
    guard utf8.count == 9, utf8.dropFirst(isCorsican ? 2 : 0).allSatisfy({ (48...57).contains($0) }) else {
      fields.report("finess", "\(text) is no FINESS: write its 9 characters between quotes")
      return nil
    }
    return text
  }

  private func numberFormats(_ fields: YAMLFields) -> [NumberKind: NumberFormat] {
    var formats: [NumberKind: NumberFormat] = [:]
    guard let node = fields.node("numbers", "how IPP and stay numbers look"),
      let numbers = self.fields(of: node, "numbers", ["ipp", "nda"])
    else { return formats }
    for kind in [NumberKind.ipp, .nda] {
      guard let node = numbers.node(kind.rawValue, "the format of \(kind.rawValue) numbers") else { continue }
      formats[kind] = numberFormat(node, kind)
    }
    return formats
  }

  private func numberFormat(_ node: Node, _ kind: NumberKind) -> NumberFormat? {
    guard let fields = fields(of: node, "a number format", ["prefix", "length", "check", "first", "last"]) else {
      return nil
    }
    let prefix = fields.text("prefix") ?? ""
    let check = fields.choice("check", ["none", "luhn", "mod97"]) ?? "none"
    guard let length = fields.integer("length", 1...20, "the whole length of \(kind.rawValue) numbers"),
      let first = fields.integer("first", 0...Int.max, "the first serial reserved for Permanence"),
      let last = fields.integer("last", 0...Int.max, "the last serial reserved for Permanence")
    else { return nil }
    let format = NumberFormat(prefix: prefix, length: length, check: check, first: first, last: last)
    if first > last { fields.report("last", "last is before first: write the range as first, then last") }
    if format.text(last) == nil {
      let digits = max(0, format.serialDigits)
      fields.report("last", "\(last) does not fit: \(digits) digits are left beside the prefix and the check")
    }
    return format
  }
}

extension StructureProblem {
  fileprivate init(unreadable error: any Error) {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      self.init(line: mark.line, reason: "not YAML: \(problem)")
    case YamlError.duplicatedKeysInMapping(let keys, let context):
      self.init(line: context.mark.line, reason: "\(keys.sorted().joined(separator: ", ")): written twice, keep one")
    case YamlError.reader(let problem, _, _, _):
      self.init(line: 0, reason: "not YAML: \(problem)")
    default:
      self.init(line: 0, reason: "not YAML")
    }
  }
}
