import Ledger

/// Where a patient could go, best first: by what is needed, then by free places, then by distance. Each with its why.
public struct PartnerProposal: Sendable, Equatable {
  public var partner: Partner
  /// Needs that it neither has nor said that it has.
  public var missing: [CareKey]
  /// Needs that it said it cannot take now.
  public var closed: [CareKey]
  /// The fewest free places that it said of any need; nil where it said none lately.
  public var places: Int?
  /// When it last said something of these needs.
  public var saidAt: Instant?
  /// It refused this patient.
  public var refused: PatientTransfer.Said?

  /// Nothing that is known keeps the patient from going there.
  public var isPossible: Bool { missing.isEmpty && closed.isEmpty && places != 0 }

  init(_ partner: Partner, _ needs: [CareKey], at instant: Instant, _ asked: [PatientTransfer]) {
    self.partner = partner
    refused = asked.last { $0.status == .refused && $0.partner.sameBytes(as: partner.id) }?.steps[.refused]
    let said = needs.map { ($0, partner.capacity($0.rawValue, at: instant)) }
    closed = said.filter { $0.1?.state == .closed }.map(\.0)
    missing = said.filter { key, capacity in
      capacity == nil && !partner.capabilities.contains { $0.sameBytes(as: key.rawValue) }
    }.map(\.0)
    places = said.compactMap { $0.1?.places }.min()
    saidAt = said.compactMap { $0.1?.at }.max()
  }

  /// - Parameter asked: transfers of the same stay: whoever is still asked is proposed no more, and who refused is last.
  public static func ranked(
    _ partners: [Partner], needs: [CareKey], at instant: Instant, asked: [PatientTransfer] = []
  ) -> [PartnerProposal] {
    let waiting = asked.filter { $0.status == .asked || $0.status == .accepted }
    return partners.filter { partner in
      !partner.isWithdrawn && !partner.name.isEmpty && !waiting.contains { $0.partner.sameBytes(as: partner.id) }
    }.map { PartnerProposal($0, needs, at: instant, asked) }
      .sorted { one, other in
        let (first, second) = (one.rank, other.rank)
        return first == second
          ? one.partner.finess.precedesInBytes(other.partner.finess) : first.lexicographicallyPrecedes(second)
      }
  }

  /// Less is better: who refused, what keeps them from it, what is not there, places (said ones first, more before fewer), minutes.
  private var rank: [Int] {
    [
      refused == nil ? 0 : 1, isPossible ? 0 : 1, missing.count + closed.count, places.map { -$0 } ?? 0,
      partner.minutes ?? partner.kilometres ?? .max,
    ]
  }
}
