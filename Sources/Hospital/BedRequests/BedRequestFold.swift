import Ledger

/// Asked anew, it begins anew: what an earlier need was answered with is past.
extension BedRequest: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    switch heard.fact.kind {
    case "request.made":
      self = BedRequest(id: id)
      stay = data["stay"]?.string
      patient = data["patient"]?.string
      name = data["name"]?.string
      from = data["from"]?.string.flatMap(BedRequestOrigin.init(rawValue:)) ?? .ward
      needs = BedNeeds(stored: data["needs"])
      note = data["note"]?.string
      wantedAt = data["wantedAt"]?.string.flatMap { Instant($0) }
      asked = Attribution(heard)
    case "request.accepted":
      guard let bed = data["bed"]?.string else { return }
      status = .accepted
      if !beds.contains(where: { $0.sameBytes(as: bed) }) { beds.append(bed) }
      answered = Attribution(heard)
    case "request.reopened": answer(.open, heard)
    case "request.fulfilled": answer(.fulfilled, heard)
    case "request.withdrawn":
      answer(.withdrawn, heard)
      reason = data["reason"]?.string
    default: return
    }
  }

  private mutating func answer(_ status: Status, _ heard: Heard) {
    self.status = status
    if status != .fulfilled { beds = [] }
    answered = Attribution(heard)
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("status", status.rawValue)
    out.put("stay", stay)
    out.put("patient", patient)
    out.put("name", name)
    out.put("from", from.rawValue)
    out.put("needs", sorted: needs.stored)
    out.put("note", note)
    out.put("wantedAt", wantedAt)
    out.put("asked", asked?.stored)
    out.put("beds", beds)
    out.put("answered", answered?.stored)
    out.put("reason", reason)
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string, let status = stored["status"]?.string.flatMap(Status.init) else { return nil }
    self.init(id: id)
    self.status = status
    stay = stored["stay"]?.string
    patient = stored["patient"]?.string
    name = stored["name"]?.string
    from = stored["from"]?.string.flatMap(BedRequestOrigin.init(rawValue:)) ?? .ward
    needs = BedNeeds(stored: stored["needs"])
    note = stored["note"]?.string
    wantedAt = stored["wantedAt"]?.storedInstant
    asked = stored["asked"].flatMap(Attribution.init(stored:))
    beds = stored["beds"]?.strings ?? []
    answered = stored["answered"].flatMap(Attribution.init(stored:))
    reason = stored["reason"]?.string
  }
}
