import Ledger

/// Segments that come several times: the list of a message replaces the list.
struct SegmentLists {
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
