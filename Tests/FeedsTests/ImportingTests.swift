import Hospital
import Interop
import Ledger
import Register
import Seeded
import Spoken
import Testing

/// From bytes to a durable ledger and back.
@Suite(.enabled(if: Corpus.isThere))
struct ImportingTests {
  private func messages() throws -> [MessageSplitter.Piece] {
    try Corpus.pam().flatMap { Corpus.pieces($0.bytes) }
  }

  @Test func theVendorsMessages() async throws {
    let station = try ImportStation()
    let (counts, codes) = try await station.take(messages())
    #expect(counts.accepted + counts.warned == 105)
    // By the README: 7 movements first heard by their correction and 1 by its cancellation; 12 identities first met
    // elsewhere than in an A28; two wrong INS and hours; the units and the bed of this ward only.
    #expect(codes["hl7.movement-unseen"] == 8)
    #expect(codes["hl7.patient-unseen"] == 12)
    #expect(codes["hl7.ins-set-aside"] == 1)
    #expect(codes["hl7.discharge-to-come"] == 2)
    #expect(codes["hl7.class-differs"] == 1)
    #expect(codes["hl7.unit-unknown"] == 3)
    #expect(codes["hl7.bed-unknown"] == nil)
    #expect(codes["hl7.account-of-another"] == nil)

    let stay = try station.register.read { reading in
      try reading.stays(withNumber: "036298301").first.flatMap { try reading.stay($0) }
    }
    #expect(stay?.status == .discharged)
    #expect(stay?.movements.map(\.id) == ["12565061", "12565062"])

    let (again, _) = try await station.take(messages())
    #expect(again.duplicates == 105 && again.all == 105)
  }

  @Test(arguments: [1, 2, 3])
  func anyOrderIsTheSameHospital(seed: UInt64) async throws {
    let inOrder = try ImportStation()
    _ = try await inOrder.take(messages())
    let shuffled = try ImportStation()
    var random = Seeded(seed: seed)
    let order = try messages().shuffled(using: &random)
    for half in [order.prefix(40), order.dropFirst(40)] { _ = try await shuffled.take(Array(half)) }
    let expected = try inOrder.register.read { try $0.digest().digest }
    #expect(try shuffled.register.read { try $0.digest().digest } == expected)
  }

  @Test func theSimulatedHospital() async throws {
    let station = try ImportStation()
    let messages = try Corpus.pieces(Corpus.bytes("hl7-simhospital/messages.out"))
    let (counts, codes) = try await station.take(messages)
    #expect(counts.warned == 401 && counts.ignored == 612 && counts.all == 1013)
    #expect(codes["hl7.unit-unknown"] == 400)
    #expect(try station.register.read { try $0.counts().openStays } == 400)
    #expect(try station.register.verifyLedger().failures.isEmpty)
  }
}
