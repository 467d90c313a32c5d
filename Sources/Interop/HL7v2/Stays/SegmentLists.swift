import Ledger

extension MessageTranslation {
  /// Segments that come several times, of a stay or of a person: the list of a message replaces the list.
  mutating func sayLists(_ segments: some Collection<HL7Segment>, in data: inout JSONObject) {
    var lists = SegmentLists()
    // IN2 and IN3 go with their IN1.
    var isInsuranceKept = true
    for segment in segments {
      switch segment.name {
      case "IN1": isInsuranceKept = keep(segment, in: &lists.coverage)
      case "IN2" where !isInsuranceKept, "IN3" where !isInsuranceKept: segmentsLeftOut[segment.name, default: 0] += 1
      case "IN2", "IN3":
        if lists.coverage.isEmpty { lists.coverage.append(JSONObject()) }
        let last = lists.coverage.endIndex - 1
        for member in fields(of: segment, except: [1]).members where lists.coverage[last][member.key] == nil {
          lists.coverage[last].append(member.key, member.value)
        }
      case "GT1": keep(segment, in: &lists.guarantors)
      case "AL1": keep(segment, in: &lists.allergies)
      case "OBX": keep(segment, in: &lists.observations)
      case "ROL": keep(segment, in: &lists.roles)
      default: break
      }
    }
    lists.write(into: &data)
  }
}

/// What they hold.
private struct SegmentLists {
  /// Each IN1, with the IN2 and IN3 that follow it. IN1-49 and GT1-12 are numbers of whoever is insured, perhaps
  /// another person: nothing reads an INS out of them.
  var coverage: [JSONObject] = []
  var guarantors: [JSONObject] = []
  var allergies: [JSONObject] = []
  var observations: [JSONObject] = []
  var roles: [JSONObject] = []

  func write(into data: inout JSONObject) {
    for (key, list) in [
      ("coverage", coverage), ("guarantors", guarantors), ("allergies", allergies), ("observations", observations),
      ("roles", roles),
    ] where !list.isEmpty {
      data.put(key, .array(list.map { .object($0) }))
    }
  }
}
