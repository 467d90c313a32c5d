/// Where a stay goes next, as emergency, the bed manager and transfers say it. Whoever is on the way to psychiatry is
/// told of as if they were there already: an answer that fell silent only when they left would say it.
public struct Underway: Sendable {
  public var visit: EmergencyVisit?
  public var request: BedRequest?
  /// Those kept for the request.
  public var beds: [Bed]
  /// Of the stay, each with the hospital that was asked.
  public var transfers: [(transfer: PatientTransfer, partner: Partner?)]

  public init(
    visit: EmergencyVisit? = nil, request: BedRequest? = nil, beds: [Bed] = [],
    transfers: [(transfer: PatientTransfer, partner: Partner?)] = []
  ) {
    (self.visit, self.request, self.beds, self.transfers) = (visit, request, beds, transfers)
  }

  /// Some step of it says why they are here. What was refused still does: it is asked for elsewhere.
  public func isDiscreet(in structure: Structure?) -> Bool {
    func says(_ unit: String?) -> Bool { unit.flatMap { structure?.unit($0)?.isDiscreet } ?? false }
    if let orientation = visit?.orientation, orientation.isDiscreet || says(orientation.destination) { return true }
    if let request, request.isWaiting {
      if request.needs.isDiscreet(in: structure) || beds.contains(where: { says($0.unit) }) { return true }
    }
    return transfers.contains { transfer, partner in
      ![.withdrawn, .returned].contains(transfer.status) && transfer.isDiscreet(to: partner)
    }
  }
}

extension Orientation {
  /// Care without consent, or another hospital for psychiatry.
  fileprivate var isDiscreet: Bool {
    switch way {
    case .admit: ["HDT", "HO"].contains(orient)
    case .transfer: reason == CareKey.psychiatry.rawValue
    case .here, .onCall, .home, .left, .died, nil: false
    }
  }
}
