import Foundation
import Hospital
import Ledger
import Logging
import Register
import ServiceLifecycle
import Synchronization

/// Reads every few minutes what partners publish of their beds, and says what is new of it as they would have said it
/// by telephone. A server that does not answer holds nothing up: its partner's page says so.
public final class PartnerFeed: Service {
  /// What came of the last reading of one partner.
  public struct Reading: Sendable {
    public var at: Instant
    /// nil where it was read.
    public var problem: PartnerProblem?
    /// How many lines of care it said.
    public var lines: Int
  }

  private static let intervalSeconds = 300

  private let register: Register
  private let environment: Environment
  private let logger: Logger
  private let last = Mutex<[String: Reading]>([:])

  public init(_ register: Register, _ environment: Environment, logger: Logger) {
    self.register = register
    self.environment = environment
    self.logger = logger
  }

  /// - Parameter partner: `partner/<uuid>`.
  public func reading(of partner: String) -> Reading? { last.withLock { $0[partner] } }

  public func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await self.readAll()
        try? await Task.sleep(for: .seconds(Self.intervalSeconds))
      }
    }
  }

  private func readAll() async {
    do {
      let partners = try register.read { try $0.partners() }
      await withDiscardingTaskGroup { group in
        for partner in partners {
          if let base = partner.fhir { group.addTask { await self.read(partner, base) } }
        }
      }
    } catch { logger.error("partners' beds could not be asked for: \(error)") }
  }

  private func read(_ partner: Partner, _ base: String) async {
    do throws(PartnerProblem) {
      guard Partner.isAddress(base) else { throw .unreachable }
      let secret = try PartnerSecret.lines(ofFile: file(partner, "token"), for: base)
      let client = PartnerClient(base: base, secret: secret, authority: authority(partner))
      let said = try await client.capacity()
      await say(said, of: partner.id)
      keep(Reading(at: environment.now(), problem: nil, lines: said.count), of: partner)
    } catch {
      if Task.isCancelled { return }
      if reading(of: partner.id)?.problem != error {
        logger.notice("the beds of partner \(partner.finess) could not be read: \(error.rawValue)")
      }
      keep(Reading(at: environment.now(), problem: error, lines: 0), of: partner)
    }
  }

  private func keep(_ reading: Reading, of partner: Partner) { last.withLock { $0[partner.id] = reading } }

  /// Another station may have said it meanwhile.
  private func say(_ said: [HearPartner.Said], of id: String) async {
    do {
      guard let known = try register.read({ try $0.partner(id) }) else { return }
      let news = known.news(said, at: environment.now())
      guard !news.isEmpty else { return }
      let command = HearPartner(id, news, via: "fhir")
      _ = try await register.submit(Submission(command, key: environment.newID(), author: "system"))
    } catch is Refusal {
      // Taken off the directory meanwhile.
    } catch { logger.error("what a partner said of its beds could not be kept: \(error)") }
  }

  /// `partners/<FINESS>.pem`.
  private func authority(_ partner: Partner) -> String? {
    let path = file(partner, "pem")
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// A FINESS came in a fact: nothing but letters and digits goes into a path.
  private func file(_ partner: Partner, _ type: String) -> String {
    let name = partner.finess.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    return "\(register.path)/partners/\(name).\(type)"
  }
}
