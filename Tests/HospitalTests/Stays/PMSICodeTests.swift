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
    let known = try #require(PMSICampaign.at(.night, .small).entryModes.first { $0.code == mode })
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
    let known = try #require(PMSICampaign.at(.night, .small).exitModes.first { $0.code == mode })
    for destination in destinations {
      #expect(known.partners.contains(String(destination)) == allowed, "\(mode) \(destination)")
    }
  }

  /// On the hospital's calendar: the new year begins an hour before that of UTC.
  @Test(arguments: [
    ("2022-12-31T22:59:59.999Z", 2022), ("2022-12-31T23:00:00.000Z", 2023), ("2023-06-01T00:00:00.000Z", 2023),
    ("2021-06-01T00:00:00.000Z", 2022),
  ])
  func campaignsBeginInTheirYear(text: String, year: Int) throws {
    let campaigns = [2022, 2023].map { year in
      var campaign = PMSICampaign.campaigns[0]
      campaign.year = year
      return campaign
    }
    #expect(PMSICampaign.at(try #require(Instant(text)), .small, of: campaigns).year == year)
  }

  @Test func campaignsAreInOrder() {
    #expect(PMSICampaign.campaigns.map(\.year) == PMSICampaign.campaigns.map(\.year).sorted())
  }
}
