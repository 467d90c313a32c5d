import Ledger

/// What became of a day's summaries (`rpu/<uuid>`): which of them somebody, or a channel, has said to be there.
public struct RPUDelivery: Sendable, Equatable {
  public struct Acknowledgement: Sendable, Equatable {
    /// SHA-256 of the passages, 64 lower-case hex digits.
    public var hash: String
    /// `person`, or the channel's name.
    public var channel: String
    public var said: Attribution
  }

  public let id: String
  /// `2022-08-21`.
  public var day: String?
  /// In order.
  public var acknowledgements: [Acknowledgement] = []

  public init(id: String) { self.id = id }

  /// The subject of a day, the same on every station.
  public static func subject(finess: String, day: String) -> String { "rpu/\(Name.subject("rpu", finess, day))" }

  /// Where what is there is this; a day told anew is not.
  public func acknowledgement(of hash: String) -> Acknowledgement? {
    acknowledgements.last.flatMap { $0.hash.sameBytes(as: hash) ? $0 : nil }
  }
}

extension RPUDelivery: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    guard heard.fact.kind == "rpu.acknowledged", let hash = data["hash"]?.string else { return }
    day = data["day"]?.string
    acknowledgements.append(
      Acknowledgement(hash: hash, channel: data["channel"]?.string ?? "person", said: Attribution(heard)))
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("day", day)
    out.put(
      "acknowledgements",
      acknowledgements.map { acknowledgement in
        var one = StateWriter()
        one.put("hash", acknowledgement.hash)
        one.put("channel", acknowledgement.channel)
        one.put("said", acknowledgement.said.stored)
        return .object(one.object)
      })
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string else { return nil }
    self.init(id: id)
    day = stored["day"]?.string
    acknowledgements = (stored["acknowledgements"]?.array ?? []).compactMap { one in
      guard let hash = one["hash"]?.string, let said = one["said"].flatMap(Attribution.init(stored:)) else {
        return nil
      }
      return Acknowledgement(hash: hash, channel: one["channel"]?.string ?? "person", said: said)
    }
  }
}

/// A day's summaries are there.
public struct AcknowledgeRPU: Command {
  /// `2022-08-21`.
  public var day: String
  public var hash: String
  /// nil for a person.
  public var channel: String?

  public init(day: String, hash: String, channel: String? = nil) {
    (self.day, self.hash, self.channel) = (day, hash, channel)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.sendRPU, moment)
    guard PartialDate(day)?.day != nil else { throw Refusal("rpu-day", field: "day") }
    guard hash.utf8.count == 64 else { throw Refusal("rpu-changed", field: "hash") }
    var data = StateWriter()
    data.put("day", day)
    data.put("hash", hash)
    data.put("channel", channel)
    let subject = RPUDelivery.subject(finess: world.structure?.finess ?? "", day: day)
    return Decision(facts: [
      Fact(kind: "rpu.acknowledged", subject: subject, at: moment.now, data: .object(data.object))
    ])
  }
}
