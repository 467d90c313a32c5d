import Ledger

/// A visit that was handed back, and with which the main system goes on under a stay of its own. Linking copies nothing:
/// what was said of either stays there, and whoever reads of the one that goes on reads of both.
extension World {
  /// The stay under which a visit goes on: itself, mostly.
  public func goingOn(_ stay: String) -> String { self.stay(stay)?.continuedAs ?? stay }

  /// Of the stay under which the visit goes on.
  public func goingOn(_ transfer: PatientTransfer) -> PatientTransfer {
    var transfer = transfer
    transfer.stay = goingOn(transfer.stay)
    return transfer
  }

  /// Of the stay under which the visit goes on.
  public func goingOn(_ request: BedRequest) -> BedRequest {
    var request = request
    request.stay = request.stay.map { goingOn($0) }
    return request
  }

  /// With what was answered before it was handed back.
  func whole(_ stay: Stay) -> Stay { stay.completed(by: stays(continuedAs: stay.id).compactMap { self.stay($0) }) }

  /// What emergency says of it: mostly one, or none.
  func emergencyVisits(ofStay stay: String) -> [EmergencyVisit] {
    ([stay] + stays(continuedAs: stay)).compactMap { emergencyVisit(EmergencyVisit.id(ofStay: $0)) }
  }

  public func emergencyVisit(ofStay stay: String) -> EmergencyVisit? {
    EmergencyVisit.whole(emergencyVisits(ofStay: stay), of: stay)
  }

  /// What emergency goes on to say of a visit is said where it began to.
  func visitSubject(ofStay stay: String) -> String {
    emergencyVisits(ofStay: stay).first?.id ?? EmergencyVisit.id(ofStay: stay)
  }

  func bedRequest(ofStay stay: String) -> BedRequest? {
    BedRequest.one(
      of: ([stay] + stays(continuedAs: stay)).compactMap { bedRequest(BedRequest.subject(ofStay: $0)) })
  }
}

extension Stay {
  /// With what was answered of stays that go on as this one.
  public func completed(by earlier: [Stay]) -> Stay {
    var whole = self
    for stay in earlier { whole.answers.complete(by: stay.answers) }
    return whole
  }
}

extension EmergencyVisit {
  /// All that was said of one stay: of itself first, then of those that go on as it.
  public static func whole(_ visits: [EmergencyVisit], of stay: String) -> EmergencyVisit? {
    guard var whole = visits.first else { return nil }
    whole.stay = stay
    for other in visits.dropFirst() { whole.complete(by: other) }
    return whole
  }

  private mutating func complete(by other: EmergencyVisit) {
    let texts: [WritableKeyPath<EmergencyVisit, String?>] = [
      \.transport, \.transportCare, \.accompaniedBy, \.complaint, \.complaintText, \.victimNumber, \.announcement,
      \.ccmu, \.diagnosis, \.gemsa, \.doctor, \.nextStep,
    ]
    for text in texts where self[keyPath: text] == nil { self[keyPath: text] = other[keyPath: text] }
    let lists: [WritableKeyPath<EmergencyVisit, [String]>] = [\.diagnoses, \.acts, \.awaited]
    for list in lists where self[keyPath: list].isEmpty { self[keyPath: list] = other[keyPath: list] }
    triages = (other.triages + triages).inOrder(\.at)
    orientations = (other.orientations + orientations).inOrder(\.said.at)
    assessed = assessed ?? other.assessed
    seenAt = [seenAt, other.seenAt].compactMap(\.self).min()
  }
}

extension Array {
  /// Of one hour, as they stand.
  fileprivate func inOrder(_ hour: (Element) -> Instant) -> [Element] {
    enumerated().sorted { (hour($0.element), $0.offset) < (hour($1.element), $1.offset) }.map(\.element)
  }
}
