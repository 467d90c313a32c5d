import Ledger
import Yams

extension DeclarePartners {
  /// The directory of one YAML file, as `Examples/partners.yaml` shows it.
  /// - Throws: every problem of the file, not the first alone.
  public init(yaml: String) throws(StructureFault) {
    let reading = YAMLReading()
    let root: Node?
    do { root = try Yams.compose(yaml: yaml) } catch {
      throw StructureFault(problems: [StructureProblem(line: 1, reason: "not YAML: write it as Examples/partners.yaml")]
      )
    }
    guard let root, let fields = reading.fields(of: root, "the directory", ["partners"]) else {
      throw StructureFault(problems: reading.problems + [StructureProblem(line: 1, reason: "describe the partners")])
    }
    let entries = fields.list("partners", "at least one partner").compactMap { reading.partner($0) }
    guard reading.problems.isEmpty else { throw StructureFault(problems: reading.problems) }
    self.init(entries)
  }
}

extension YAMLReading {
  fileprivate func partner(_ node: Node) -> DeclarePartners.Entry? {
    let keys = ["finess", "name", "phone", "units", "capabilities", "kilometres", "minutes", "destination", "fhir"]
    guard let fields = fields(of: node, "a partner", keys), let finess = fields.text("finess", "its FINESS"),
      let name = fields.text("name", "its name")
    else { return nil }
    if finess.utf8.count != 9 {
      fields.report("finess", "\(finess) is no FINESS: write its 9 characters between quotes")
    }
    var entry = DeclarePartners.Entry(finess: finess, name: name)
    entry.phone = fields.text("phone")
    entry.units = fields.list("units").compactMap { $0.scalar?.string }
    for one in fields.list("capabilities") {
      guard let key = one.scalar.flatMap({ CareKey(rawValue: $0.string) }) else {
        let keys = CareKey.allCases.map(\.rawValue).joined(separator: ", ")
        report(one.line, "\(one.scalar?.string ?? "this") is no line of care: use \(keys)")
        continue
      }
      entry.capabilities.append(key)
    }
    entry.kilometres = fields.integer("kilometres", 0...9999)
    entry.minutes = fields.integer("minutes", 0...9999)
    entry.destination = fields.choice("destination", DeclarePartners.destinations) ?? Partner.usualDestination
    entry.fhir = fields.text("fhir")
    return entry
  }
}
