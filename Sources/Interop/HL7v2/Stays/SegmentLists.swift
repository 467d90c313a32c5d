import Ledger

extension MessageTranslation {
  /// Segments that come several times, of a stay or of a person: the list of a message replaces the list.
  mutating func sayLists(_ segments: some Collection<HL7Segment>, in data: inout JSONObject) {
    var lists = SegmentLists()
    for segment in segments {
      switch segment.name {
      case "IN1": lists.coverage.append(fields(of: segment, except: [1]))
      case "IN2", "IN3":
        if lists.coverage.isEmpty { lists.coverage.append(JSONObject()) }
        let last = lists.coverage.endIndex - 1
        for member in fields(of: segment, except: [1]).members where lists.coverage[last][member.key] == nil {
          lists.coverage[last].append(member.key, member.value)
        }
      case "GT1": lists.guarantors.append(fields(of: segment, except: [1]))
      case "AL1": lists.allergies.append(fields(of: segment, except: [1]))
      case "OBX": lists.observations.append(fields(of: segment, except: [1]))
      case "ROL": lists.roles.append(fields(of: segment, except: [1]))
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
      data.put(key, .array(list.prefix(MessageTranslation.segmentsMax).map { .object($0) }))
    }
  }
}
