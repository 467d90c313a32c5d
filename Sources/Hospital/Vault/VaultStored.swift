import Ledger

extension Vault {
  public var stored: JSON {
    var writer = StateWriter(id: id)
    writer.put(
      "recipients",
      recipients.map { recipient in
        Self.object { writer in
          writer.put("purpose", recipient.purpose.rawValue)
          writer.put("publicKey", recipient.publicKey)
          writer.put("station", recipient.station)
        }
      })
    writer.put("snapshots", snapshots.map(Self.stored))
    if let proof {
      writer.put(
        "proof",
        Self.object { writer in
          writer.put("path", proof.path)
          writer.put("sealedAt", proof.sealedAt)
          writer.put("at", proof.at)
          writer.put("counts", sorted: Self.members(proof.counts))
        })
    }
    if let failure {
      writer.put(
        "failure",
        Self.object { writer in
          writer.put("path", failure.path)
          writer.put("at", failure.at)
          writer.put("reason", failure.reason)
          writer.put("station", failure.station)
        })
    }
    return .object(writer.object)
  }

  public init?(stored: JSON) {
    guard let object = stored.object, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    recipients =
      object["recipients"]?.array?.compactMap { recipient in
        guard let purpose = recipient["purpose"]?.string.flatMap({ Recipient.Purpose(rawValue: $0) }),
          let key = recipient["publicKey"]?.string, let station = recipient["station"]?.string
        else { return nil }
        return Recipient(purpose: purpose, publicKey: key, station: station)
      } ?? []
    snapshots = object["snapshots"]?.array?.compactMap(Self.snapshot) ?? []
    if let proof = object["proof"], let path = proof["path"]?.string, let at = proof["at"]?.storedInstant,
      let sealedAt = proof["sealedAt"]?.storedInstant
    {
      self.proof = Proof(path: path, sealedAt: sealedAt, at: at, counts: Self.counts(stored: proof))
    }
    if let failure = object["failure"], let path = failure["path"]?.string, let at = failure["at"]?.storedInstant,
      let reason = failure["reason"]?.string
    {
      self.failure = Failure(path: path, at: at, reason: reason, station: failure["station"]?.string)
    }
  }

  private static func stored(_ snapshot: Snapshot) -> JSON {
    object { writer in
      writer.put("station", snapshot.station)
      writer.put("target", snapshot.target)
      writer.put("path", snapshot.path)
      writer.put("at", snapshot.at)
      writer.put("lockedUntil", snapshot.lockedUntil)
      writer.put("counts", sorted: members(snapshot.counts))
    }
  }

  private static func snapshot(_ json: JSON) -> Snapshot? {
    guard let station = json["station"]?.string, let target = json["target"]?.string, let path = json["path"]?.string,
      let at = json["at"]?.storedInstant
    else { return nil }
    return Snapshot(
      station: station, target: target, path: path, at: at, lockedUntil: json["lockedUntil"]?.storedInstant,
      counts: counts(stored: json))
  }

  private static func object(_ body: (inout StateWriter) -> Void) -> JSON {
    var writer = StateWriter()
    body(&writer)
    return .object(writer.object)
  }

  private static func counts(stored json: JSON) -> [String: Int] {
    (json["counts"]?.object?.members ?? []).reduce(into: [:]) { $0[$1.key] = $1.value.integer }
  }

  static func members(_ counts: [String: Int]) -> JSONObject {
    JSONObject(counts.sorted { $0.key.precedesInBytes($1.key) }.map { ($0.key, .integer($0.value)) })
  }
}
