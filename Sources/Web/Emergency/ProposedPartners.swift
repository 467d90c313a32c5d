import Hospital
import Ledger

/// The hospital to propose for what is not given here, as the page that asks it ranks them: ranked once for the same
/// lines of care, however many patients need them.
struct ProposedPartners {
  private let partners: [Partner]
  private let now: Instant
  private var ranked: [[CareKey]: [PartnerProposal]] = [:]

  init(_ partners: [Partner], at now: Instant) {
    self.partners = partners
    self.now = now
  }

  /// The first that could, and that neither waits to answer for this patient nor refused them.
  /// - Parameter asked: transfers of the same stay.
  mutating func first(for lines: [CareKey], asked: [PatientTransfer]) -> Partner? {
    if lines.isEmpty { return nil }
    let those = ranked[lines] ?? PartnerProposal.ranked(partners, needs: lines, at: now)
    ranked[lines] = those
    return those.first { one in
      one.isPossible
        && !asked.contains {
          [.asked, .accepted, .refused].contains($0.status) && $0.partner.sameBytes(as: one.partner.id)
        }
    }?.partner
  }
}
