import Hospital
import Ledger
import Testing

/// Which provenance and destination go with which mode, written again by hand.
struct PMSICodeTests {
  @Test(arguments: [
    ("6", "1234", true), ("6", "6R", true), ("6", "578", false), ("7", "1234", true), ("7", "5", false),
    ("0", "1", true),
    ("8", "578UV", true), ("8", "12346R", false), ("N", "1", false), ("O", "8", false),
  ])
  func provenances(mode: String, provenances: String, allowed: Bool) throws {
    let known = try #require(PMSICampaign.at(.night).entryModes.first { $0.code == mode })
    for provenance in provenances {
      #expect(known.partners.contains(String(provenance)) == allowed, "\(mode) \(provenance)")
    }
  }

  @Test(arguments: [
    ("6", "1234", true), ("6", "7", false), ("7", "1234", true), ("0", "1234", true), ("0", "7", false),
    ("8", "67", true),
    ("8", "1234", false), ("9", "123467", false),
  ])
  func destinations(mode: String, destinations: String, allowed: Bool) throws {
    let known = try #require(PMSICampaign.at(.night).exitModes.first { $0.code == mode })
    for destination in destinations {
      #expect(known.partners.contains(String(destination)) == allowed, "\(mode) \(destination)")
    }
  }

  @Test func campaignsBeginInTheirYear() {
    #expect(PMSICampaign.at(.night).year == 2013)
    #expect(PMSICampaign.at(.earliest).year == 2013)
    #expect(PMSICampaign.campaigns.map(\.year) == PMSICampaign.campaigns.map(\.year).sorted())
  }
}
